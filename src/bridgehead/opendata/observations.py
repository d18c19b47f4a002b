"""The narrow waist: one published cell, decoded when it is asked for and never stored long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from bridgehead.core.figures import Reason, reason_of
from bridgehead.opendata.codes import decode
from bridgehead.opendata.kind import Role
from bridgehead.opendata.pupils import group_of, in_words
from bridgehead.opendata.releases import Card, Store
from bridgehead.opendata.sources import KINDS
from bridgehead.opendata.tidy import filter_columns, item_columns

_STATUS_RANK = {"final": 2, "revised": 1, "provisional": 0}


@dataclass(frozen=True, slots=True)
class Observation:
    """One cell of a school's or an aggregate's row.

    A figure has either ``value`` or ``reason``; words have a ``reason`` where a code (or nothing)
    stands in their place; other text has only ``raw``. ``year``
    is the academic year that the cell speaks of, which history columns choose themselves, and
    ``None`` in a register. ``field`` is the column's name without its year and group; ``column``
    and ``row`` say where the cell stands in the file. ``urn`` is ``None`` on aggregate rows, which
    ``scope`` and ``phase`` tell apart.
    """

    urn: int | None
    year: int | None
    field: str
    group: str
    value: float | None
    raw: str
    reason: Reason | None
    release: str
    scope: str
    phase: str | None
    column: str
    row: int


def observations(
    store: Store, release_id: str, fields: Iterable[str] | None = None
) -> Iterator[Observation]:
    """Every cell of the known columns of a release, or of the published columns named.

    Column by column, each from the top of the file down. In a tidy file the row says the group, and
    its subject stands before the column's name in ``field``. Raises ``KeyError`` for a release or
    column that is not there.
    """
    card = store.card(release_id)
    kind = KINDS[card.kind]
    said = None if kind.tidy is None else _said_by_rows(store, card)
    known = [c for c in card.columns if c not in card.unknown_columns]
    for column in known if fields is None else fields:
        parts = kind.field(column, card.year)
        role = kind.role(column, card.year)
        cells = field(store, card.id, column)
        for at, cell in enumerate(cells.iter_rows(named=True)):
            group, item = (parts.group, "") if said is None else said[at]
            reason = None if role is Role.TEXT else reason_of(cell["reason"])
            if role is Role.WORDS and reason is Reason.UNREADABLE:
                reason = None  # words, which are not meant to be a number
            yield Observation(
                urn=cell["_urn"],
                year=parts.year,
                field=f"{item}: {parts.name}" if item else parts.name,
                group=group,
                value=None if role in (Role.TEXT, Role.WORDS) else cell["value"],
                raw=cell["raw"],
                reason=reason,
                release=card.id,
                scope=cell["_scope"],
                phase=cell["_phase"],
                column=column,
                row=cell["_row"],
            )


def _said_by_rows(store: Store, card: Card) -> list[tuple[str, str]]:
    """Of each row of a tidy release: the group of pupils (as printed where no measure knows it) and
    what is measured."""
    kind, columns = KINDS[card.kind], list(card.columns)
    filters, items = filter_columns(kind, columns), item_columns(kind, columns)
    frame = store.frame(card.id, [*filters, *items])
    if not filters and not items:  # all rows are of all pupils, and of the one thing there is
        return [(group_of(()) or "", "")] * frame.height
    return [
        (
            group_of(row[: len(filters)]) or in_words(row[: len(filters)]),
            in_words(row[len(filters) :]),
        )
        for row in frame.select(*filters, *items).iter_rows()
    ]


def field(store: Store, release_id: str, column: str) -> pl.DataFrame:
    """One column of a release, decoded, in the order of the file.

    Columns ``_urn``, ``_row``, ``_scope``, ``_phase``, ``raw`` (text, ``""`` where nothing stands),
    ``value`` (Float64 or null), ``reason`` (UInt8: 0 or ``core.figures.reason_code``). Raises
    ``KeyError`` for a column that the release does not hold.
    """
    return next(iter(fields(store, release_id, [column]).values()))


def fields(store: Store, release_id: str, columns: list[str]) -> dict[str, pl.DataFrame]:
    """Several columns of a release in one read, each as ``field`` gives it."""
    card = store.card(release_id)
    positions = {column: card.position(column) for column in columns}
    frame = store.frame(card.id, columns)
    marks = frame.select("_urn", "_row", "_scope", "_phase")
    return {
        column: pl.concat(
            [
                marks,
                frame.select(pl.col(column).fill_null("").alias("raw")),
                decode(frame[column], width_ok=frame["_width"] > position),
            ],
            how="horizontal",
        )
        for column, position in positions.items()
    }


def precedence(cards: Iterable[Card], *, year: int | None = None) -> list[Card]:
    """Releases that speak of the same, best first: what the first says counts.

    The better status wins (final, revised, provisional). With ``year``, that year's own release
    then goes before those that only look back on it in history columns, the newest of which knows
    most. Then the later load; among registers the later as-at date goes before that.
    """

    def rank(item: tuple[int, Card]) -> tuple[int, bool, int, date, datetime, int]:
        order, card = item
        own = year is None or card.year is None or card.year == year
        return (
            _STATUS_RANK.get(card.status, -1),
            own,
            0 if own else card.year or 0,
            card.as_at or date.min,
            card.loaded_at,
            order,
        )

    return [card for _, card in sorted(enumerate(cards), key=rank, reverse=True)]
