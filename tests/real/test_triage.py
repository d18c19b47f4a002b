"""Every open school of Surrey is triaged from the published files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bridgehead.monitoring.rules import Outcome, Proposal, load_policy
from bridgehead.monitoring.rules.area import propose_all, schools_of_area
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.picture import Picture, ensure

pytestmark = pytest.mark.real
NOW = date(2026, 11, 22)
#: Before the newest inspections of the file were too old to rely on.
THEN = date(2020, 1, 15)


@pytest.fixture(scope="module")
def surrey_home(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("surrey")
    load([real_data / name for name in ("ks2", "ks4", "gias", "ofsted")], store=Store(home))
    return home


@pytest.fixture(scope="module")
def surrey(surrey_home: Path) -> Picture:
    return ensure(surrey_home)


@pytest.fixture(scope="module")
def proposed(surrey: Picture, surrey_home: Path) -> Callable[[date], dict[int, Proposal]]:
    urns = schools_of_area(surrey, "936")["urn"].to_list()
    return lambda on: propose_all(surrey, urns, load_policy(surrey_home), on)


def test_every_open_school_has_exactly_one_proposal_with_reasons(surrey, proposed) -> None:
    register = surrey.schools.filter(
        (pl.col("la") == "936") & pl.col("status").str.starts_with("open")
    )
    found = proposed(NOW)
    assert set(found) == set(register["urn"])
    assert len(found) > 400
    assert all(p.because for p in found.values())


def test_settings_without_fitting_figures_are_for_talking(surrey, proposed) -> None:
    kinds = surrey.schools.filter(pl.col("phase").is_in(["special", "nursery"]))
    talk = [p for urn, p in proposed(NOW).items() if urn in set(kinds["urn"])]
    assert talk
    assert {p.outcome for p in talk} == {Outcome.TALK}


def test_grades_of_long_ago_are_too_old_to_rely_on(proposed) -> None:
    old = [p for p in proposed(NOW).values() if p.clause == "overall grade"]
    assert len(old) > 100
    assert all("too old to rely on" in p.inspection for p in old)
    assert not any(p.outcome is Outcome.PRIORITY for p in old)


def test_below_good_was_priority_while_the_grades_were_new(proposed) -> None:
    priority = [p for p in proposed(THEN).values() if p.outcome is Outcome.PRIORITY]
    assert priority
    for p in priority:
        assert any(
            "requires improvement" in b.words.casefold() or "Inadequate" in b.words
            for b in p.because
        )
        # The rating history holds no category of concern, and none is derived from a grade.
        assert p.power == ""


def test_the_figures_behind_a_reason_lead_to_the_file(surrey, proposed) -> None:
    reasons = [b for p in proposed(NOW).values() for b in p.because if b.series]
    assert reasons
    for reason in reasons:
        figures = dict(reason.figures)
        if "This school" in figures:
            release = figures["Release"].split(",")[0]
            assert release in surrey.releases
