"""The board: schools narrowed by filters, counted for each filter, and put in order. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from bridgehead.monitoring.rules.model import Outcome, Trend
from bridgehead.monitoring.rules.states import Waiting


@dataclass(frozen=True, slots=True)
class Row:
    """One school on the board. ``review_id`` and ``since`` are None before a round is opened.
    ``clusters`` are those that it is in today; there may be several."""

    urn: int
    name: str
    outcome: Outcome
    phase: str
    type_group: str
    trust: str
    trend: Trend
    waiting: Waiting | None
    since: datetime | None
    review_id: int | None
    clusters: tuple[str, ...] = ()


class Order(StrEnum):
    """In which order schools stand. There is none by figures: nothing here ranks schools."""

    WAITING = "longest waiting first"
    NAME = "by name"
    OUTCOME = "most support first"


#: The filters, each with how a row answers it, in the order in which they are shown.
FILTERS: dict[str, tuple[str, Callable[[Row], tuple[str, ...]]]] = {
    "phase": ("Phase", lambda row: (row.phase,)),
    "type": ("Type", lambda row: (row.type_group,)),
    "direction": ("Direction", lambda row: (row.trend.value,)),
    "cluster": ("Cluster", lambda row: row.clusters),
    "trust": ("Trust", lambda row: (row.trust,)),
    "waiting": ("Waiting for", lambda row: (row.waiting.value,) if row.waiting else ()),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked for: one outcome or all, and of each filter that is used the values
    ticked."""

    outcome: Outcome | None
    ticked: dict[str, frozenset[str]]
    order: Order


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter, and how many schools it leaves with the other filters kept."""

    value: str
    count: int
    ticked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its values."""

    key: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The rows that were asked for in order, counts by outcome, and the filters."""

    rows: list[Row]
    counts: dict[Outcome, int]
    facets: tuple[Facet, ...]


def arrange(rows: Sequence[Row], asked: Asked) -> Board:
    """Narrow, count and order. Counts by outcome keep the filters; a filter's counts keep the
    outcome and the other filters."""
    filtered = [row for row in rows if _passes(row, asked, "")] if asked.ticked else list(rows)
    counts = Counter(row.outcome for row in filtered)
    of_outcome = [row for row in rows if asked.outcome in (None, row.outcome)]
    shown = [row for row in filtered if asked.outcome in (None, row.outcome)]
    return Board(
        _ordered(shown, asked.order),
        {outcome: counts[outcome] for outcome in Outcome},
        tuple(_facet(key, of_outcome, asked) for key in FILTERS),
    )


def _passes(row: Row, asked: Asked, leaving_out: str) -> bool:
    return all(
        not ticked.isdisjoint(FILTERS[key][1](row))
        for key, ticked in asked.ticked.items()
        if key != leaving_out
    )


def _facet(key: str, rows: Iterable[Row], asked: Asked) -> Facet:
    title, answer = FILTERS[key]
    ticked = asked.ticked.get(key, frozenset())
    if asked.ticked.keys() - {key}:
        rows = [row for row in rows if _passes(row, asked, key)]
    counts = Counter(chain.from_iterable(map(answer, rows)))
    values = sorted(set(counts) | ticked, key=lambda v: (-counts[v], v))
    options = tuple(Option(v, counts[v], v in ticked) for v in values if v)
    return Facet(key, title, options)


def _ordered(rows: list[Row], order: Order) -> list[Row]:
    if order is Order.NAME:
        return sorted(rows, key=lambda r: (r.name, r.urn))
    if order is Order.OUTCOME:
        return sorted(rows, key=lambda r: (-r.outcome.weight, r.name, r.urn))
    # What waits for nothing any more comes last.
    return sorted(
        rows,
        key=lambda r: (
            r.waiting is None,
            r.since.timestamp() if r.since else 0.0,
            -r.outcome.weight,
            r.name,
            r.urn,
        ),
    )
