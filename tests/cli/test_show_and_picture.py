"""``bridgehead picture`` and ``bridgehead show`` as people and programs call them."""

import json
import shutil
import subprocess
import sys
from datetime import date

import pytest
from rich.console import Console

from bridgehead.cli.main import main
from bridgehead.cli.show import as_inspection, when_graded
from bridgehead.picture import search
from bridgehead.picture.model import Framework, Inspection, Regraded
from bridgehead.picture.sentences import chart_sentence


@pytest.fixture
def at_home(synthetic_home, tmp_path, monkeypatch):
    """A copy of the synthetic England as the home of the command line."""
    home = tmp_path / "home"
    shutil.copytree(synthetic_home, home)
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(home))
    return home


@pytest.fixture
def somebody(picture):
    """A primary school with results and similar schools."""
    for urn in picture.latest("ks2.rwm_expected")["urn"].to_list():
        found = picture.school(urn)
        if found.similar and found.inspections:
            return found
    raise AssertionError("the synthetic England has no such school")


def test_show_json_gives_every_measure_year_and_direction(at_home, somebody, capsys):
    assert main(["show", str(somebody.school.urn), "--json"]) == 0
    out = capsys.readouterr()
    said = json.loads(out.out)
    assert (said["urn"], said["name"]) == (somebody.school.urn, somebody.school.name)
    assert said["synthetic"] is True
    assert set(said["measures"]) == set(somebody.series)
    for key, each in somebody.series.items():  # never what the site would not foretell
        assert (said["measures"][key]["direction"]["forecast"] is None) == (each.ahead is None)
    one = somebody.series["ks2.rwm_expected"]
    years = said["measures"]["ks2.rwm_expected"]["years"]
    assert "2018/19" in years
    for point in one.points:
        told = years[f"{point.year}/{(point.year + 1) % 100:02d}"]
        assert told["value"] == point.value
        assert told["raw"] == point.raw
        assert told["england"] == point.england
        assert {"reason", "cohort", "percentile", "release"} <= set(told)
    direction = said["measures"]["ks2.rwm_expected"]["direction"]
    assert {"label", "p_up", "p_down", "from", "to"} <= set(direction)
    assert direction["label"] == one.travel.label.value
    assert direction["drift_told"] == one.travel.drift_told
    foretold = direction["forecast"]
    assert (foretold is None) == (one.ahead is None)
    if foretold is not None:
        assert foretold["low"] <= foretold["value"] <= foretold["high"]
    assert said["measures"]["ks2.rwm_expected"]["says"] == chart_sentence(one)
    assert len(said["similar"]) == len(somebody.similar)
    assert len(said["inspections"]) == len(somebody.inspections)


def test_show_gives_the_timeline_with_whose_each_inspection_was(at_home, picture, capsys):
    urns = picture.schools["urn"].to_list()
    schools = (picture.school(urn) for urn in urns)
    found = next(s for s in schools if {True, False} == {i.this_urn for i in s.inspections})
    assert main(["show", str(found.school.urn), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["inspections"]
    assert [(one["urn"], one["this_urn"], one["framework"], one["date"]) for one in told] == [
        (one.urn, one.this_urn, one.framework.value, one.date.isoformat())
        for one in found.inspections
    ]
    assert {one["urn"] for one in told if one["this_urn"]} == {found.school.urn}
    kept = {"grades", "category", "area_dates", "earlier", "release", "row"}
    assert all(kept <= set(one) for one in told)
    assert main(["show", str(found.school.urn)]) == 0
    shown = capsys.readouterr().out
    theirs = next(one for one in found.inspections if not one.this_urn)
    assert f"{theirs.urn} (predecessor)" in shown


def test_show_tells_what_was_graded_again():
    card = Inspection(
        urn=900001,
        framework=Framework.REPORT_CARD,
        date=date(2026, 1, 12),
        published=None,
        grades={"Inclusion": "Expected standard"},
        category=None,
        safeguarding="Met",
        outcome="",
        this_urn=True,
        release="r",
        area_dates={"Inclusion": date(2026, 6, 15)},
        earlier=(Regraded("Inclusion", date(2026, 1, 12), "Needs attention"),),
    )
    assert as_inspection(card)["earlier"] == [
        {"area": "Inclusion", "grade": "Needs attention", "date": "2026-01-12"}
    ]
    said = when_graded(card, "Inclusion")
    assert said == " (graded again on 2026-06-15; Needs attention on 2026-01-12)"
    assert when_graded(card, "Safeguarding standards") == ""


def test_a_special_school_is_told_why_it_has_no_percentile(at_home, picture, capsys):
    special = picture.schools.filter(phase="special")["urn"].to_list()
    urn = next(u for u in special if picture.school(u).series)
    assert main(["show", str(urn), "--json"]) == 0
    for one in json.loads(capsys.readouterr().out)["measures"].values():
        assert {point["percentile"] for point in one["years"].values()} == {None}
        assert "Only state-funded mainstream schools" in one["why_no_percentile"]
    assert main(["show", str(urn), "--all"]) == 0
    assert "No percentile: Only state-funded mainstream" in capsys.readouterr().out


def test_a_school_with_a_percentile_is_told_no_reason(at_home, somebody, capsys):
    assert main(["show", str(somebody.school.urn), "--json"]) == 0
    one = json.loads(capsys.readouterr().out)["measures"]["ks2.rwm_expected"]
    assert any(point["percentile"] is not None for point in one["years"].values())
    assert one["why_no_percentile"] == ""


def test_show_says_it_in_words_first(at_home, somebody, capsys):
    assert main(["show", str(somebody.school.urn)]) == 0
    out = capsys.readouterr().out
    assert somebody.school.name in out
    assert out.index("Results at the end of key stage 2") < out.index("Figures")
    assert "Synthetic" in out


def test_show_one_measure(at_home, somebody, capsys):
    key = "ks2.rwm_expected.disadvantaged"
    assert main(["show", str(somebody.school.urn), "--measure", key, "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["measures"]) == [key]


def test_an_unknown_urn_is_a_plain_error(at_home, somebody, capsys):
    near = str(somebody.school.urn)
    code = main(["show", "1" + near])
    err = capsys.readouterr().err
    assert code == 1
    assert "1" + near in err
    assert near in err
    assert "bridgehead load" in err
    assert "Traceback" not in err


def test_an_unknown_measure_names_those_that_there_are(at_home, somebody, capsys):
    assert main(["show", str(somebody.school.urn), "--measure", "ks9.nothing"]) == 1
    assert "ks2.rwm_expected" in capsys.readouterr().err


def test_with_nothing_loaded_the_next_step_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    for words in (["show", "100000"], ["picture"]):
        assert main(words) == 1
        assert "bridgehead load" in capsys.readouterr().err


@pytest.mark.slow
def test_a_second_picture_has_nothing_to_do_unless_forced(at_home, capsys):
    assert main(["picture", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["built"] is False
    assert main(["picture"]) == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert main(["picture", "--force", "--json"]) == 0
    out = capsys.readouterr()
    again = json.loads(out.out)
    assert again["built"] is True
    assert again["digest"] == first["digest"]
    assert again["schools"] == first["schools"] > 100
    assert "similar schools" in out.err  # progress, while it works


@pytest.mark.parametrize("words", [["show"], ["similar"], ["suggest"]])
@pytest.mark.parametrize("urn", ["abc", "-5", "14.5", ""])
def test_what_is_no_urn_is_refused_in_plain_words(capsys, words, urn):
    with pytest.raises(SystemExit) as left:
        main([*words, urn])
    assert left.value.code == 2
    assert f"{urn!r} is not a URN: six digits, such as 142999" in capsys.readouterr().err


def test_a_narrow_window_keeps_the_newest_years_whole(at_home, somebody, capsys, monkeypatch):
    def shown(width: int) -> str:
        monkeypatch.setattr("bridgehead.cli.show.wide", lambda: Console(width=width))
        assert main(["show", str(somebody.school.urn)]) == 0
        return capsys.readouterr().out

    wide, narrow = shown(250), shown(100)
    assert "2016/17 │" not in narrow
    assert "2016/17" in wide.partition("direction of travel")[0]
    assert "2025/26" in narrow.partition("direction of travel")[0]
    assert "are left out for want of room: a wider window or --json shows them." in narrow
    assert "left out" not in wide
    assert "p: provisional, and may change." in narrow


def test_a_reader_who_has_gone_is_no_failure(at_home, somebody):
    """As in ``bridgehead show URN | head``: the command has done what was asked."""
    code = "import sys; from bridgehead.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "show", str(somebody.school.urn), "--all"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (0, b"")


@pytest.mark.slow
def test_a_search_that_was_ended_early_is_named_and_the_picture_is_built(
    at_home, monkeypatch, capsys
):
    assert main(["picture"]) == 0
    assert "come to rest" not in capsys.readouterr().out
    monkeypatch.setattr(search, "STEPS_OF_ONE", 2)
    assert main(["picture", "--force"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "had not come to rest when it was ended; the best found is used: " in shown
    assert "absence.overall (" in shown
    assert main(["picture", "--json"]) == 0
    fits = json.loads(capsys.readouterr().out)["hyperparameters"]["absence.overall"].values()
    assert not all(fit["settled"] for fit in fits)
