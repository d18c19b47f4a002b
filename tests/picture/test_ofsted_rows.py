"""One row of Ofsted's files, cell by cell. All invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.opendata.kind import normal
from bridgehead.picture.inspections import inspected_urn
from bridgehead.picture.model import Framework
from bridgehead.picture.ofsted_rows import AREAS, BLOCKS, CATEGORIES, Found, grade, read_block

HERE, BEFORE = 900001, 900777


def read(row: dict[str, str]) -> list[Found]:
    """What the blocks say of a row with these published columns."""
    cells = {normal(name): text for name, text in row.items()}
    return [found for block in BLOCKS if (found := read_block(block, cells)) is not None]


@pytest.mark.parametrize("relates", ["Yes", "NULL", "", None])
def test_without_a_no_the_urn_at_the_time_decides(relates):
    assert inspected_urn(HERE, str(HERE), relates) == HERE
    assert inspected_urn(HERE, None, relates) == HERE
    assert inspected_urn(HERE, "NULL", relates) == HERE
    assert inspected_urn(HERE, str(BEFORE), relates) == BEFORE


@pytest.mark.parametrize("relates", ["No", "no", "NO", "N", "False"])
def test_a_no_is_honoured_whatever_the_urn_at_the_time(relates):
    assert inspected_urn(HERE, str(BEFORE), relates) == BEFORE
    for unknown in (None, "", "NULL", str(HERE)):
        assert inspected_urn(HERE, unknown, relates) is None


WORDS = ("Exceptional", "Strong standard", "Expected standard", "Needs attention")
GRADES = st.sampled_from((*WORDS, "Urgent improvement", "NULL", ""))
PRINTED = st.sampled_from(("", "NULL", "None", "SM", "RSI", "SWK", "Special measures"))


@given(st.dictionaries(st.sampled_from(AREAS), GRADES), st.sampled_from("1234"), PRINTED, PRINTED)
def test_a_category_is_what_is_printed_beside_its_inspection(areas, overall, category, older):
    found = read(
        areas
        | {
            "Inspection start date": "12/01/2026",
            "Safeguarding standards": "Not met",
            "Category of concern": category,
            "Inspection start date of latest OEIF graded inspection": "14/03/2019",
            "Latest OEIF overall effectiveness": overall,
            "Latest OEIF category of concern": older,
            "Most recent category of concern": "SM",
        }
    )
    none = ("", "NULL", "None")
    told = [None if c in none else CATEGORIES.get(c.casefold(), c) for c in (category, older)]
    assert [one.category for one in found] == told
    assert [one.framework for one in found] == [Framework.REPORT_CARD, Framework.OVERALL]


@given(st.sampled_from(WORDS), st.sampled_from("1234"))
def test_no_grade_of_one_framework_is_told_in_the_words_of_another(word, number):
    card, older = read(
        {
            "Inspection start date": "12/01/2026",
            "Inclusion": word,
            "Inspection start date of latest OEIF graded inspection": "14/03/2019",
            "Latest OEIF overall effectiveness": number,
        }
    )
    assert set(card.grades.values()) == {word}
    assert not set(older.grades.values()) & {*WORDS, "Urgent improvement"}


def test_a_short_inspection_of_2019_is_a_visit_with_its_own_words():
    (found,) = read(
        {
            "Date of latest short inspection": "05/02/2019",
            "Short inspection publication date": "01/03/2019",
            "Short inspection overall outcome": "School remains Good",
        }
    )
    assert found == Found(
        Framework.UNGRADED, date(2019, 2, 5), date(2019, 3, 1), outcome="School remains Good"
    )


@pytest.mark.parametrize(
    ("printed", "day", "word"),
    [
        ("3", date(2012, 8, 31), "Satisfactory"),
        ("3", date(2012, 9, 1), "Requires improvement"),
        ("Satisfactory", date(2014, 3, 25), "Satisfactory"),
        ("Requires Improvement", date(2019, 3, 14), "Requires improvement"),
        ("9", date(2019, 3, 14), None),
        ("Not judged", date(2025, 1, 14), None),
    ],
)
def test_a_grade_has_the_word_of_its_day(printed, day, word):
    assert grade(printed, day) == word


@pytest.mark.parametrize(
    ("day", "framework"),
    [
        ("31/08/2024", Framework.OVERALL),
        ("01/09/2024", Framework.KEY_JUDGEMENTS),
        ("09/11/2025", Framework.KEY_JUDGEMENTS),
    ],
)
def test_a_row_without_an_overall_grade_is_under_the_framework_of_its_day(day, framework):
    (found,) = read({"Inspection start date": day, "Quality of education": "2"})
    assert found.framework is framework
    assert found.grades == {"Quality of education": "Good"}
