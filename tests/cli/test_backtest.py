"""``bridgehead backtest`` as people and programs call it."""

import json
import shutil

import pytest

from bridgehead.cli.main import main
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from tests.tidy_files import KS2, ks2_row, write

RMSE = {
    "model",
    "model_cohort_known",
    "last_year",
    "two_year_mean",
    "straight_line",
    "england_mean",
    "shrunk_last",
    "eb",
}


@pytest.fixture
def at_home(synthetic_home, tmp_path, monkeypatch):
    """A copy of the synthetic England as the home of the command line."""
    home = tmp_path / "home"
    shutil.copytree(synthetic_home, home)
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(home))
    return home


def test_json_holds_every_method_the_bands_and_the_intervals(at_home, capsys):
    words = ["backtest", "--measure", "ks2.rwm_expected", "--target", "2018-19", "--json"]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["measure"], said["target"], said["area"]) == ("ks2.rwm_expected", "2018-19", [])
    assert set(said["rmse"]) == RMSE
    assert 0 < said["coverage80"] <= 1
    assert 0 < said["brier"] < 1
    assert sum(band["n"] for band in said["bands"]) == said["n"]
    assert sum(tenth["n"] for tenth in said["reliability"]) == said["n"]
    assert said["ratio"]["last_year"] == 1


def test_a_handful_of_schools_is_not_compared(at_home, capsys, monkeypatch):
    monkeypatch.setattr("bridgehead.picture.backtest.FEWEST_COMPARED", 10**6)
    assert main(["backtest", "--measure", "ks2.rwm_expected", "--target", "2018-19"]) == 1
    said = capsys.readouterr().err
    assert "only" in said
    assert "schools have" in said


def test_a_measure_alone_has_no_cohort_known(at_home, capsys):
    words = ["backtest", "--measure", "ks5.alevel_points", "--target", "2018/19", "--json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["rmse"]["model_cohort_known"] is None


def test_people_read_the_verdict_first(at_home, capsys):
    assert main(["backtest", "--measure", "ks4.attainment8", "--target", "2018-19"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Attainment 8, 2018/19")
    assert "times as much as last year’s figure" in said.replace("\n", " ")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--measure", "ks2.nothing", "--target", "2018-19"], "there is no measure"),
        (["--measure", "ks2.rwm_expected", "--target", "2018"], "not an academic year"),
        (["--measure", "ks2.rwm_expected", "--target", "1999-00"], "is not loaded for 1999/00"),
        (
            ["--measure", "ks2.rwm_expected", "--target", "2018-19", "--area", "001"],
            "no school in 001",
        ),
        (
            ["--measure", "ks2.rwm_expected", "--target", "2018-19", "--area", "990,001"],
            "no school in 001 is among",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(at_home, capsys, words, problem):
    assert main(["backtest", *words]) == 1
    assert problem in capsys.readouterr().err


def test_absence_errs_in_sessions_and_bands_without_cohorts_are_not_drawn(at_home, capsys):
    assert main(["backtest", "--measure", "absence.overall", "--target", "2018-19"]) == 0
    said = capsys.readouterr().out
    assert "Errors, per cent of sessions" in said
    assert "By cohort" not in said
    assert main(["backtest", "--measure", "ks2.rwm_expected", "--target", "2018-19"]) == 0
    said = capsys.readouterr().out
    assert "Errors, per cent of pupils" in said
    assert "By cohort" in said


@pytest.mark.parametrize("text", [lambda n: "50", lambda n: str(100 * (n % 2))])
def test_where_last_years_figures_were_right_nothing_is_set_against_them(
    tmp_path, monkeypatch, capsys, text
):
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    years = ("202223", "202324", "202425")
    rows = [ks2_row(900001 + n, text(n), period=year) for year in years for n in range(30)]
    load([write(tmp_path / "a_synthetic.csv", KS2, rows)], store=Store(tmp_path))
    words = ["backtest", "--measure", "ks2.rwm_expected", "--target", "2024-25"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "right to the last digit" in said
    assert "nan" not in said
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ratio"]["model"], found["ratio_interval"]["model"]) == (None, [None, None])
