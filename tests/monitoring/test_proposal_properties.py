"""What holds of every proposal, whatever the school."""

from dataclasses import replace
from datetime import date

import hypothesis.strategies as st
from hypothesis import given

from bridgehead.measures.loader import series as definition
from bridgehead.monitoring.rules import Outcome, from_json, propose, to_json
from bridgehead.monitoring.rules.policy import DEFAULT, parse_policy
from bridgehead.picture.model import (
    Direction,
    Framework,
    Inspection,
    School,
    SchoolPicture,
    Series,
    Travel,
)

POLICY = parse_policy(DEFAULT.read_text(encoding="utf-8"))
TODAY = date(2026, 11, 22)
URN = 900_001
AREAS = {
    Framework.REPORT_CARD: ("Inclusion", "Achievement", "Leadership and governance"),
    Framework.KEY_JUDGEMENTS: ("Quality of education", "Behaviour and attitudes"),
    Framework.OVERALL: ("Overall effectiveness",),
    Framework.UNGRADED: (),
}
#: From best to worst, as each framework orders its own words.
GRADES = {
    Framework.REPORT_CARD: (
        "Exceptional",
        "Strong standard",
        "Expected standard",
        "Needs attention",
        "Urgent improvement",
    ),
    Framework.KEY_JUDGEMENTS: ("Outstanding", "Good", "Requires improvement", "Inadequate"),
    Framework.OVERALL: ("Outstanding", "Good", "Requires improvement", "Inadequate"),
    Framework.UNGRADED: (),
}
ODD = ("", "Not judged", "NULL", "Wonderful")
VISITS = ("", "School remains Good", "School remains Good (Concerns)", "Standards maintained", "?")


@st.composite
def inspections(draw: st.DrawFn) -> Inspection:
    framework = draw(st.sampled_from(Framework))
    grades = {area: draw(st.sampled_from(GRADES[framework] + ODD)) for area in AREAS[framework]}
    return Inspection(
        urn=draw(st.sampled_from((URN, 800_001))),
        framework=framework,
        date=draw(st.dates(date(2006, 1, 1), date(2027, 6, 1))),
        published=None,
        grades=grades,
        category=draw(st.sampled_from((None, None, None, "Special measures", "NULL"))),
        safeguarding=draw(st.sampled_from((None, "Met", "Not met", "Yes", "No"))),
        outcome=draw(st.sampled_from(VISITS)),
        this_urn=draw(st.booleans()),
        release="r",
    )


@st.composite
def schools(draw: st.DrawFn) -> SchoolPicture:
    phase = draw(
        st.sampled_from(("primary", "secondary", "special", "nursery", "16-18", "all-through", ""))
    )
    school = School(
        urn=URN,
        urns=(URN,),
        name="Hazel Bank School",
        laestab=None,
        la="990",
        la_name="Bridgeshire",
        phase=phase,
        phase_detail=draw(st.sampled_from(("", "Primary", "Infant", "Middle deemed primary"))),
        type_name="",
        type_group=draw(
            st.sampled_from(("maintained", "academy", "independent", "college", "other", ""))
        ),
        status="open",
        low_age=4,
        high_age=draw(st.sampled_from((None, 7, 9, 11, 16, 18))),
        gender="",
        religious_character="",
        trust="",
        pupils=None,
        easting=None,
        northing=None,
        postcode="",
        town="",
        website="",
    )
    keys = [t.series for t in POLICY.triggers.get(phase, ())]
    series = {}
    for key in draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []:
        measure, group = definition(key)
        travel = Travel(draw(st.sampled_from(Direction)), 0.5, 0.5, 2022, 2025)
        series[key] = Series(key, measure, group.key, (), travel)
    found = draw(st.lists(inspections(), max_size=3))
    return SchoolPicture(school, series, (), (), "", tuple(found), {})


@given(schools())
def test_every_school_gets_exactly_one_proposal_with_a_reason(picture: SchoolPicture) -> None:
    found = propose(picture, POLICY, TODAY)
    assert found.outcome in Outcome
    assert found.because
    assert all(b.words for b in found.because)
    assert found.arm in POLICY.holders.values()
    assert found == propose(picture, POLICY, TODAY)


@given(schools(), st.randoms())
def test_the_order_in_which_inspections_are_held_does_not_matter(picture, random) -> None:
    dates = [(i.date, i.framework is Framework.UNGRADED) for i in picture.inspections]
    if len(set(dates)) < len(dates):
        return
    shuffled = list(picture.inspections)
    random.shuffle(shuffled)
    other = replace(picture, inspections=tuple(shuffled))
    assert propose(picture, POLICY, TODAY) == propose(other, POLICY, TODAY)


@given(schools(), st.data())
def test_a_worse_word_in_one_area_never_softens_the_proposal(picture, data) -> None:
    known = [i for i in picture.inspections if i.date <= TODAY and i.grades]
    newest = max(known, key=lambda i: i.date, default=None)
    if newest is None:
        return
    order = GRADES[newest.framework]
    area = data.draw(st.sampled_from(sorted(newest.grades)))
    if newest.grades[area] not in order:
        return
    rank = data.draw(st.integers(order.index(newest.grades[area]), len(order) - 1))
    worse = replace(newest, grades=newest.grades | {area: order[rank]})
    changed = tuple(worse if i is newest else i for i in picture.inspections)
    before = propose(picture, POLICY, TODAY)
    after = propose(replace(picture, inspections=changed), POLICY, TODAY)
    assert after.outcome.weight >= before.outcome.weight


@given(schools())
def test_intervention_is_said_only_of_maintained_schools_in_a_category(picture) -> None:
    found = propose(picture, POLICY, TODAY)
    if found.power:
        assert picture.school.maintained
        assert found.clause == "category of concern"
        assert found.outcome is Outcome.PRIORITY
    else:
        assert "intervene" not in found.heading


@given(schools())
def test_a_frozen_proposal_comes_back_as_it_was(picture) -> None:
    found = propose(picture, POLICY, TODAY)
    assert from_json(to_json(found)) == found
