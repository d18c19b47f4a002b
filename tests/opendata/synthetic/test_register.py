"""Who exists: kinds of school, what became of them, and that nobody real is among them."""

from collections import Counter

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import england, gias, inspections
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.fate import NEVER
from bridgehead.opendata.synthetic.published import LAST
from bridgehead.opendata.synthetic.records import Record
from bridgehead.opendata.synthetic.setting import KINDS


def test_every_kind_of_school_is_in_the_partnership(drawn: England) -> None:
    ours = np.flatnonzero(drawn.register.ours)
    assert len(ours) == 60
    assert {drawn.register.kind[i] for i in ours} == set(KINDS)


def test_a_large_england_has_a_partnership_of_220_schools_in_150_authorities() -> None:
    schools = england.make(5000, 3).register
    assert schools.count == 5000
    assert int(schools.ours.sum()) == 220
    assert len(np.unique(schools.la)) == 150
    share = Counter(schools.kind)["secondary"] / schools.count
    assert 0.12 < share < 0.16
    trusts = {int(t) for t in schools.trust[schools.ours] if t >= 0}
    assert len(trusts) > 5


def test_urns_are_those_of_no_real_school_and_are_never_shared(drawn: England) -> None:
    urns = [one.urn for one in gias.establishments(drawn.register)]
    assert len(urns) == len(set(urns))
    assert min(urns) > 900000
    assert not set(np.unique(drawn.register.la).tolist()) & set(range(200, 400))


def test_no_two_open_schools_of_an_authority_share_a_number(drawn: England) -> None:
    schools = drawn.register
    pairs = list(zip(schools.la.tolist(), schools.estab.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))


def test_no_two_schools_share_a_name() -> None:
    named = england.make(5000, 3).register.name
    assert len(named) == len(set(named))


def test_one_school_of_the_partnership_opened_last_year_and_nothing_is_known_of_it(
    drawn: England,
) -> None:
    schools = drawn.register
    fresh = schools.ours & (schools.opened == LAST)
    assert fresh.any()
    records = inspections.make(drawn)
    assert all(records[i] == Record() for i in np.flatnonzero(fresh))


def test_academies_merger_closure_and_a_new_school_all_occur(drawn: England) -> None:
    schools = england.make(1000, 3).register
    kept = (schools.old_urn > 0) & (schools.estab == schools.old_estab)
    moved = (schools.old_urn > 0) & (schools.estab != schools.old_estab)
    assert kept.sum() > 20
    assert moved.sum() > 5
    assert (schools.merged_into >= 0).any()
    assert ((schools.closed != NEVER) & (schools.merged_into < 0)).any()
    ours_new = drawn.register.ours & (drawn.register.opened > 2000)
    assert ours_new.any()


def test_links_follow_academisation_plainly_and_name_a_merger_as_one(drawn: England, read) -> None:
    links = read("links_edubasealldata", encoding="windows-1252")
    schools = drawn.register
    plain = links.filter(pl.col("LinkType").is_in(["Predecessor", "Successor"]))
    assert plain.height == 2 * int((schools.old_urn > 0).sum())
    merged = links.filter(pl.col("LinkType").str.contains("merged|amalgamated"))
    assert merged.height == 2 * int((schools.merged_into >= 0).sum()) > 0


def test_schools_stand_in_towns(drawn: England) -> None:
    schools = drawn.register
    ours = schools.ours
    spread = np.hypot(np.std(schools.easting[ours]), np.std(schools.northing[ours]))
    for town in {schools.town[i] for i in np.flatnonzero(ours)}:
        here = ours & (np.array(schools.town) == town) & (schools.size > 30)
        if here.sum() > 5:
            assert np.std(schools.easting[here]) < spread / 2


def test_every_status_of_the_register_occurs() -> None:
    schools = england.make(1000, 3).register
    rows = [
        gias._row(schools, one, n, [100] * schools.count)["EstablishmentStatus (name)"]
        for n, one in enumerate(gias.establishments(schools))
    ]
    assert set(rows) == {"Open", "Closed", "Open, but proposed to close", "Proposed to open"}
