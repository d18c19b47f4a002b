"""Ofsted's management information in its three documented layouts (made up, synthetic)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bridgehead.opendata.kind import Role
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, Outcome
from bridgehead.opendata.sources.ofsted_mi import OFSTED_MI

WHO = "URN,LAESTAB,School name,Ofsted phase,Type of education,Local authority"
SCHOOL = "100001,9362001,Synthetic – Primary,Primary,Community School,Synthshire"
JUDGEMENTS = (
    "Category of concern,Quality of education,Behaviour and attitudes,Personal development,"
    "Effectiveness of leadership and management,Safeguarding is effective?,"
    "Early years provision (where applicable),Sixth form provision (where applicable)"
)
DATES = "Inspection start date,Publication date"
SINCE = (
    "URN at time of latest full inspection,"
    "Does the latest full inspection relate to the URN of the current school?"
)
TO_2024 = (
    f"{WHO},{DATES},Overall effectiveness,{JUDGEMENTS},{SINCE}",
    f"{SCHOOL},14/05/2024,20/06/2024,2,NULL,2,1,2,2,Yes,2,9,100001,Yes",
)
IN_2025 = (
    f"{WHO},{DATES},{JUDGEMENTS},Ungraded inspection overall outcome",
    f"{SCHOOL},14/01/2025,20/02/2025,SM,4,3,2,4,No,Not judged,NULL,School remains Good",
)
CARDS = (
    f"{WHO},{DATES},Category of concern,Safeguarding standards,Inclusion,"
    "Inclusion - date of grade,Achievement,Achievement - date of grade,Leadership and governance,"
    "Latest OEIF overall effectiveness,Latest OEIF  safeguarding is effective?",
    f"{SCHOOL},18/11/2025,12/01/2026,NULL,Met,Strong standard,18/11/2025,Needs attention,"
    "18/11/2025,Expected standard,2,Yes",
)


@pytest.mark.parametrize(
    ("layout", "column", "raw"),
    [
        (TO_2024, "Overall effectiveness", "2"),
        (IN_2025, "Quality of education", "4"),
        (IN_2025, "Category of concern", "SM"),
        (CARDS, "Inclusion", "Strong standard"),
        (CARDS, "Latest OEIF  safeguarding is effective?", "Yes"),
    ],
    ids=["to August 2024", "2024/25", "2024/25 category", "report card", "two spaces"],
)
def test_each_layout_is_read_and_no_grade_is_converted(
    write: Callable[..., Path],
    load_one: Callable[..., FileReport],
    store: Store,
    layout: tuple[str, str],
    column: str,
    raw: str,
) -> None:
    name = "Management_information_as_at_31_Aug_2026_synthetic.csv"
    report = load_one(write(name, ("\r\n".join(layout) + "\r\n").encode("cp1252")))
    assert (report.outcome, report.kind, report.problem) == (Outcome.LOADED, "ofsted_mi", "")
    assert (report.unknown_columns, report.as_at) == ((), date(2026, 8, 31))
    assert report.area == "936"
    frame = store.frame(report.release, [column])
    assert frame[column].to_list() == [raw]
    assert frame["_laestab"].to_list() == [9362001]


def test_the_date_is_the_latest_publication_where_the_name_says_none(
    write: Callable[..., Path], load_one: Callable[..., FileReport]
) -> None:
    report = load_one(write("mi.csv", "\n".join(TO_2024)))
    assert (report.as_at, report.as_at_from) == (
        date(2024, 6, 20),
        "the latest date in Publication date",
    )


@pytest.mark.parametrize("column", ["URN", "School name", "Ofsted phase", "Category of concern"])
def test_a_missing_required_column_is_named(
    write: Callable[..., Path], load_one: Callable[..., FileReport], column: str
) -> None:
    header, row = TO_2024
    report = load_one(write("mi.csv", f"{header.replace(column, 'Mislaid', 1)}\n{row}\n"))
    assert report.outcome is Outcome.REFUSED
    assert "Ofsted management information" in report.problem
    assert f"missing: {column}" in report.problem


#: The columns of four layouts, in the order in which Ofsted has published them.
LAYOUTS = sorted((Path(__file__).parent / "ofsted").glob("*.txt"))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: path.stem)
def test_every_published_column_is_known(layout: Path) -> None:
    columns = layout.read_text(encoding="utf-8").splitlines()
    assert OFSTED_MI.missing(columns) == []
    assert OFSTED_MI.likeness(columns) == 1.0
    strange = [c for c in columns if OFSTED_MI.role(c, None) in (Role.UNKNOWN, Role.PERSON)]
    assert strange == []


def test_a_column_that_ofsted_has_not_published_would_be_noticed() -> None:
    assert OFSTED_MI.role("Invented judgement", None) is Role.UNKNOWN
