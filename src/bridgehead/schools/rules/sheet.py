"""A sheet of members: pasted from a spreadsheet, or a CSV file, read row by row.

Every row is looked at before anything is written, and every fault has its row, column, value and
remedy, so that one look at the sheet mends them all.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bridgehead.schools.rules.kinds import MemberKind

MOST_ROWS = 2000
LONGEST = {"name": 200, "town": 100, "postcode": 10}
#: Heading as people write it, in lower case → the column that is meant.
HEADINGS = {
    "urn": "urn",
    "kind": "kind",
    "type": "kind",
    "name": "name",
    "organisation": "name",
    "town": "town",
    "postcode": "postcode",
    "post code": "postcode",
}
EXAMPLE = "urn,kind,name,town,postcode"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member as it is asked for: a school of the register by its URN, or anything else by kind
    and name. ``number`` is the row of the sheet; the heading is row 1."""

    number: int
    urn: int | None
    kind: MemberKind | None
    name: str
    town: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row is not taken. ``column`` and ``value`` are empty where the row as a whole is
    meant."""

    number: int
    column: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"Row {self.number}"
        if self.column:
            where += f", {self.column}"
        if self.value:
            where += f", “{self.value}”"
        return f"{where}: {self.problem} {self.remedy}"


def read_sheet(text: str) -> tuple[list[MemberRow], list[Fault]]:
    """The rows of a sheet with its faults. Where there are faults, nothing of it may be written.

    Columns are separated by tabs, semicolons or commas, whichever the heading has most of.
    """
    heading = text.lstrip("\ufeff\n\r").split("\n", 1)[0]
    delimiter = max("\t;,", key=heading.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff\n\r"), newline=""), delimiter=delimiter)
    try:
        lines = [[cell.strip() for cell in line] for line in reader]
    except csv.Error as error:
        return [], [Fault(1, "", "", f"The sheet cannot be read: {error}.", "Save it as CSV.")]
    if not any(any(line) for line in lines):
        return [], [Fault(1, "", "", "The sheet is empty.", f"Begin it with {EXAMPLE}.")]
    columns, faults = _columns(lines[0])
    if faults:
        return [], faults
    filled = [(n, line) for n, line in enumerate(lines[1:], 2) if any(line)]
    if not filled:
        return [], [Fault(2, "", "", "There is no row under the heading.", "Add one a member.")]
    if len(filled) > MOST_ROWS:
        problem = f"The sheet has {len(filled):,} rows; {MOST_ROWS:,} are taken at once."
        return [], [Fault(MOST_ROWS + 2, "", "", problem, "Send it in parts.")]
    rows: list[MemberRow] = []
    for number, line in filled:
        row, wrong = _row(number, line, columns)
        faults += wrong
        if row:
            rows.append(row)
    return rows, faults + _doubled(rows)


def _columns(line: list[str]) -> tuple[list[str], list[Fault]]:
    """The column that each heading means."""
    faults = []
    columns = [HEADINGS.get(cell.lower(), "") for cell in line]
    for cell, column in zip(line, columns, strict=True):
        if not column:
            problem = "This heading is not known." if cell else "A column has no heading."
            remedy = "Headings are urn, kind, name, town, postcode."
            faults.append(Fault(1, "heading", cell, problem, remedy))
    for column in sorted({c for c in columns if c and columns.count(c) > 1}):
        faults.append(Fault(1, column, "", "Two columns have this meaning.", "Take one away."))
    if not faults and "urn" not in columns and not {"kind", "name"} <= set(columns):
        remedy = "Give a column urn, or the two columns kind and name."
        faults.append(Fault(1, "heading", "", "Nothing says who the members are.", remedy))
    return columns, faults


def _row(number: int, line: list[str], columns: list[str]) -> tuple[MemberRow | None, list[Fault]]:
    if len(line) > len(columns) and any(line[len(columns) :]):
        problem = f"The row has {len(line)} cells, the heading has {len(columns)}."
        return None, [Fault(number, "", "", problem, "Put quotes round a cell that holds a comma.")]
    return read_row(number, dict(zip(columns, line, strict=False)))


def read_row(number: int, cells: Mapping[str, str]) -> tuple[MemberRow | None, list[Fault]]:
    """One member from its cells by column, or what is wrong with them."""
    faults = []

    def fault(column: str, problem: str, remedy: str) -> None:
        faults.append(Fault(number, column, cells.get(column, ""), problem, remedy))

    for column, most in LONGEST.items():
        if len(cells.get(column, "")) > most:
            fault(column, f"It is longer than {most} characters.", "Shorten it.")
        elif not cells.get(column, "").isprintable():
            fault(column, "It holds a character that cannot be printed.", "Type it again.")
    urn, kind = cells.get("urn", ""), cells.get("kind", "")
    if urn:
        if not (urn.isascii() and urn.isdecimal() and len(urn) == 6):
            fault("urn", "A URN is a number of six digits.", "Look it up in the register.")
        return (None if faults else MemberRow(number, int(urn), None, "")), faults
    meant = _kind(kind)
    if meant is None:
        near = get_close_matches(kind.lower(), list(MemberKind), n=1)
        known = f"Did you mean {near[0]}?" if near else f"Kinds are {', '.join(MemberKind)}."
        fault("kind", "This kind is not known." if kind else "The kind is missing.", known)
    if not cells.get("name"):
        fault("name", "The name is missing.", "Write the name, or the URN of a school.")
    if faults or meant is None:
        return None, faults
    name, town, postcode = (cells.get(c, "") for c in ("name", "town", "postcode"))
    return MemberRow(number, None, meant, name, town, postcode), []


def _kind(text: str) -> MemberKind | None:
    words = " ".join(text.lower().split())
    return next((k for k in MemberKind if words in {k.value, k.name.lower()}), None)


def _doubled(rows: list[MemberRow]) -> list[Fault]:
    """A member that stands in the sheet twice."""
    first: dict[tuple[object, str, str], int] = {}
    faults = []
    for row in rows:
        key = (row.urn, row.kind or "", row.name.casefold())
        if key in first:
            column, value = ("urn", str(row.urn)) if row.urn else ("name", row.name)
            problem = f"It stands in row {first[key]} already."
            faults.append(Fault(row.number, column, value, problem, "Take one of them away."))
        first.setdefault(key, row.number)
    return faults
