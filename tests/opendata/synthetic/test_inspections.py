"""Inspections of three frameworks, with a school for every story in the partnership's authority."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from bridgehead.opendata.synthetic import inspections
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.records import SCALE, Record


@pytest.fixture(scope="module")
def ours(drawn: England) -> list[tuple[int, Record]]:
    records = inspections.make(drawn)
    return [(int(i), records[i]) for i in np.flatnonzero(drawn.register.ours)]


def test_a_category_of_concern_in_a_maintained_school_and_in_an_academy(
    drawn: England, ours: list[tuple[int, Record]]
) -> None:
    concerned = [i for i, r in ours if r.card and r.card.category]
    assert {bool(drawn.register.academy[i]) for i in concerned} == {True, False}


@pytest.mark.parametrize(
    "told",
    [
        lambda r: r.card and r.card.safeguarding == "Not met",
        lambda r: r.card and not r.card.category and "Urgent improvement" in r.card.areas.values(),
        lambda r: r.card and list(r.card.areas.values()).count("Needs attention") == 1,
        lambda r: (
            r.card
            and r.card.areas["Leadership and governance"] == "Needs attention"
            and r.graded
            and r.graded[-1].overall == 3
        ),
        lambda r: r.card and set(r.card.areas.values()) == {"Expected standard"},
        lambda r: r.card and "Exceptional" in r.card.areas.values(),
        lambda r: not r.card and r.graded and not r.graded[-1].overall,
        lambda r: not r.card and r.graded and r.graded[-1].on.year == 2012,
        lambda r: r.ungraded and r.ungraded[1] == "School remains Good (Concerns) - S5 Next",
        lambda r: r.ungraded and r.ungraded[1] == "Some aspects not as strong",
        lambda r: r.card and r.card.again,
        lambda r: r == Record(),
    ],
)
def test_every_story_is_told_of_a_school(ours: list[tuple[int, Record]], told) -> None:
    assert any(told(record) for _, record in ours)


def test_secure_report_cards_go_to_rising_falling_and_level_schools(
    drawn: England, ours: list[tuple[int, Record]]
) -> None:
    worse = set(SCALE[3:])
    secure = [
        i
        for i, r in ours
        if r.card and r.card.safeguarding == "Met" and not set(r.card.areas.values()) & worse
    ]
    assert {int(np.sign(drawn.trend[i])) for i in secure} == {-1, 0, 1}


def test_nothing_is_dated_outside_its_framework(drawn: England) -> None:
    for record in inspections.make(drawn):
        for event in record.graded:
            assert (event.on < date(2024, 9, 1)) == bool(event.overall)
        if record.card:
            assert date(2025, 11, 10) <= record.card.on < date(2026, 10, 31)
        assert [g.on for g in record.graded] == sorted(g.on for g in record.graded)


def test_the_three_layouts_hold_what_their_month_knew(read) -> None:
    in_2024 = read("as_at_31_Aug_2024", encoding="windows-1252")
    in_2025 = read("as_at_30_Jun_2025", encoding="windows-1252")
    in_2026 = read("as_at_31_Oct_2026", encoding="windows-1252")
    assert "Not judged" not in set(in_2024["Overall effectiveness"])
    judged = in_2025.filter(pl.col("Overall effectiveness") == "Not judged")
    assert judged.height > 5
    assert set(judged["Quality of education"]) <= {"1", "2", "3", "4"}
    assert "Overall effectiveness" not in in_2026.columns
    assert set(in_2026["Inclusion"]) - {"NULL"} <= set(SCALE)
    dated = in_2026.filter(pl.col("Inclusion") != "NULL")
    assert dated["Inclusion - date of grade"].str.contains(r"^\d\d/\d\d/202[56]$").all()


def test_an_area_that_was_graded_again_has_its_first_grade_in_may_and_its_second_in_october(
    read,
) -> None:
    area, day = "Achievement", "Achievement - date of grade"
    in_may, in_october = (
        read(f"as_at_{month}_2026", encoding="windows-1252").filter(
            pl.col("Inspection start date") != pl.col(day)
        )
        for month in ("31_May", "31_Oct")
    )
    assert in_may.height == 0
    (again,) = in_october.rows(named=True)
    assert (again[area], again[day]) == ("Expected standard", "15/09/2026")
    before = read("as_at_31_May_2026", encoding="windows-1252").filter(
        pl.col("URN") == again["URN"]
    )
    assert before[area].to_list() == ["Needs attention"]


def test_a_report_card_that_is_not_published_yet_says_nothing_of_a_category(read) -> None:
    in_may = read("as_at_31_May_2026", encoding="windows-1252")
    without = in_may.filter(pl.col("Inclusion") == "NULL")
    assert (
        not set(without["Most recent category of concern"])
        - {"NULL"}
        - set(without["Latest OEIF category of concern"])
    )
    assert without.height < in_may.height


def test_an_inspection_of_the_school_before_it_became_an_academy_says_so(read) -> None:
    table = read("as_at_31_Oct_2026", encoding="windows-1252")
    before = table.filter(
        pl.col("Does the latest OEIF graded inspection relate to the URN of the current school?")
        == "No"
    )
    assert before.height > 0
    assert (before["URN at time of latest OEIF graded inspection"] != before["URN"]).all()
