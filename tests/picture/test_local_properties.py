"""What to expect of schools over odd phases: in any order of the schools and with one more of which
nothing is known the same is expected, and nothing of whom nothing is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture import local, similar
from bridgehead.picture.nearest import nearest

NEAR = {"rtol": 1e-7, "atol": 1e-7, "equal_nan": True}


def odd(draw):
    """Circumstances and an outcome: inputs that are the same for all, schools that are the same,
    inputs and schools of which nothing is known, an outcome that stands far out."""
    context = draw.normal(size=(int(draw.choice([40, 70])), int(draw.integers(1, 5))))
    kind = draw.integers(5)
    if kind == 0:
        context[:, 0] = 3.0
    elif kind == 1:
        context[1] = context[0]
    elif kind == 2:
        context *= 1e6
    context[draw.random(context.shape) < draw.choice([0.0, 0.1, 0.5])] = np.nan
    context[draw.integers(len(context))] = np.nan
    outcome = 50 + np.nan_to_num(context[:, 0]) + draw.normal(0, 3, len(context))
    if kind == 3:
        outcome = draw.choice([0.0, 100.0], len(context))
    elif kind == 4:
        outcome[0] = 1e6
    outcome[draw.random(len(outcome)) < draw.choice([0.0, 0.2])] = np.nan
    return similar.standardise(context), outcome


@pytest.mark.filterwarnings("error")
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_neither_order_nor_a_school_of_which_nothing_is_known_matters(seed):
    draw = np.random.default_rng(seed)
    scaled, outcome = odd(draw)
    near = nearest(scaled)
    assert ((near.who >= 0) == np.isfinite(near.distance)).all()
    who, every = near.who.astype(np.int64), np.arange(len(outcome))
    of = local.phase(scaled.astype(np.float64), outcome, who)
    if of is None:
        return
    said = local.expect(of, every)
    known = ~np.isnan(said.value)
    assert (known == (said.near >= local.FEWEST)).all()
    assert (said.low[known] <= said.value[known]).all()
    assert (said.value[known] <= said.high[known]).all()
    assert np.isfinite(said.high[known] - said.low[known]).all()

    order = draw.permutation(len(outcome))
    place = np.argsort(order)
    mixed = np.where(who[order] >= 0, place[np.maximum(who[order], 0)], -1)
    again = local.phase(scaled[order].astype(np.float64), outcome[order], mixed)
    more = local.phase(
        np.vstack([scaled, np.full(scaled.shape[1], np.nan)]).astype(np.float64),
        np.append(outcome, np.nan),
        np.vstack([who, np.full(who.shape[1], -1)]),
    )
    assert again is not None
    assert more is not None
    one_more = local.expect(more, np.arange(len(outcome) + 1))
    assert np.isnan(one_more.value[-1])
    for name in ("value", "low", "high"):
        was = getattr(said, name)
        np.testing.assert_allclose(getattr(local.expect(again, every), name), was[order], **NEAR)
        np.testing.assert_allclose(getattr(one_more, name)[:-1], was, **NEAR)
