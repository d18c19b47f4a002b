"""How the desk's pages say figures, directions and names."""

from datetime import date

import pytest

from bridgehead.desk.queries.data import newest_out
from bridgehead.desk.queries.figures import (
    chance_words,
    direction_words,
    short_name,
)
from bridgehead.desk.queries.inspections import in_short
from bridgehead.desk.templatetags.desk import telling, total
from bridgehead.measures.model import High
from bridgehead.picture.model import Direction, Framework, Inspection, Travel


def travel(label: Direction, up: float, down: float) -> Travel:
    return Travel(label, up, down, 2022, 2025, why="fewer than 3 years of figures")


def test_where_high_is_worse_a_decline_is_called_worsening():
    found = travel(Direction.PROBABLY_DECLINING, 0.7, 0.1)
    assert direction_words(found, High.WORSE) == "Probably worsening"
    assert direction_words(found, High.BETTER) == "Probably declining"


def test_a_measure_without_better_or_worse_has_no_direction():
    assert direction_words(travel(Direction.NOT_GIVEN, 0.5, 0.5), High.NEITHER) == ""


def test_the_likelier_way_of_the_figure_is_said_with_its_year():
    assert chance_words(travel(Direction.IMPROVING, 0.1, 0.85)) == (
        "85% likely to be lower than in 2022/23, against England"
    )


def test_too_few_data_say_why():
    found = travel(Direction.TOO_FEW, 0.5, 0.4)
    assert chance_words(found) == "fewer than 3 years of figures"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Willow Lane Primary School", "Willow Lane"),
        ("St Mary's CofE (VA) Primary School", "St Mary's"),
        ("The Grange School", "The Grange"),
        ("Academy of Arts", "Academy of Arts"),
        ("School", "School"),
    ],
)
def test_a_school_is_named_without_its_kind(name, short):
    assert short_name(name) == short


def test_the_telling_words_are_bold_and_everything_else_is_escaped():
    said = telling("Results are above England's & probably improving <script>")
    assert said == (
        "Results are <strong>above England’s</strong> &amp; "
        "<strong>probably improving</strong> &lt;script&gt;"
    )


def test_codes_add_up():
    assert total({"suppressed": 3, "no entries": 4}) == 7


def inspected(framework: Framework, grades: dict[str, str], **more: str | None) -> Inspection:
    facts = {"category": None, "outcome": ""} | more
    return Inspection(
        urn=900001,
        framework=framework,
        date=date(2026, 2, 1),
        published=None,
        grades=grades,
        safeguarding=None,
        this_urn=True,
        release="r1",
        **facts,
    )


def test_a_report_card_in_short_counts_grades_and_never_sums_them_up():
    card = inspected(Framework.REPORT_CARD, {"A": "Strong standard", "B": "Needs attention"})
    assert in_short(card) == "Strong standard 1, Needs attention 1"


def test_a_category_stands_before_any_grade():
    grave = inspected(
        Framework.OVERALL, {"Overall effectiveness": "Inadequate"}, category="Special measures"
    )
    assert in_short(grave) == "Special measures"


@pytest.mark.parametrize(
    ("kind", "year"), [("ks2", 2025), ("ks4", 2025), ("absence", 2024), ("census", 2025)]
)
def test_what_cannot_be_out_yet_is_not_called_missing(kind, year):
    assert newest_out(kind, date(2026, 11, 22)) == year
    assert newest_out("ks2", date(2026, 9, 30)) == 2024
