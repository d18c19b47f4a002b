"""How a school's inspections are told on its page, its chart and its download. All invented."""

from datetime import date

import pytest

from bridgehead.desk.queries.inspections import LANES, in_short, lanes, table, told
from bridgehead.picture.model import Framework, Inspection, Regraded
from bridgehead.web import charts

WHEN = {
    Framework.OVERALL: date(2019, 3, 14),
    Framework.UNGRADED: date(2023, 5, 9),
    Framework.KEY_JUDGEMENTS: date(2025, 1, 14),
    Framework.REPORT_CARD: date(2026, 1, 12),
}


def inspected(framework: Framework, grades: dict[str, str] | None = None, **more) -> Inspection:
    facts = {
        "urn": 900001,
        "published": None,
        "category": None,
        "safeguarding": None,
        "outcome": "",
        "this_urn": True,
        "release": "r1",
        "row": 7,
    }
    return Inspection(
        **(facts | {"framework": framework, "date": WHEN[framework], "grades": grades or {}} | more)
    )


AGAIN = inspected(
    Framework.REPORT_CARD,
    {"Inclusion": "Expected standard", "Achievement": "Strong standard"},
    safeguarding="Met",
    area_dates={
        "Inclusion": date(2026, 6, 15),
        "Achievement": date(2026, 1, 13),
        "Safeguarding standards": date(2026, 6, 15),
    },
    earlier=(
        Regraded("Inclusion", date(2026, 1, 12), "Needs attention"),
        Regraded("Safeguarding standards", date(2026, 1, 12), "Not met"),
    ),
)


def test_a_predecessors_inspection_is_said_to_be_one():
    theirs = inspected(Framework.OVERALL, urn=900777, this_urn=False)
    assert told(theirs).whose == "a school that this one replaced, URN 900777"
    unknown = inspected(Framework.OVERALL, urn=None, this_urn=False)
    assert (
        told(unknown).whose == "a school that this one replaced, whose URN the file does not give"
    )
    assert told(inspected(Framework.OVERALL)).whose == "this school, URN 900001"


def test_an_area_graded_again_has_its_own_mark_and_the_inspection_keeps_what_it_found():
    (lane,) = (lane for lane in lanes((AGAIN,), "Willow Lane").lanes if lane.events)
    assert [(event.when, event.words) for event in lane.events] == [
        (date(2026, 1, 12), "Safeguarding not met, Needs attention 1, Strong standard 1"),
        (
            date(2026, 6, 15),
            "Graded again: Inclusion Expected standard, Safeguarding standards Met",
        ),
    ]


def test_the_page_gives_each_grade_its_own_date_and_the_grade_before():
    assert told(AGAIN).rows == (
        ("Safeguarding", "Met, graded on 15 June 2026; before that Not met on 12 January 2026"),
        (
            "Inclusion",
            "Expected standard, graded on 15 June 2026; "
            "before that Needs attention on 12 January 2026",
        ),
        ("Achievement", "Strong standard, graded on 13 January 2026"),
    )


def test_a_grade_of_which_nothing_earlier_is_loaded_is_not_told_of_the_inspection():
    card = inspected(
        Framework.REPORT_CARD,
        {"Inclusion": "Expected standard", "Achievement": "Strong standard"},
        area_dates={"Inclusion": date(2026, 6, 15)},
    )
    assert in_short(card) == "Strong standard 1, 1 area graded again since"
    assert (
        "the grade before that is in no file that is loaded" in dict(told(card).rows)["Inclusion"]
    )


@pytest.mark.parametrize(
    ("one", "short"),
    [
        (inspected(Framework.OVERALL, {"Quality of education": "Good"}), "no overall grade stated"),
        (inspected(Framework.UNGRADED), "no outcome stated"),
        (inspected(Framework.UNGRADED, outcome="School remains Good"), "School remains Good"),
        (
            inspected(Framework.KEY_JUDGEMENTS, {"A": "Good", "B": "Good"}, safeguarding="No"),
            "Safeguarding not effective, Good 2",
        ),
        (
            inspected(Framework.REPORT_CARD, {"A": "Exceptional"}, safeguarding="Met"),
            "Exceptional 1",
        ),
    ],
)
def test_in_short(one, short):
    assert in_short(one) == short


def test_visits_have_a_lane_of_their_own_and_every_framework_its_own():
    data = lanes(tuple(inspected(framework) for framework in Framework), "Willow Lane")
    assert {lane.name: len(lane.events) for lane in data.lanes} == dict.fromkeys(LANES.values(), 1)


def test_no_word_of_one_framework_is_told_in_another():
    """A negative control of conversion: what is printed is all that is drawn."""
    grades = {
        Framework.OVERALL: {"Overall effectiveness": "Good"},
        Framework.KEY_JUDGEMENTS: {"Quality of education": "Requires improvement"},
        Framework.REPORT_CARD: {"Inclusion": "Expected standard"},
    }
    data = lanes(tuple(inspected(f, g) for f, g in grades.items()), "Willow Lane")
    said = {lane.name: " ".join(e.words for e in lane.events) for lane in data.lanes}
    assert said[LANES[Framework.REPORT_CARD]] == "Expected standard 1"
    assert said[LANES[Framework.KEY_JUDGEMENTS]] == "Requires improvement 1"
    assert said[LANES[Framework.OVERALL]] == "Good"


def test_the_empty_state_says_so():
    for drawing in charts.draw(lanes((), "Willow Lane")):
        assert "No inspection of this school has been loaded." in drawing


def test_the_download_has_a_row_for_each_thing_printed_with_its_own_date():
    heads, *rows = table((AGAIN, inspected(Framework.UNGRADED, urn=900777, this_urn=False)))
    assert [dict(zip(heads, row, strict=True))["Graded on"] for row in rows] == [
        "2026-06-15",
        "2026-01-13",
        "2026-06-15",
        "2026-01-12",
        "2026-01-12",
        "2023-05-09",
    ]
    last = dict(zip(heads, rows[-1], strict=True))
    assert last["As printed"] == "no outcome stated"
    assert last["Of this school as it is now"] == "no: a school that it replaced"
    assert last["URN at inspection"] == 900777
