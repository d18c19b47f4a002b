"""No name of a person, and no original file, is ever found under the home folder."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bridgehead.opendata.people import names_people
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, Outcome

CANARY = "Xanthippe Quillfeather"
HEADER = (
    "URN,LA (code),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
    "EstablishmentStatus (name),PhaseOfEducation (name),StatutoryLowAge,Easting,"
    "HeadTitle (name),HeadFirstName,HeadLastName,HeadPreferredJobTitle,SchoolWebsite,"
    "PropsName,OfstedRating (name),LastChangedDate,ContactEmail,Remarks"
)
SCHOOL = "1000{n},936,200{n},Synthetic {n},Community school,Open,Primary,4,500000"
PEOPLE = f"Ms,{CANARY},{CANARY},{CANARY},www.example.test,{CANARY},Good,01-09-2026,{CANARY}@x.test,"
PLAIN = "Mr,,,Headteacher,www.example.test,,Good,01-09-2026,,"


def everything_under(home: Path) -> str:
    """All that is on disk as text, Parquet files unpacked."""
    seen = []
    for path in home.rglob("*"):
        if path.suffix == ".parquet":
            seen.append(pl.read_parquet(path).write_csv())
            seen.append(str(pl.read_parquet_metadata(path)))
        if path.is_file():
            seen.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(seen)


def gias(*rows: str) -> str:
    return "\r\n".join([HEADER, *rows]) + "\r\n"


@pytest.mark.parametrize(
    "row",
    [
        SCHOOL.format(n=1) + "," + PEOPLE + "fine",
        SCHOOL.format(n=1) + "," + PEOPLE + f"ask {CANARY}@x.test",
        SCHOOL.format(n=1) + ",spilled," + PEOPLE + "fine",
        SCHOOL.format(n=1) + ",spilled,twice," + PEOPLE + CANARY,
        SCHOOL.format(n=1) + "," + PEOPLE.replace("www.example.test", f"{CANARY}@x.test") + "fine",
    ],
    ids=["in its own columns", "as an address", "pushed by one", "pushed by two", "as a website"],
)
def test_a_canary_name_is_nowhere_on_disk(
    write: Callable[..., Path],
    load_one: Callable[..., FileReport],
    store: Store,
    tmp_path: Path,
    row: str,
) -> None:
    other = SCHOOL.format(n=2) + "," + PLAIN
    path = write("gias.csv", gias(row, other))
    report = load_one(path)
    assert report.outcome is Outcome.LOADED
    assert {"HeadFirstName", "HeadLastName", "PropsName", "ContactEmail"} <= set(
        report.dropped_columns
    )
    path.unlink()
    seen = everything_under(store.home)
    assert "Synthetic 2" in seen
    assert "Quillfeather" not in seen
    assert "HeadLastName" not in pl.read_parquet(next(store.home.rglob("*.parquet"))).columns


def test_the_original_file_is_not_kept(
    write: Callable[..., Path], load_one: Callable[..., FileReport], store: Store
) -> None:
    path = write("gias.csv", gias(SCHOOL.format(n=1) + "," + PLAIN))
    load_one(path)
    kept = {p.name for p in store.home.rglob("*") if p.is_file()}
    assert kept == {"cells.parquet", "card.json", ".lock"}


@pytest.mark.parametrize(
    "column",
    ["HeadTitle", "Headteacher", "HEAD_NAME", "Head of Trust First Name", "PropsName", "E-mail",
     "email address", "Lead inspector", "Inspector Name", "FirstName", "Surname", "Chair name",
     "Principal name", "Accounting Officer", "Main contact", "Date of birth", "CEO", "Principal",
     "Name of head", "Head's name", "Head’s name", "Staff contact", "Prepared by", "Approved_By",
     "Teacher", "Class teacher", "Caretaker", "Clerk", "Executive Leader", "Name of the principal"],
)  # fmt: skip
def test_columns_that_name_people_are_known_by_their_names(column: str) -> None:
    assert names_people(column)


@pytest.mark.parametrize(
    "column",
    ["EstablishmentName", "SCHNAME", "School name", "InspectorateName (name)", "LA (name)",
     "Local authority", "Group Name", "TELNUM", "Headcount", "PTRWM_EXP", "Inspection start date",
     "Trusts (name)", "PropertyName", "Leadership and governance", "SchoolSponsors (name)"],
)  # fmt: skip
def test_columns_about_schools_are_kept(column: str) -> None:
    assert not names_people(column)
