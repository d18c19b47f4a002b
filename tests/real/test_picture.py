"""The picture of the published files: known truths, chains, and what only a part of England says.

The figures asserted here are printed in the DfE's performance tables for Surrey and England
(Open Government Licence v3).
"""

import csv
from collections import Counter, defaultdict

import pytest

from bridgehead.core.figures import Reason
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.model import Direction, Framework
from bridgehead.picture.picture import ensure

pytestmark = pytest.mark.real

RWM = "ks2.rwm_expected"
YEARS = (2016, 2017, 2018)


@pytest.fixture(scope="module")
def picture(real_data, tmp_path_factory):
    home = tmp_path_factory.mktemp("real-picture")
    load([real_data], store=Store(home))
    return ensure(home)


def ks2_urns(real_data):
    """Which URNs have a school row in which year, read without Bridgehead."""
    found = defaultdict(set)
    for year in YEARS:
        path = real_data / "ks2" / f"{year}-{year + 1}_936_ks2final.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row["RECTYPE"] in ("1", "2"):
                    found[int(row["URN"])].add(year)
    return found


def plain_links(real_data):
    path = real_data / "gias" / "links_edubasealldata_2021.csv"
    with path.open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file):
            if row["LinkType"] in ("Successor", "Predecessor"):
                yield int(row["URN"]), int(row["LinkURN"])


def test_england_is_state_funded_england(picture):
    assert picture.england(RWM) | {} == {2015: 53.0, 2016: 61.0, 2017: 64.0, 2018: 65.0}
    assert picture.england("ks4.attainment8")[2018] == 46.7


def test_eastwick_junior(picture):
    found = picture.school(142999).series
    assert found[RWM].at(2016).value == 64.0
    few = found[f"{RWM}.disadvantaged"].at(2016)
    assert (few.value, few.cohort) == (45.0, 11.0)
    others = picture.england(f"{RWM}.others")[2016]
    assert found[f"{RWM}.gap"].at(2016).value == 45.0 - others


def test_wyke_primarys_suppressed_figure_is_no_number(picture):
    found = picture.school(145543).series
    point = found[RWM].at(2018)
    assert (point.value, point.cohort) == (78.0, 27.0)
    hidden = found[f"{RWM}.disadvantaged"].at(2018)
    assert (hidden.value, hidden.reason, hidden.cohort) == (None, Reason.SUPPRESSED, 3.0)
    assert hidden.raw == "SUPP"


def test_of_268_urns_203_have_all_three_years(real_data):
    found = ks2_urns(real_data)
    assert len(found) == 268
    assert sum(len(years) == 3 for years in found.values()) == 203


def test_plain_links_alone_give_230_and_eight_doubles(real_data):
    """What following every plain link gives, before two schools with results are told apart."""
    found, parent = ks2_urns(real_data), {}

    def root(urn):
        while parent.get(urn, urn) != urn:
            urn = parent[urn]
        return urn

    for a, b in plain_links(real_data):
        if root(a) != root(b):
            parent[root(a)] = root(b)
    years, rows = defaultdict(set), Counter()
    for urn, seen in found.items():
        years[root(urn)] |= seen
        rows.update((root(urn), year) for year in seen)
    assert sum(len(seen) == 3 for seen in years.values()) == 230
    assert sum(count > 1 for count in rows.values()) == 8


def test_chains_give_the_schools_with_all_three_years(picture, real_data):
    """230 by plain links; one more where those links run two schools with results together."""
    years = defaultdict(set)
    for urn, seen in ks2_urns(real_data).items():
        years[picture.resolve(urn)] |= seen
    assert sum(len(seen) == 3 for seen in years.values()) == 231
    # Linked as plain successor, yet both had results in 2016/17 and 2017/18: two schools.
    assert picture.resolve(125129) != picture.resolve(142380)
    # Old and new URN of one academy have a row each in 2017/18; the one with results counts.
    both = picture.school(125235)
    assert both.school.urn == 144994
    assert (both.series[RWM].at(2017).value, both.series[RWM].at(2017).cohort) == (67.0, 48.0)


def test_surrey_alone_has_no_percentile_and_says_why_but_england_is_shown(picture):
    point = picture.school(142999).series[RWM].at(2018)
    assert point.percentile is None
    assert point.england == 65.0
    assert "936" in picture.why_no_percentile(RWM)


def test_absence_and_census_are_of_all_england_and_have_percentiles(picture):
    found = picture.school(142999).series
    assert picture.why_no_percentile("absence.persistent") == ""
    point = found["absence.persistent"].at(2018)
    assert point.value < point.england  # fewer pupils persistently absent …
    assert point.percentile > 50  # … is better
    assert found["absence.persistent"].at(2018).england == 8.2  # primary schools' row
    assert found["census.fsm_ever"].at(2018).percentile is not None
    assert found["census.fsm_ever"].travel.label is Direction.NOT_GIVEN


def test_direction_claims_little_of_four_years_in_one_authority(picture):
    latest = picture.latest(RWM)
    labels = Counter(latest["label"].to_list())
    told = sum(labels.values()) - labels[Direction.TOO_FEW.value]
    sure = labels[Direction.IMPROVING.value] + labels[Direction.DECLINING.value]
    assert told > 150
    assert sure < told / 4
    shares = [
        picture.school(urn).series[RWM].travel.share_real for urn in latest["urn"].to_list()[:150]
    ]
    known = [share for share in shares if share is not None]
    assert 0.005 < sum(known) / len(known) < 0.10  # about 3 % of a one-year change is real


def test_similar_schools_are_fifty_of_the_same_phase_over_all_england(picture):
    found = picture.school(142999)
    assert len(found.similar) == 50
    assert found.similar[0].distance <= found.similar[-1].distance
    assert 142999 not in {one.urn for one in found.similar}
    assert {picture.register(one.urn).phase for one in found.similar} == {"primary"}
    assert any(picture.register(one.urn).la != "936" for one in found.similar)


def test_a_predecessors_inspection_is_told_from_the_schools_own(picture):
    found = picture.school(125235)
    assert found.inspections
    assert {one.framework for one in found.inspections} == {Framework.OVERALL}
    assert all(one.urn in found.school.urns for one in found.inspections)
    assert all(one.this_urn == (one.urn == 144994) for one in found.inspections)
    assert [one.date for one in found.inspections] == sorted(
        (one.date for one in found.inspections), reverse=True
    )


def test_register_facts(picture):
    school = picture.school(142999).school
    assert (school.phase, school.phase_detail, school.type_group) == (
        "primary",
        "Junior",
        "academy",
    )
    assert (school.la, school.la_name, school.status) == ("936", "Surrey", "open")
    frame = picture.schools
    assert frame["urn"].is_sorted()
    assert not frame["name"].is_null().any()


def test_an_infant_school_is_not_like_the_junior_school_next_door(picture):
    around = [picture.register(one.urn) for one in picture.school(142999).similar]
    assert 142998 not in {one.urn for one in around}
    assert all(one.high_age is None or one.high_age > 7 for one in around)
    infants = [picture.register(one.urn) for one in picture.school(142998).similar]
    assert all(one.high_age is None or one.high_age < 11 for one in infants)
