"""Figures agree with one another, are hidden as the publisher hides them, and vary as real ones."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.opendata.synthetic import england, ks2

pytestmark = pytest.mark.slow

Read = Callable[..., pl.DataFrame]


def _numbers(frame: pl.DataFrame, *columns: str) -> list[np.ndarray]:
    return [
        frame[c].str.strip_chars("% ").cast(pl.Float64, strict=False).to_numpy() for c in columns
    ]


@pytest.fixture(scope="module")
def schools(read: Read) -> pl.DataFrame:
    return read("2018-2019_england_ks2").filter(pl.col("RECTYPE").is_in(["1", "2"]))


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("TELIG", ("BELIG", "GELIG")),
        ("TELIG", ("TFSM6CLA1A", "TNotFSM6CLA1A")),
        ("TELIG", ("TKS1GROUP_L", "TKS1GROUP_M", "TKS1GROUP_H", "TKS1GROUP_NA")),
        ("TSENELEK", ("TSENELE", "TSENELK")),
    ],
)
def test_groups_add_up_to_all_pupils(
    schools: pl.DataFrame, whole: str, parts: tuple[str, ...]
) -> None:
    total, *pieces = _numbers(schools, whole, *parts)
    known = ~np.isnan(sum(pieces))
    assert known.sum() > 100
    assert (total[known] == sum(pieces)[known]).all()


def test_disadvantaged_and_others_together_give_the_figure_of_all(schools: pl.DataFrame) -> None:
    n, d, o = _numbers(schools, "TELIG", "TFSM6CLA1A", "TNotFSM6CLA1A")
    for stem in ("PTRWM_EXP", "PTREAD_HIGH", "READ_AVERAGE"):
        every, poor, other = _numbers(schools, stem, f"{stem}_FSM6CLA1A", f"{stem}_NotFSM6CLA1A")
        weighted = (d * poor + o * other) / n
        known = ~np.isnan(weighted)
        assert known.sum() > 50
        # Each of the three is rounded to a whole number.
        assert np.abs(weighted - every)[known].max() <= 1.0


def test_one_to_five_pupils_are_hidden_and_none_is_left_empty(schools: pl.DataFrame) -> None:
    n, disadvantaged = _numbers(schools, "TELIG", "TFSM6CLA1A")
    shown = np.array(schools["PTRWM_EXP_FSM6CLA1A"].fill_null("").to_list())
    few = (n > 5) & (disadvantaged >= 1) & (disadvantaged <= 5)
    assert few.sum() > 10
    assert set(shown[few]) == {"SUPP"}
    assert set(shown[(n > 5) & (disadvantaged == 0)]) <= {""}
    assert "SUPP" not in set(shown[disadvantaged > 5])


def test_a_school_with_five_pupils_or_fewer_shows_only_how_many(read: Read) -> None:
    every = pl.concat(
        [read(f"{y}_england_ks2").select("TELIG", "PTRWM_EXP", "TFSM6CLA1A", "READ_AVERAGE")
         for y in ("2016-2017", "2017-2018", "2018-2019", "2022-2023")]
    )  # fmt: skip
    tiny = every.filter(pl.col("TELIG").cast(pl.Float64, strict=False) <= 5)
    assert tiny.height > 0
    assert set(tiny["PTRWM_EXP"]) == set(tiny["TFSM6CLA1A"]) == {"SUPP"}


def test_history_columns_repeat_what_the_file_of_that_year_said(read: Read) -> None:
    now = read("2018-2019_england_ks2").filter(pl.col("RECTYPE") == "1")
    for years, suffix in (("2017-2018", "18"), ("2016-2017", "17")):
        then = read(f"{years}_england_ks2").filter(pl.col("RECTYPE") == "1")
        both = now.select("URN", f"PTRWM_EXP_{suffix}", f"MATPROG_LOWER_{suffix}").join(
            then.select("URN", "PTRWM_EXP", "MATPROG_LOWER"), on="URN"
        )
        assert both.height > 100
        same = (both["PTRWM_EXP"].fill_null("") == both[f"PTRWM_EXP_{suffix}"].fill_null("")) & (
            both["MATPROG_LOWER"].fill_null("") == both[f"MATPROG_LOWER_{suffix}"].fill_null("")
        )
        assert same.all()


def test_key_stage_4_names_the_years_before_as_its_own_year_did(read: Read) -> None:
    assert "ATT8SCR_18" in read("2018-2019_england_ks4").columns
    newest = read("2025-2026_england_ks4")
    assert "ATT8SCR_PREV" in newest.columns
    assert "ATT8SCR_PREV2" in newest.columns
    joined = newest.select("URN", "ATT8SCR_PREV").join(
        read("2024-2025_england_ks4").select("URN", "ATT8SCR"), on="URN"
    )
    joined = joined.filter(pl.col("ATT8SCR_PREV").is_not_null() & (pl.col("URN") != " "))
    assert joined.height > 20
    assert (joined["ATT8SCR"] == joined["ATT8SCR_PREV"]).all()


def test_independent_schools_publish_no_groups_and_do_not_count_for_england(read: Read) -> None:
    table = read("2018-2019_england_ks4")
    independent = table.filter(pl.col("NFTYPE") == "IND")
    assert independent.height > 0
    assert set(independent["ATT8SCR_FSM6CLA1A"]) == set(independent["P8MEA"]) == {"NP"}
    every, state = (
        float(table.filter(pl.col("RECTYPE") == row)["ATT8SCR"].item()) for row in ("5", "7")
    )
    assert every < state


@pytest.fixture(scope="module")
def three_years(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """RWM and cohort of 2,000 primary schools in three years in a row."""
    drawn = england.make(3000, 11)
    folder: Path = tmp_path_factory.mktemp("years")
    primary = pl.Series(np.flatnonzero(drawn.register.is_kind("primary", "junior")))
    joined = pl.DataFrame({"_site": primary})
    before: dict[int, pl.DataFrame] = {}

    def number(column: str, name: str) -> pl.Expr:
        return pl.col(column).str.strip_chars("% ").cast(pl.Float64, strict=False).alias(name)

    for year in (2016, 2017, 2018):
        frame = ks2.write_year(drawn, year, before, folder / f"{year}.csv")
        joined = joined.join(
            frame.select("_site", number("PTRWM_EXP", f"p{year}"), number("TELIG", f"n{year}")),
            on="_site",
        )
    return joined.drop_nulls()


def _correlation(frame: pl.DataFrame, a: pl.Expr, b: pl.Expr) -> float:
    return float(frame.select(pl.corr(a, b)).item())


def test_one_year_follows_another_as_it_does_in_real_schools(three_years: pl.DataFrame) -> None:
    """.60 of all primaries, .32 of cohorts to 20, .77 of cohorts above 65 (508 real schools)."""
    assert three_years.height >= 1900
    a, b = pl.col("p2017"), pl.col("p2018")
    cohort = (pl.col("n2017") + pl.col("n2018")) / 2
    assert _correlation(three_years, a, b) == pytest.approx(0.60, abs=0.05)
    assert _correlation(three_years.filter(cohort <= 20), a, b) == pytest.approx(0.32, abs=0.10)
    assert _correlation(three_years.filter(cohort > 65), a, b) == pytest.approx(0.77, abs=0.10)


def test_a_rise_is_mostly_followed_by_a_fall(three_years: pl.DataFrame) -> None:
    """Successive changes correlate −.45; the sign repeats 36 % of the time (508 real schools)."""
    first = pl.col("p2017") - pl.col("p2016")
    second = pl.col("p2018") - pl.col("p2017")
    assert _correlation(three_years, first, second) == pytest.approx(-0.45, abs=0.06)
    moved = three_years.filter((first != 0) & (second != 0))
    repeats = moved.select((first.sign() == second.sign()).mean()).item()
    assert 0.28 < repeats < 0.42


def test_persistent_absence_is_steadier_than_attainment_and_follows_disadvantage(
    read: Read,
) -> None:
    a = read("2022-2023_england_abs").select("URN", pl.col("PPERSABS10").alias("then"))
    b = read("2023-2024_england_abs").select("URN", pl.col("PPERSABS10").alias("now"))
    census = read("2023-2024_england_census").filter(pl.col("SCHOOLTYPE") == "State-funded primary")
    joined = a.join(b, on="URN").join(census.select("URN", "PNUMFSMEVER"), on="URN")
    joined = joined.filter(pl.col("URN") != "NAT").with_columns(
        pl.col("then", "now", "PNUMFSMEVER").cast(pl.Float64, strict=False)
    )
    assert _correlation(joined, pl.col("then"), pl.col("now")) > 0.75
    assert _correlation(joined, pl.col("now"), pl.col("PNUMFSMEVER")) > 0.5
