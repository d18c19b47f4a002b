"""Inspections as printed: every layout, predecessors, categories that are read and never derived.

The files are synthetic, in the layouts that Ofsted publishes.
"""

import csv
from datetime import UTC, date, datetime
from itertools import count

import pytest

from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.inspections import inspected_urn, read_date
from bridgehead.picture.model import Framework, Regraded
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


#: To August 2025 Ofsted wrote "graded" where it wrote "full" before.
GRADED = {
    key.replace("full inspection", "graded inspection"): value for key, value in GRADES.items()
} | {
    "Does the previous graded inspection relate to the URN of the current school?": "Yes",
    "Does the ungraded inspection relate to the URN of the current school?": "Yes",
    "URN at time of the ungraded inspection": "900001",
    "Did the latest ungraded inspection convert to a graded inspection?": "No",
}
#: To the summer of 2023 a visit without grades was a "section 8 inspection".
SECTION_8 = {key: value for key, value in GRADES.items() if "ungraded" not in key.casefold()} | {
    "Date of latest section 8 inspection": "02/10/2021",
    "Section 8 inspection publication date": "10/11/2021",
    "Does the section 8 inspection relate to the URN of the current school?": "Yes",
    "URN at time of the section 8 inspection": "900001",
    "Section 8 inspection overall outcome": "School remains Good (Concerns) - S5 Next",
}
#: A file of all inspections of a year: a row for each, and other words for the one before.
OF_A_YEAR = WHO | {
    "Inspection start date": "14/03/2019",
    "Publication date": "20/04/2019",
    "Outcomes for section 8 inspections and short inspections that did not convert": "NULL",
    "Overall effectiveness": "3",
    "Category of concern": "",
    "Quality of teaching, learning and assessment": "3",
    "Outcomes for pupils": "2",
    "Is safeguarding effective?": "Yes",
    "Previous inspection start date": "11/06/2014",
    "Previous overall effectiveness": "4",
    "Does the previous inspection relate to the school in its current form?": "No",
    "URN at time of previous inspection": "900777",
}


def on(picture, urn, day):
    """The inspections of a school on one day."""
    return [one for one in picture.school(urn).inspections if one.date == day]


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


@pytest.mark.parametrize("layout", [GRADES, GRADED, SECTION_8], ids=["full", "graded", "section 8"])
def test_a_row_says_the_same_in_every_wording_of_its_columns(inspected, layout):
    found = inspected([layout]).school(900001).inspections
    assert [(one.date, one.framework) for one in found] == [
        (date(2021, 10, 2), Framework.UNGRADED),
        (date(2019, 3, 14), Framework.OVERALL),
        (date(2014, 6, 11), Framework.OVERALL),
    ]
    assert found[0].outcome == "School remains Good (Concerns) - S5 Next"
    assert found[2].grades["Overall effectiveness"] == "Inadequate"
    assert found[2].category == "Special measures"
    assert all(one.this_urn and one.urn == 900001 for one in found)


@pytest.mark.parametrize("what", ["full", "graded"])
@pytest.mark.parametrize("which", ["latest", "previous"])
def test_the_flag_is_honoured_in_both_wordings(inspected, what, which):
    layout = GRADES if what == "full" else GRADED
    row = layout | {
        f"Does the {which} {what} inspection relate to the URN of the current school?": "No",
        f"URN at time of {which} {what} inspection": "900777",
    }
    day = date(2019, 3, 14) if which == "latest" else date(2014, 6, 11)
    (found,) = on(inspected([row]), 900001, day)
    assert (found.urn, found.this_urn) == (900777, False)


def test_a_predecessors_visit_is_the_predecessors(inspected):
    row = SECTION_8 | {
        "Does the section 8 inspection relate to the URN of the current school?": "No",
        "URN at time of the section 8 inspection": "900777",
    }
    (visit,) = on(inspected([row]), 900001, date(2021, 10, 2))
    assert (visit.urn, visit.this_urn) == (900777, False)


@pytest.mark.parametrize("at", ["NULL", "", "900001"], ids=["NULL", "empty", "its own"])
def test_a_no_without_another_urn_leaves_the_urn_unknown(inspected, at):
    row = GRADES | {
        "Does the latest full inspection relate to the URN of the current school?": "No",
        "URN at time of latest full inspection": at,
    }
    (found,) = on(inspected([row]), 900001, date(2019, 3, 14))
    assert (found.urn, found.this_urn) == (None, False)


def test_an_older_release_can_name_the_predecessor_that_a_newer_leaves_out(inspected):
    said_no = {"Does the latest full inspection relate to the URN of the current school?": "No"}
    named = {"URN at time of latest full inspection": "900777"}
    inspected([GRADES | said_no | named], "31-08-2023")
    unnamed = {"URN at time of latest full inspection": "NULL"}
    (found,) = on(inspected([GRADES | said_no | unnamed]), 900001, date(2019, 3, 14))
    assert (found.urn, found.this_urn) == (900777, False)


def test_an_inspection_of_a_school_of_another_chain_is_that_schools_own(inspected, publish, school):
    """The chain is cut where both URNs have results in one year: they were two schools then."""
    publish("2017-2018", [school(900001, ESTAB="2001"), school(900777, ESTAB="2777")])
    row = GRADES | {
        "Does the latest full inspection relate to the URN of the current school?": "No",
        "URN at time of latest full inspection": "900777",
    }
    picture = inspected([row])
    (here,) = on(picture, 900001, date(2019, 3, 14))
    (there,) = on(picture, 900777, date(2019, 3, 14))
    assert (here.urn, here.this_urn) == (900777, False)
    assert (there.urn, there.this_urn) == (900777, True)
    # What was of the first school alone does not come to the other.
    assert len(picture.school(900777).inspections) == 1


def test_an_old_urns_row_is_the_predecessors_in_a_chain(inspected, publish, school):
    publish("2016-2017", [school(900000, ESTAB="2001")])
    publish("2017-2018", [school(900001, ESTAB="2001")])
    own = {"URN": "900000", "URN at time of latest full inspection": "900000"}
    picture = inspected([GRADES | own])
    assert picture.school(900001).school.urns == (900000, 900001)
    (found,) = on(picture, 900001, date(2019, 3, 14))
    assert (found.urn, found.this_urn) == (900000, False)


def test_a_category_is_read_beside_good_grades_too(inspected):
    row = GRADES | {"Overall effectiveness": "2", "Category of concern": "SWK"}
    (found,) = on(inspected([row]), 900001, date(2019, 3, 14))
    assert found.grades["Overall effectiveness"] == "Good"
    assert found.category == "Serious weaknesses"


@pytest.mark.parametrize("printed", ["NULL", "", "Not applicable"])
def test_a_report_card_at_its_lowest_has_no_category_unless_one_is_printed(inspected, printed):
    worst = dict.fromkeys(("Inclusion", "Leadership and governance"), "Urgent improvement")
    row = CARD | worst | {"Category of concern": printed, "Safeguarding standards": "Not met"}
    card, _ = inspected([row], "31-03-2026").school(900001).inspections
    assert (card.category, card.safeguarding) == (None, "Not met")


def test_a_category_of_no_named_inspection_is_given_to_none(inspected):
    row = CARD | {"Category of concern": "NULL", "Most recent category of concern": "SM"}
    found = inspected([row], "31-03-2026").school(900001).inspections
    assert [one.category for one in found] == [None, None]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SM", "Special measures"),
        ("RSI", "Requires significant improvement"),
        ("SWK", "Serious weaknesses"),
        ("Special measures", "Special measures"),
    ],
)
def test_ofsteds_short_forms_of_a_category_are_told_in_words(inspected, code, words):
    card, _ = (
        inspected([CARD | {"Category of concern": code}], "31-03-2026").school(900001).inspections
    )
    assert card.category == words


def test_a_category_stands_though_nothing_else_is_printed(inspected):
    empty = dict.fromkeys((*(k for k in GRADES if "ffective" in k), "Quality of education"), "NULL")
    row = GRADES | empty | {"Category of concern": "SM"}
    (found,) = on(inspected([row]), 900001, date(2019, 3, 14))
    assert (found.category, found.grades) == ("Special measures", {})


def test_a_missing_overall_grade_does_not_move_an_old_inspection_to_another_framework(inspected):
    (found,) = on(
        inspected([GRADES | {"Overall effectiveness": "NULL"}]), 900001, date(2019, 3, 14)
    )
    assert found.framework is Framework.OVERALL
    assert "Overall effectiveness" not in found.grades


def test_a_three_before_september_2012_was_satisfactory(inspected):
    row = GRADES | {
        "Previous inspection start date": "11/06/2012",
        "Previous full inspection overall effectiveness": "3",
    }
    picture = inspected([row])
    assert [
        one.grades["Overall effectiveness"] for one in picture.school(900001).inspections[1:]
    ] == [
        "Requires improvement",
        "Satisfactory",
    ]


def test_a_visit_that_became_a_graded_inspection_says_so(inspected):
    row = GRADED | {
        "Ungraded inspection overall outcome": "NULL",
        "Did the latest ungraded inspection convert to a graded inspection?": "Yes",
    }
    (visit,) = on(inspected([row]), 900001, date(2021, 10, 2))
    assert visit.outcome == "Converted to a graded inspection"


def test_a_file_of_all_inspections_of_a_year_gives_graded_ones_and_visits(inspected):
    visit = OF_A_YEAR | {
        "Inspection start date": "05/02/2019",
        "Overall effectiveness": "9",
        "Quality of teaching, learning and assessment": "9",
        "Outcomes for pupils": "9",
        "Is safeguarding effective?": "NULL",
        "Outcomes for section 8 inspections and short inspections that did not convert": (
            "School remains Good"
        ),
    }
    found = inspected([OF_A_YEAR, visit]).school(900001).inspections
    assert [(one.framework, one.date) for one in found] == [
        (Framework.OVERALL, date(2019, 3, 14)),
        (Framework.UNGRADED, date(2019, 2, 5)),
        (Framework.OVERALL, date(2014, 6, 11)),
    ]
    assert found[0].grades == {
        "Overall effectiveness": "Requires improvement",
        "Outcomes for pupils": "Good",
        "Quality of teaching, learning and assessment": "Requires improvement",
    }
    assert found[0].safeguarding == "Yes"
    assert found[1].outcome == "School remains Good"
    assert (found[2].urn, found[2].this_urn) == (900777, False)


AGAIN = CARD | {
    "Leadership and governance": "Expected standard",
    "Leadership and governance - date of grade": "15/06/2026",
}


def test_an_area_that_was_graded_again_keeps_both_grades_with_their_dates(inspected):
    first = CARD | {"Leadership and governance - date of grade": "12/01/2026"}
    inspected([first], "31-03-2026")
    card = inspected([AGAIN], "31-07-2026").school(900001).inspections[0]
    assert card.date == date(2026, 1, 12)
    assert card.grades["Leadership and governance"] == "Expected standard"
    assert card.graded_later("Leadership and governance") == date(2026, 6, 15)
    assert card.graded_later("Inclusion") is None
    assert card.earlier == (
        Regraded("Leadership and governance", date(2026, 1, 12), "Needs attention"),
    )
    # The release after that says the same again: nothing more was given again.
    newer = AGAIN | {"School name": "Invented Primary School"}
    third = inspected([newer], "31-08-2026").school(900001).inspections[0]
    assert third.earlier == card.earlier


def test_without_an_older_release_the_grade_before_is_not_known(inspected):
    card = inspected([AGAIN], "31-07-2026").school(900001).inspections[0]
    assert card.graded_later("Leadership and governance") == date(2026, 6, 15)
    assert card.earlier == ()


def test_a_grade_put_right_under_the_same_date_was_not_given_again(inspected):
    inspected([CARD], "31-03-2026")
    put_right = CARD | {"Inclusion": "Expected standard"}
    card = inspected([put_right], "30-04-2026").school(900001).inspections[0]
    assert (card.grades["Inclusion"], card.earlier) == ("Expected standard", ())


def test_safeguarding_that_was_judged_again_keeps_both(inspected):
    inspected([CARD | {"Safeguarding standards": "Not met"}], "31-03-2026")
    met = CARD | {"Safeguarding standards - date of grade": "15/06/2026"}
    card = inspected([met], "31-07-2026").school(900001).inspections[0]
    assert card.safeguarding == "Met"
    assert card.graded_later("Safeguarding standards") == date(2026, 6, 15)
    assert card.earlier == (Regraded("Safeguarding standards", date(2026, 1, 12), "Not met"),)


@pytest.mark.parametrize(
    "text",
    ["23-01-2019", "23/01/2019", "2019-01-23", "20190123", "23 January 2019", "23/01/2019 00:00"],
)
def test_dates_in_every_form_that_is_printed(text):
    assert read_date(text) == date(2019, 1, 23)


@pytest.mark.parametrize("text", ["", "NULL", "9", "soon", None])
def test_no_date_is_no_date(text):
    assert read_date(text) is None


@pytest.mark.parametrize("at", ["²", "9" * 5000, "9" * 14, "-900002", "९०००००", "none"])
def test_what_is_no_urn_at_the_time_names_no_other_school(at):
    assert inspected_urn(900001, at, "Yes") == 900001
    assert inspected_urn(900001, at, "No") is None
