"""Rows wider than their header, and names of people where a column does not announce them.

A cell too many pushes the rest of its row to the right, so that a head teacher's name may stand
in a column that is kept. Whatever could hold one is emptied before anything is written.
"""

from dataclasses import dataclass

import polars as pl

from bridgehead.opendata.kind import Role
from bridgehead.opendata.people import EMAIL
from bridgehead.opendata.table import Header, Table


@dataclass(frozen=True, slots=True)
class Clean:
    """The cells that may be written, the columns taken out, and what to tell the person."""

    cells: pl.DataFrame
    dropped: list[str]
    notes: list[str]


def without_people(
    table: Table, header: Header, roles: dict[str, Role], *, signs: bool = True
) -> Clean:
    """Take out spilled and unnamed columns where names could stand, and all e-mail addresses.

    ``signs`` is False where the whole file is known to hold no "@": then nothing is searched.
    """
    cells, notes = table.cells, []
    nameless = [c for c in cells.columns if c not in roles or c in header.unnamed]
    filled = [c for c in nameless if cells[c].null_count() < cells.height]
    people = [n for n, c in enumerate(header.columns) if roles[c] is Role.PERSON]
    drop = nameless if people else [c for c in nameless if c not in filled]
    cells = cells.drop(drop)
    if filled:
        notes.append(f"cells stand in {len(filled)} columns without a name")
    if people and filled:
        cells, blanked = _blank_shifted(cells, table, header, people)
        notes.append(
            f"{blanked} rows are wider than the header; cells beside people's were emptied"
        )
    emailed: list[str] = []
    if signs:
        cells, emailed = _without_emails(cells, roles)
    return Clean(cells, [*(c for c in drop if c in filled), *emailed], notes)


def _blank_shifted(
    cells: pl.DataFrame, table: Table, header: Header, people: list[int]
) -> tuple[pl.DataFrame, int]:
    extra = table.widths - (len(header.columns) - len(header.unnamed))
    wide = pl.Series("wide", extra > 0)
    reach = int(extra.max(initial=0))
    near = {
        header.columns[n + k]
        for n in people
        for k in range(1, reach + 1)
        if n + k < len(header.columns)
    }
    blanked = cells.with_columns(
        pl.when(~wide).then(pl.col(c)).alias(c) for c in cells.columns if c in near
    )
    return blanked, int(wide.sum())


def _without_emails(cells: pl.DataFrame, roles: dict[str, Role]) -> tuple[pl.DataFrame, list[str]]:
    """Drop unknown columns that hold e-mail addresses; empty such cells elsewhere."""
    texts = [c for c in cells.columns if roles.get(c) is not Role.FIGURE]
    signs = cells.select(pl.col(c).str.contains("@", literal=True).any() for c in texts)
    suspects = [c for c in texts if signs[c][0]]
    found = cells.select(pl.col(c).str.contains(EMAIL).any() for c in suspects)
    emailed = [c for c in suspects if found[c][0]]
    unknown = [c for c in emailed if roles.get(c, Role.UNKNOWN) is Role.UNKNOWN]
    known = [c for c in emailed if c not in unknown]
    cells = cells.drop(unknown).with_columns(
        pl.when(~pl.col(c).str.contains(EMAIL)).then(pl.col(c)).alias(c) for c in known
    )
    return cells, unknown
