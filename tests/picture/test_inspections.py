"""Inspections as printed: three layouts, predecessors, categories that are read and never derived.

The files are synthetic, in the layouts that Ofsted documents.
"""

import csv
from datetime import UTC, date, datetime
from itertools import count

import pytest

from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.inspections import read_date
from bridgehead.picture.model import Framework
from bridgehead.picture.picture import ensure

WHO = {
    "URN": "900001",
    "LAESTAB": "9902001",
    "School name": "Invented Primary",
    "Ofsted phase": "Primary",
    "Type of education": "Community School",
    "Local authority": "Bridgeshire",
}
GRADES = WHO | {
    "Inspection start date": "14/03/2019",
    "Publication date": "20/04/2019",
    "Does the latest full inspection relate to the URN of the current school?": "Yes",
    "URN at time of latest full inspection": "900001",
    "Overall effectiveness": "3",
    "Category of concern": "NULL",
    "Quality of education": "2",
    "Effectiveness of leadership and management": "3",
    "Safeguarding is effective?": "Yes",
    "Early years provision (where applicable)": "9",
    "Previous inspection start date": "11/06/2014",
    "URN at time of previous full inspection": "900001",
    "Previous full inspection overall effectiveness": "4",
    "Previous category of concern": "SM",
    "Date of latest ungraded inspection": "02/10/2021",
    "Ungraded inspection overall outcome": "School remains Good (Concerns) - S5 Next",
}
CARD = WHO | {
    "Inspection start date": "12/01/2026",
    "Publication date": "20/02/2026",
    "Category of concern": "Requires significant improvement",
    "Safeguarding standards": "Met",
    "Inclusion": "Strong standard",
    "Inclusion - date of grade": "12/01/2026",
    "Leadership and governance": "Needs attention",
    "Early years (where applicable)": "Expected standard",
    "Post-16 provision (where applicable)": "NULL",
    "Inspection start date of latest OEIF graded inspection": "14/03/2019",
    "Latest OEIF category of concern": "NULL",
    "Latest OEIF overall effectiveness": "3",
    "Latest OEIF quality of education": "2",
    "Latest OEIF  safeguarding is effective?": "Yes",
}


@pytest.fixture
def inspected(home, tmp_path):
    """``inspected(rows, as_at)`` loads a monthly file in cp1252."""
    number = count()

    def write(rows, as_at="31-08-2024", name="ofsted_mi_synthetic"):
        path = tmp_path / f"{name}_{next(number)}.csv"
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with path.open("w", newline="", encoding="cp1252") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        day, month, year = map(int, as_at.split("-"))
        report = load(
            [path],
            store=Store(home),
            as_at=date(year, month, day),
            now=lambda: datetime(2026, 11, 22, 12, next(number), tzinfo=UTC),
        )
        assert report.files[0].outcome.value == "loaded", report.files[0]
        return ensure(home)

    return write


def test_old_grades_are_printed_in_words_with_the_one_before(inspected):
    newest, visit, *before = sorted(
        inspected([GRADES]).school(900001).inspections,
        key=lambda one: (one.framework is Framework.UNGRADED, one.date),
        reverse=True,
    )
    visit, newest = newest, visit
    assert (visit.framework, visit.date) == (Framework.UNGRADED, date(2021, 10, 2))
    assert visit.outcome == "School remains Good (Concerns) - S5 Next"
    assert visit.grades == {}
    assert (newest.framework, newest.date) == (Framework.OVERALL, date(2019, 3, 14))
    assert newest.published == date(2019, 4, 20)
    assert newest.grades == {
        "Overall effectiveness": "Requires improvement",
        "Quality of education": "Good",
        "Effectiveness of leadership and management": "Requires improvement",
    }
    assert (newest.category, newest.safeguarding) == (None, "Yes")
    (oldest,) = before
    assert oldest.grades == {"Overall effectiveness": "Inadequate"}
    assert oldest.category == "Special measures"


def test_a_category_is_never_derived_from_a_grade(inspected):
    row = GRADES | {"Overall effectiveness": "4", "Category of concern": ""}
    graded = [
        one for one in inspected([row]).school(900001).inspections if one.date == date(2019, 3, 14)
    ]
    assert [one.grades["Overall effectiveness"] for one in graded] == ["Inadequate"]
    assert [one.category for one in graded] == [None]


def test_key_judgements_without_an_overall_grade_stay_without_one(inspected):
    row = GRADES | {"Inspection start date": "05/11/2024", "Overall effectiveness": "Not judged"}
    newest = inspected([row]).school(900001).inspections[0]
    assert newest.framework is Framework.KEY_JUDGEMENTS
    assert "Overall effectiveness" not in newest.grades
    assert newest.grades["Quality of education"] == "Good"


def test_a_report_card_keeps_its_own_words_and_the_old_framework_beside_it(inspected):
    card, old = inspected([CARD], "31-03-2026").school(900001).inspections
    assert (card.framework, card.date) == (Framework.REPORT_CARD, date(2026, 1, 12))
    assert card.grades == {
        "Inclusion": "Strong standard",
        "Leadership and governance": "Needs attention",
        "Early years": "Expected standard",
    }
    assert card.category == "Requires significant improvement"
    assert card.safeguarding == "Met"
    assert card.area_dates == {"Inclusion": date(2026, 1, 12)}
    assert old.framework is Framework.OVERALL
    assert old.grades["Overall effectiveness"] == "Requires improvement"
    assert old.safeguarding == "Yes"  # printed with two spaces in some releases
    assert old.category is None


def test_a_predecessors_inspection_names_its_urn(inspected):
    row = GRADES | {
        "Does the latest full inspection relate to the URN of the current school?": "No",
        "URN at time of latest full inspection": "900777",
    }
    found = [
        one for one in inspected([row]).school(900001).inspections if one.date == date(2019, 3, 14)
    ]
    assert [(one.urn, one.this_urn) for one in found] == [(900777, False)]


@pytest.mark.parametrize("printed", ["NULL", "", "Not applicable", "Yes"])
def test_only_a_plain_no_makes_an_inspection_a_predecessors(inspected, printed):
    row = GRADES | {
        "Does the latest full inspection relate to the URN of the current school?": printed,
        "URN at time of latest full inspection": "NULL",
    }
    found = [
        one for one in inspected([row]).school(900001).inspections if one.date == date(2019, 3, 14)
    ]
    assert [(one.urn, one.this_urn) for one in found] == [(900001, True)]


def test_one_number_for_two_schools_of_ofsteds_list_does_not_make_them_one(inspected):
    rows = [GRADES, GRADES | {"URN": "900002", "URN at time of latest full inspection": "900002"}]
    picture = inspected(rows)
    assert [picture.school(urn).school.urns for urn in (900001, 900002)] == [(900001,), (900002,)]


def test_the_departments_number_goes_before_ofsteds(inspected, publish, school):
    publish("2016-2017", [school(900001, ESTAB="2001")])
    publish("2017-2018", [school(900002, ESTAB="2002")])
    inspected([GRADES | {"LAESTAB": "9902001"}], "31-07-2024")
    picture = inspected([GRADES | {"URN": "900002", "LAESTAB": "9902001"}])
    assert [picture.school(urn).school.urns for urn in (900001, 900002)] == [(900001,), (900002,)]


def test_a_school_that_only_ofsted_lists_is_followed_by_its_number(inspected):
    inspected([GRADES], "31-07-2024")
    picture = inspected([GRADES | {"URN": "900002"}])
    assert picture.school(900001).school.urns == (900001, 900002)


def test_one_event_in_several_monthly_files_is_kept_once_from_the_newest(inspected):
    inspected([GRADES], "31-08-2023")
    picture = inspected([GRADES | {"Safeguarding is effective?": "No"}], "31-08-2024")
    found = picture.school(900001).inspections
    assert len(found) == len({(one.date, one.framework) for one in found}) == 3
    assert found[1].safeguarding == "No"


def test_newest_first(inspected):
    dates = [one.date for one in inspected([GRADES]).school(900001).inspections]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(
    "text",
    ["23-01-2019", "23/01/2019", "2019-01-23", "20190123", "23 January 2019", "23/01/2019 00:00"],
)
def test_dates_in_every_form_that_is_printed(text):
    assert read_date(text) == date(2019, 1, 23)


@pytest.mark.parametrize("text", ["", "NULL", "9", "soon", None])
def test_no_date_is_no_date(text):
    assert read_date(text) is None
