"""Possible supporters from the published files of Surrey."""

from datetime import date
from pathlib import Path

import pytest

from bridgehead.brokerage.queries.need import find_need, named
from bridgehead.brokerage.queries.supporters import possible_supporters
from bridgehead.brokerage.rules import RuledOut
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.picture import Picture, ensure

pytestmark = pytest.mark.real

EASTWICK = 142999  # a junior school of Surrey
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def surrey(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    home = tmp_path_factory.mktemp("surrey-supporters")
    wanted = [real_data / name for name in ("ks2", "gias", "ofsted")]
    load([*wanted, real_data / "census"], store=Store(home))
    return ensure(home)


def test_a_surrey_primary_has_supporters_that_are_clearly_stronger(surrey, monkeypatch, tmp_path):
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    need = find_need(surrey, EASTWICK, None)
    found = possible_supporters(surrey, EASTWICK, need=need, today=TODAY)
    own = surrey.school(EASTWICK).series[need.key].latest
    assert need.key.startswith("ks2.")
    assert len(found.first) == 10
    for one in found.answer.suggestions:
        point = surrey.school(one.urn).series[need.key].latest
        assert point.low - point.england > own.level - own.england
        assert surrey.school(one.urn).school.phase in {"primary", "all-through"}


def test_every_loaded_school_is_accounted_for(surrey, monkeypatch, tmp_path):
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    found = possible_supporters(
        surrey, EASTWICK, need=named("ks2.reading_average"), today=TODAY
    ).answer
    assert len(found.suggestions) + len(found.excluded) == surrey.schools.height - 1
    assert found.counts[RuledOut.PHASE] > 0
    assert found.counts[RuledOut.TOO_FAR] > 0


def test_without_report_cards_no_area_has_supporters(surrey, monkeypatch, tmp_path):
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    found = possible_supporters(surrey, EASTWICK, need=named("Achievement"), today=TODAY).answer
    assert not found.suggestions
    words = {e.words for e in found.excluded if e.why is RuledOut.NO_EVIDENCE}
    assert words == {
        "Its newest inspection is not a report card.",
        "It has no inspection on record.",
        "It has not been inspected since it replaced another school.",
    }
