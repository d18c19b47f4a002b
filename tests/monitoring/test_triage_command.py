"""``bridgehead triage``: every school of an area, with its reasons, and honest exit codes."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bridgehead.cli import pictures
from bridgehead.cli.main import main
from bridgehead.monitoring.rules import Outcome


@pytest.fixture
def area(hand_picture, a_school, card, monkeypatch):
    """Three schools of 990 and one closed, and one of 991."""

    def school(urn: int, *inspections, **facts):
        own = tuple(replace(i, urn=urn) for i in inspections)
        return a_school(*own, urn=urn, urns=(urn,), name=f"School {urn}", **facts)

    picture = hand_picture(
        school(1, card(safeguarding="Not met")),
        school(2, card(grades={"Inclusion": "Needs attention"}), type_group="academy"),
        school(3, card(), phase="special", type_group="independent"),
        school(4, card(), status="closed"),
        school(5, card(), la="991"),
    )
    monkeypatch.setattr(pictures, "current", lambda: picture)
    return picture


def as_json(capsys, *words: str) -> dict:
    assert main(["triage", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_open_school_has_its_proposal_and_reasons(area, capsys) -> None:
    found = as_json(capsys, "--area", "990", "--on", "2026-11-22")
    assert [s["urn"] for s in found["schools"]] == [1, 2, 3]
    first = found["schools"][0]
    assert (first["outcome"], first["clause"]) == ("priority support", "report card")
    assert (first["arm"], first["power"]) == ("The local authority", "")
    assert first["because"][0]["figures"]["Safeguarding"] == "Not met"
    assert found["schools"][1]["needs"] == ["Inclusion"]
    assert found["picture"] == area.digest
    assert found["policy"]["version"] == 1
    assert found["policy"]["arms"]["priority support"]["academy"] == "The school's trust"
    assert sum(found["counts"].values()) == 3
    assert set(found["counts"]) == {o.value for o in Outcome}


def test_filters_keep_the_counts_of_the_area(area, capsys) -> None:
    found = as_json(capsys, "--area", "990", "--outcome", "priority")
    assert [s["urn"] for s in found["schools"]] == [1]
    assert sum(found["counts"].values()) == 3
    assert [
        s["urn"] for s in as_json(capsys, "--area", "990", "--phase", "special")["schools"]
    ] == [3]


def test_on_another_day_later_inspections_are_not_known(area, capsys) -> None:
    found = as_json(capsys, "--area", "990", "--on", "2026-01-01")
    assert {s["clause"] for s in found["schools"]} == {"no inspection"}
    assert found["on"] == date(2026, 1, 1).isoformat()


def test_the_table_says_who_holds_each_arm_and_by_which_policy(area, capsys) -> None:
    assert main(["triage", "--area", "990"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for words in ("synthetic", "Starting policy", "version 1", "Who holds each arm", "School 1"):
        assert words in shown


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["--area", "999"], "whose files are loaded"),
        (["--area", "990", "--phase", "nursery"], "Phases there: primary, special"),
        ([], "Give --area CODE"),
    ],
)
def test_what_is_not_there_is_refused_with_a_remedy(area, capsys, words, remedy) -> None:
    assert main(["triage", *words]) == 1
    assert remedy in capsys.readouterr().err


def test_schools_without_a_phase_make_no_gap_in_the_list_of_phases(
    hand_picture, a_school, monkeypatch, capsys
) -> None:
    picture = hand_picture(a_school(urn=1, urns=(1,)), a_school(urn=2, urns=(2,), phase=""))
    monkeypatch.setattr(pictures, "current", lambda: picture)
    assert main(["triage", "--area", "990", "--phase", "nursery"]) == 1
    assert "Phases there: primary." in capsys.readouterr().err


def test_a_day_that_is_none_is_refused_in_plain_words(area, capsys) -> None:
    with pytest.raises(SystemExit) as left:
        main(["triage", "--area", "990", "--on", "2020-13-01"])
    assert left.value.code == 2
    assert "'2020-13-01' is not a date like 2026-11-22" in capsys.readouterr().err


def test_the_only_area_need_not_be_named(area, capsys) -> None:
    del area.held[5]
    assert as_json(capsys)["area"] == "990"
