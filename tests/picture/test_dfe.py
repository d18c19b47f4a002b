"""The DfE's own distance, on invented schools; tests/real reproduces the published ones."""

import math

import numpy as np
import pytest

from bridgehead.core.errors import Refused
from bridgehead.opendata.dfe_similar import Inputs
from bridgehead.opendata.kind import normal
from bridgehead.picture import dfe

PRIMARY = dfe.methods()["primary"]


def inputs(rows, method=PRIMARY, without=()):
    """Rows of invented schools in the method's order of inputs."""
    values = np.array(rows, dtype=float)
    return Inputs(
        "inputs.json",
        np.arange(900001, 900001 + len(rows)),
        {
            normal(i.column): values[:, k]
            for k, i in enumerate(method.inputs)
            if i.column not in without
        },
    )


def test_the_distance_is_the_root_of_the_summed_squares_of_scaled_differences():
    rng = np.random.default_rng(1)
    held = inputs(rng.normal(size=(80, 9)))
    found = dfe.nearest(PRIMARY, held, 900004)
    own = [held.columns[normal(i.column)][3] for i in PRIMARY.inputs]
    expected = sorted(
        (
            math.sqrt(
                sum(
                    ((held.columns[normal(i.column)][j] - own[k]) / i.scale) ** 2
                    for k, i in enumerate(PRIMARY.inputs)
                )
            ),
            900001 + j,
        )
        for j in range(80)
        if j != 3
    )[:50]
    assert [one.urn for one in found] == [urn for _, urn in expected]
    assert [one.distance for one in found] == pytest.approx([d for d, _ in expected])
    assert [one.rank for one in found] == list(range(1, 51))
    assert found[0].differences["PPPerc"] == pytest.approx(
        held.columns["ppperc"][found[0].urn - 900001] - own[0]
    )


def test_a_school_with_an_input_not_known_is_neither_matched_nor_a_match():
    rows = np.random.default_rng(2).normal(size=(5, 9))
    rows[2, 4] = np.nan
    held = inputs(rows)
    assert {one.urn for one in dfe.nearest(PRIMARY, held, 900001)} == {900002, 900004, 900005}
    assert dfe.complete(PRIMARY, held) == 4
    with pytest.raises(Refused, match="English as an additional language"):
        dfe.nearest(PRIMARY, held, 900003)
    with pytest.raises(Refused, match="no school with URN 900009"):
        dfe.nearest(PRIMARY, held, 900009)


def test_a_file_says_which_method_it_is_for_and_what_it_lacks():
    for method in dfe.methods().values():
        held = inputs(np.ones((2, len(method.inputs))), method)
        assert dfe.method_of(held) is method
    with pytest.raises(Refused, match="lacks IdaciPupils"):
        dfe.method_of(inputs(np.ones((2, 9)), without=("IdaciPupils",)))


def test_the_mean_of_reading_and_maths_does_not_pass_for_the_two():
    method = dfe.methods()["secondary"]
    held = inputs(np.ones((2, 10)), method, without=("KS2RP", "KS2MP"))
    held.columns[normal("KS2MRP")] = np.ones(2)
    with pytest.raises(Refused, match="only the mean of the two"):
        dfe.method_of(held)
