"""The circumstances a school works in: what similar schools are found by, and what the model of
direction expects a school's level from. Never an outcome.

Each input is read from the first of its series that the school has, the newest years first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.measures.model import Group, Measure
from bridgehead.picture.direction import Floats
from bridgehead.picture.values import Cells

PRIMARY, SECONDARY, SPECIAL, ALTERNATIVE, NURSERY, COLLEGE = range(6)
KINDS = ("primary", "secondary", "special", "alternative provision", "nursery", "16-18")
KIND_OF_PHASE = {name: code for code, name in enumerate(KINDS)} | {"all-through": SECONDARY}


@dataclass(frozen=True, slots=True)
class Input:
    """One input. ``series`` in order of preference; a small cohort's is averaged over ``years``
    newest years, so that one year's luck does not choose the neighbours. ``kinds`` says for which
    phases it counts."""

    key: str
    title: str
    unit: str
    series: tuple[str, ...]
    years: int = 1
    kinds: tuple[int, ...] = (PRIMARY, SECONDARY, SPECIAL, ALTERNATIVE, NURSERY, COLLEGE)
    logarithm: bool = False


INPUTS = (
    Input(
        "disadvantage",
        "Pupils ever eligible for free school meals in six years",
        "percent",
        ("census.fsm_ever", "ks2.cohort_disadvantaged", "ks4.cohort_disadvantaged"),
    ),
    Input(
        "eal",
        "Pupils whose first language is not English",
        "percent",
        ("census.eal", "ks2.cohort_eal", "ks4.cohort_eal"),
    ),
    Input(
        "sen_support",
        "Pupils with SEN support",
        "percent",
        ("census.sen_support", "ks2.cohort_sen_support"),
    ),
    Input("ehcp", "Pupils with an education, health and care plan", "percent", ("census.ehcp",)),
    Input("pupils", "Pupils", "pupils", ("census.pupils",), logarithm=True),
    Input(
        "prior_primary",
        "Attainment of the year group at the end of key stage 1",
        "points",
        ("ks2.cohort_prior",),
        years=3,
        kinds=(PRIMARY,),
    ),
    Input(
        "prior_secondary",
        "Attainment of the year group at the end of key stage 2",
        "points",
        ("ks4.cohort_prior",),
        years=3,
        kinds=(SECONDARY,),
    ),
    Input(
        "stability",
        "Pupils who did not change school late",
        "percent",
        ("ks2.cohort_non_mobile",),
        years=3,
        kinds=(PRIMARY,),
    ),
    Input("girls", "Girls", "percent", ("census.girls",), kinds=(SECONDARY,)),
)
KEYS = tuple(one.key for one in INPUTS)


def newest_mean(cells: Cells, how_many: int) -> Floats:
    """The mean of each school's newest ``how_many`` figures, NaN where it has none."""
    total = np.zeros(cells.value.shape[1])
    count = np.zeros(cells.value.shape[1])
    for t in range(len(cells.years) - 1, -1, -1):
        use = ~np.isnan(cells.value[t]) & (count < how_many)
        total += np.where(use, cells.value[t], 0.0)
        count += use
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def read(
    schools: int,
    kind: npt.NDArray[np.int64],
    roll: Floats,
    assemble: Callable[[str], Cells | None],
) -> Floats:
    """Every input of every school, (schools, inputs) in the inputs' own units; NaN where unknown
    or where the input does not count for the school's kind.

    ``roll`` is the register's number of pupils, used where the census has none. ``assemble`` gives
    the cells of a series key, ``None`` where nothing is loaded.
    """
    found = np.full((schools, len(INPUTS)), np.nan)
    for k, one in enumerate(INPUTS):
        for key in one.series:
            cells = assemble(key)
            if cells is not None:
                more = newest_mean(cells, one.years)
                found[:, k] = np.where(np.isnan(found[:, k]), more, found[:, k])
        if one.key == "pupils":
            found[:, k] = np.where(np.isnan(found[:, k]), roll, found[:, k])
        found[~np.isin(kind, one.kinds), k] = np.nan
    return found


def scaled_for_distance(context: Floats) -> Floats:
    """The same with pupils as a logarithm: 50 more pupils mean less to a large school."""
    out = context.copy()
    for k, one in enumerate(INPUTS):
        if one.logarithm:
            out[:, k] = np.log(np.maximum(out[:, k], 1.0))
    return out


def age_bands(low: Floats, high: Floats, kind: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Pupils' ages in bands that can be compared: 0 the whole of the phase (or unknown), 1 infant
    and first, 2 junior, 3 middle, 4 upper, 5 with the primary years too."""
    band = np.zeros(kind.shape, dtype=np.int64)
    primary, secondary = kind == PRIMARY, kind == SECONDARY
    band[primary & (high <= 10) & (low < 7)] = 1
    band[primary & (low >= 7) & (high <= 11)] = 2
    band[(primary | secondary) & (low >= 8) & (high >= 12) & (high <= 14)] = 3
    band[secondary & (low >= 13)] = 4
    band[secondary & (low <= 7)] = 5
    return band


def find_measure(key: str, known: dict[str, Measure]) -> tuple[Measure, Group] | None:
    """A context series by its key, ``None`` where no such measure is defined."""
    measure = known.get(key)
    return None if measure is None else (measure, measure.groups["all"])


def note(
    phase: str,
    inputs: Mapping[str, float | None],
    found: int,
    *,
    state_funded: bool,
    ages_known: bool,
    without_ages: int,
) -> str:
    """In words, how well a school's similar schools are chosen: on how many facts, and which are
    not known of it. ``inputs`` are its own, ``found`` how many similar schools it has,
    ``without_ages`` of how many of those the register does not tell the ages."""
    if not state_funded:
        return "Similar schools are found for state-funded schools only."
    kind = KIND_OF_PHASE.get(phase)
    if kind is None:
        return "The phase of this school is not known, so no similar schools are found."
    wanted = [one for one in INPUTS if kind in one.kinds]
    missing = [one.title for one in wanted if inputs[one.key] is None]
    if not found and len(missing) > len(wanted) / 2:
        return "Too little is known of this school’s circumstances to find similar ones."
    if not found:
        return "Too few schools of this kind are loaded to find similar ones."
    words = (
        f"{found} schools of the same phase, nearest on {len(wanted) - len(missing)} of "
        f"{len(wanted)} facts about their pupils; results play no part."
    )
    if not ages_known:
        words += " The ages of this school’s pupils are not known, so they play no part."
    elif without_ages:
        words += f" The ages of the pupils of {without_ages} of them are not known."
    return f"{words} Not known of this school: {'; '.join(missing)}." if missing else words
