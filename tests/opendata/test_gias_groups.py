"""The register's lists of groups and of their members. Every school and trust is invented."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, Outcome

Write = Callable[[str, str | bytes], Path]
Load = Callable[..., FileReport]

GROUPS = (
    "Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type,"
    "Closed date,Open date,Incorporated on (open date),Group Status (code),Group Status,"
    "Group Street,Group Town,Group Postcode,Head of Group Title,Head of Group First Name,"
    "Head of Group Last Name,UKPRN"
)
MEMBERS = (
    "Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type,"
    "Group Status (code),Group Status,URN,LA (code),EstablishmentNumber,EstablishmentName,"
    "Date Joined Group,Date Left Group"
)


def member(urn: int, trust: str, joined: str = "01-09-2019", left: str = "") -> str:
    number = 2000 + urn % 1000
    return (
        f"5001,TR00001,{trust},01234567,06,Multi-academy trust,1,Open,{urn},990,{number},"
        f"Invented Academy {urn},{joined},{left}"
    )


def test_all_groups_are_a_register_of_no_school(write: Write, load_one: Load, store: Store) -> None:
    row = (
        "5001,TR00001,Invented Trust,01234567,06,Multi-academy trust,,01-09-2015,01-09-2015,1,Open,"
        "1 Invented Street,Inventown,ZZ1 1ZZ,Dr,Invented,Person,10000001"
    )
    report = load_one(write("allgroupsdata20260924.csv", "\r\n".join([GROUPS, row, row])))
    assert (report.outcome, report.kind, report.schools) == (Outcome.LOADED, "gias_groups", 0)
    assert str(report.as_at) == "2026-09-24"
    columns = store.frame(report.release).columns
    assert not [c for c in columns if "Head of Group" in c]


def test_membership_in_windows_1252_with_a_header_one_column_too_long(
    write: Write, load_one: Load, store: Store
) -> None:
    lines = [
        f"{MEMBERS},Notes",
        member(900001, "L’Étoile Trust"),
        member(900002, "L’Étoile Trust", left="31-08-2022"),
    ]
    content = "\r\n".join(lines).encode("cp1252")
    report = load_one(write("academiesmatmembership20260924.csv", content))
    assert (report.outcome, report.kind, report.schools) == (Outcome.LOADED, "gias_membership", 2)
    assert report.notes == (
        "every row is one field shorter than the header: its last column, Notes, holds nothing",
    )
    assert store.frame(report.release)["Group Name"].to_list() == ["L’Étoile Trust"] * 2


def test_a_column_too_many_in_the_midst_of_the_header_is_refused(
    write: Write, load_one: Load
) -> None:
    header = MEMBERS.replace("Group Status,URN", "Group Status,Notes,URN")
    lines = [header, member(900001, "Invented Trust"), member(900002, "Invented Trust")]
    report = load_one(write("academiesmatmembership20260924.csv", "\n".join(lines)))
    assert report.outcome is Outcome.REFUSED
    assert report.column == "EstablishmentNumber"
    assert "do not stand under their names" in report.problem


@pytest.mark.parametrize("lost", ["URN", "Group Name"])
def test_a_missing_column_is_named(write: Write, load_one: Load, lost: str) -> None:
    names = MEMBERS.split(",")
    at = names.index(lost)
    rows = [member(900001, "Invented Trust").split(",") for _ in range(2)]
    lines = [",".join(r[:at] + r[at + 1 :]) for r in (names, *rows)]
    report = load_one(write("academiesmatmembership20260924.csv", "\n".join(lines)))
    assert report.outcome is Outcome.REFUSED
    assert lost in report.problem
