"""Foretelling 2018/19 from what was known before it, on the published files of one authority.

The bounds are ratios to the error of last year's figure in the same run; the schools are mainstream
schools with a figure in all three years, followed by LAESTAB.
"""

import csv
from math import sqrt

import pytest

from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.backtest import KNOWN, MODEL, foretell
from bridgehead.picture.scores import scores

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def home(real_data, tmp_path_factory):
    home = tmp_path_factory.mktemp("real-backtest")
    load([real_data / name for name in ("ks2", "ks4", "ks5")], store=Store(home))
    return home


def surrey(home, key, target=2018):
    return scores(foretell(home, key, target=target, areas=["936"]))


@pytest.mark.parametrize(
    ("key", "schools", "blind", "known"),
    [
        ("ks2.rwm_expected", 207, 0.79, 0.74),
        ("ks2.reading_average", 207, 0.82, 0.73),
        ("ks2.maths_progress", 207, 0.82, 0.82),
        ("ks4.attainment8", 52, 0.86, 0.82),
    ],
)
def test_the_model_is_beyond_its_bounds_and_every_baseline(home, key, schools, blind, known):
    found = surrey(home, key)
    assert found.n == schools
    assert found.ratio[MODEL] <= blind
    assert found.ratio[KNOWN] <= known
    simple = {name: error for name, error in found.rmse.items() if name not in (MODEL, KNOWN)}
    assert found.rmse[MODEL] < min(simple.values())
    assert found.brier < found.brier_base_rate


def test_two_years_mean_is_beaten_by_more_than_an_eighth(home):
    found = surrey(home, "ks2.rwm_expected")
    assert found.rmse[MODEL] / found.rmse["two_year_mean"] <= 0.87


def test_intervals_hold_what_they_promise(home):
    inside = total = 0.0
    for key in ("ks2.rwm_expected", "ks2.reading_average", "ks2.maths_progress"):
        found = surrey(home, key)
        assert abs(found.coverage80 - 0.8) <= 2 * found.coverage80_error, key
        inside += found.coverage80 * found.n
        total += found.n
    assert 0.77 <= inside / total <= 0.83


def test_sixteen_to_eighteen_is_foretold_over_a_gap_better_than_by_any_baseline(home):
    found = scores(foretell(home, "ks5.alevel_points", target=2022))
    assert found.n > 1800
    assert found.rmse[MODEL] < min(error for name, error in found.rmse.items() if name != MODEL)


def test_last_years_error_is_what_a_plain_reading_of_the_files_gives(home, real_data):
    figures = {}
    for year in (2016, 2017, 2018):
        path = real_data / "ks2" / f"{year}-{year + 1}_936_ks2final.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                text = (row["PTRWM_EXP"] or "").rstrip("%")
                if row["RECTYPE"] == "1" and text.replace(".", "").isdigit():
                    figures.setdefault(row["LEA"] + row["ESTAB"], {})[year] = float(text)
    both = [(one[2017], one[2018]) for one in figures.values() if len(one) == 3]
    plain = sqrt(sum((b - a) ** 2 for a, b in both) / len(both))
    found = surrey(home, "ks2.rwm_expected")
    assert len(both) == found.n
    assert found.rmse_published["last_year"] == pytest.approx(plain, abs=1e-9)


def test_nothing_of_the_target_year_but_the_cohort_takes_part(home, real_data, tmp_path):
    """Other outcomes in the target year's file change no forecast."""
    altered = tmp_path / "2018-2019_936_ks2final.csv"
    path = real_data / "ks2" / "2018-2019_936_ks2final.csv"
    outcomes = ("PTRWM_EXP", "READ_AVERAGE", "MAT_AVERAGE", "READPROG", "MATPROG")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with altered.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        for row in rows:
            for name in outcomes:
                digits = (row[name] or "").rstrip("%").lstrip("-").replace(".", "")
                row[name] = "50%" if name == "PTRWM_EXP" and digits.isdigit() else row[name]
            writer.writerow(row)
    other = tmp_path / "home"
    store = Store(other)
    before = [p for p in (real_data / "ks2").glob("*.csv") if not p.name.startswith("2018")]
    load([*before, altered], store=store)
    ours, theirs = (
        foretell(where, "ks2.rwm_expected", target=2018, areas=["936"]) for where in (home, other)
    )
    assert set(theirs.actual.tolist()) == {50.0}
    for name in (MODEL, KNOWN):
        assert theirs.by[name] == pytest.approx(ours.by[name], abs=1e-9)
