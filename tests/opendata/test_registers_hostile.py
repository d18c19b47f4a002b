"""Registers, older tables and lists of inspections that contradict themselves or hold what is no
number and no date: told, and never chosen from in silence. All rows are invented."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, Outcome

Write = Callable[[str, str], Path]
LoadOne = Callable[..., FileReport]
GIAS = (
    "URN,LA (code),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
    "EstablishmentStatus (name),PhaseOfEducation (name),StatutoryLowAge,Easting,LastChangedDate"
)
ROW = "{urn},990,{number},Synthetic {urn},Community school,Open,Primary,4,500000,01-09-2025"
NAME = "2018-2019_936_ks2final.csv"


def gias(*rows: str) -> str:
    return "\r\n".join([GIAS, *rows, ""])


@pytest.mark.parametrize(
    ("number", "issued"),
    [("2001", 9902001), ("0", None), ("1", None), ("999", None), ("", None), ("20010", None)],
)
def test_a_number_that_only_fills_the_place_is_no_laestab(
    write: Write, load_one: LoadOne, store: Store, number: str, issued: int | None
) -> None:
    load_one(write("gias.csv", gias(ROW.format(urn=900001, number=number))))
    assert store.frame(store.cards()[0].id, [])["_laestab"].to_list() == [issued]


def test_a_school_that_stands_twice_in_the_register_is_told(
    write: Write, load_one: LoadOne
) -> None:
    rows = [ROW.format(urn=urn, number=2001) for urn in (900001, 900002, 900001)]
    (note,) = load_one(write("gias.csv", gias(*rows))).notes
    assert note == "rows 2 and 4 are both of URN 900001: the first is believed"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "gias.csv",
            gias(ROW.format(urn=1, number=2001).replace("01-09", "30-02")),
            "'30-02-2025'",
        ),
        (
            "links.csv",
            "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n1,2,A,Successor,31/06/2020\n",
            "'31/06/2020'",
        ),
        (
            "membership.csv",
            "URN,Group UID,Group Name,Group Type,Date Joined Group,Date Left Group\n"
            "1,2,A,Multi-academy trust,01-09-2020,soon\n",
            "'soon'",
        ),
        ("ratings.csv", "URN,Rating,Inspection Date\n1,Good,2020-02-30\n", "'2020-02-30'"),
    ],
)
def test_what_is_no_date_is_told(
    write: Write, load_one: LoadOne, name: str, text: str, said: str
) -> None:
    found = load_one(write(name, text))
    assert found.outcome is Outcome.LOADED
    (note,) = found.notes
    assert "no date" in note
    assert f"row 2 ({said})" in note


def test_a_date_that_is_not_given_is_no_fault(write: Write, load_one: LoadOne) -> None:
    text = "URN,Rating,Inspection Date\n1,Good,2020-02-03\n2,Good,NULL\n3,Good,\n"
    assert load_one(write("ratings.csv", text)).notes == ()


def test_of_older_rows_of_one_school_that_differ_none_stands(
    write: Write, load_one: LoadOne, store: Store, ks2: str
) -> None:
    lines = ks2.split("\r\n")
    twice = [*lines[:2], lines[1].replace("61%", "62%"), *lines[2:]]
    (note,) = load_one(write(NAME, "\r\n".join(twice))).notes
    assert note.startswith("rows 2 and 3 contradict one another in PTRWM_EXP, of URN 100001")
    assert store.frame(store.cards()[0].id, [])["_scope"].to_list()[:3] == ["repeated"] * 2 + [
        "school"
    ]


def test_of_older_rows_of_one_school_that_say_the_same_the_first_stands(
    write: Write, load_one: LoadOne, store: Store, ks2: str
) -> None:
    lines = ks2.split("\r\n")
    (note,) = load_one(write(NAME, "\r\n".join([*lines[:2], *lines[1:]]))).notes
    assert note == "rows 2 and 3 repeat one another, of URN 100001"
    assert store.frame(store.cards()[0].id, [])["_scope"].to_list()[:2] == ["school", "repeated"]


def test_an_older_row_wider_than_its_header_is_refused(
    write: Write, load_one: LoadOne, store: Store, ks2: str
) -> None:
    found = load_one(write(NAME, ks2.replace("Synthetic B", "Synthetic, B")))
    assert (found.outcome, found.row) == (Outcome.REFUSED, 3)
    assert "10 cells under 9 columns" in found.problem
    assert not store.cards()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("2018-2019_936_abs.csv", "LA,ESTAB,URN,PERCTOT,PPERSABS10\n936,2001,100001,4,5,9.1\n"),
        ("ratings.csv", "URN,Rating,Inspection Date\n1,Good, at last,2020-02-03\n"),
    ],
)
def test_absence_and_ratings_wider_than_their_header_are_refused(
    write: Write, load_one: LoadOne, name: str, text: str
) -> None:
    found = load_one(write(name, text))
    assert (found.outcome, found.row) == (Outcome.REFUSED, 2)
    assert "so that they do not stand under their names" in found.problem
