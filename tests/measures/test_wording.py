"""How figures are written for people."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.measures.loader import DEFINITIONS, load
from bridgehead.measures.wording import bare, signed, with_unit

OURS = load(DEFINITIONS)
MODERATE = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
DECIMALS = st.integers(min_value=0, max_value=3)


@pytest.mark.parametrize(
    ("key", "group", "value", "text"),
    [
        ("ks2.rwm_expected", "all", 64.0, "64%"),
        ("ks2.rwm_expected", "gap", -26.0, "−26"),
        ("ks2.rwm_expected", "gap", 4.0, "+4"),
        ("ks2.reading_average", "all", 104.0, "104"),
        ("ks2.reading_progress", "all", 1.25, "+1.3"),
        ("ks2.reading_progress", "all", -1.25, "−1.3"),
        ("ks2.reading_progress", "all", -0.04, "0.0"),
        ("ks4.progress8", "all", -0.25, "−0.25"),
        ("ks4.attainment8", "all", 46.7, "46.7"),
        ("absence.persistent", "all", 14.6, "14.6%"),
        ("census.pupils", "all", 1204.0, "1,204"),
    ],
)
def test_a_figure_reads_as_people_write_it(key: str, group: str, value: float, text: str) -> None:
    assert OURS[key].format(value, group) == text


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("ks2.rwm_expected", 3.0, "+3 percentage points"),
        ("ks2.rwm_expected", -1.0, "−1 percentage point"),
        ("ks2.rwm_expected", 0.0, "0 percentage points"),
        ("ks4.attainment8", -0.4, "−0.4 points"),
        ("ks2.maths_average", 1.0, "+1 scaled score point"),
    ],
)
def test_a_difference_is_signed_and_names_its_unit(key: str, value: float, text: str) -> None:
    assert OURS[key].format_difference(value, words=True) == text


@given(MODERATE, DECIMALS)
def test_what_is_written_is_the_value_to_half_a_unit_of_the_last_place(
    value: float, decimals: int
) -> None:
    back = float(bare(value, decimals).replace(",", "").replace("−", "-"))
    assert abs(back - value) <= 0.5 * 10**-decimals + 1e-9


@given(MODERATE, DECIMALS)
def test_signs_are_true_and_zero_has_none(value: float, decimals: int) -> None:
    text = signed(value, decimals)
    back = float(text.replace(",", "").replace("−", "-"))
    assert "-" not in text
    assert text.startswith({1: "+", -1: "−", 0: "0"}[(back > 0) - (back < 0)])


@given(MODERATE, DECIMALS)
def test_plus_and_minus_are_mirror_images(value: float, decimals: int) -> None:
    assert signed(-value, decimals) == signed(value, decimals).translate({43: 8722, 8722: 43})


@pytest.mark.parametrize("unit", ["percent", "points", "score", "pupils"])
def test_one_takes_the_singular(unit: str) -> None:
    assert f"{with_unit('+1', unit)}s" == with_unit("+2", unit).replace("2", "1")


def test_existence_and_breaks_by_year() -> None:
    progress8 = OURS["ks4.progress8"]
    assert [y for y in range(2014, 2028) if progress8.exists_in(y)] == [
        *(2015, 2016, 2017, 2018),
        *(2021, 2022, 2023),
        *(2026, 2027),
    ]
    assert not replace(progress8, last_year=2018).exists_in(2022)
    assert [b.year for b in progress8.breaks] == [2026]


def test_definitions_are_shipped_as_yaml_only() -> None:
    assert {Path(p).suffix for p in DEFINITIONS.iterdir()} == {".yaml"}
