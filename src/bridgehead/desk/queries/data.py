"""What has been loaded, what is missing and why, what was withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bridgehead.core.figures import Reason
from bridgehead.core.years import label
from bridgehead.measures.loader import measures
from bridgehead.measures.model import Measure
from bridgehead.opendata.refusals import Refusal, refusals
from bridgehead.opendata.releases import Card, Store
from bridgehead.opendata.sources import KINDS

#: The first year of school-level figures that pages look back to.
FIRST_YEAR = 2015


class State(StrEnum):
    """What is known of one kind of file in one year."""

    LOADED = "loaded"
    MISSING = "published, not loaded"
    NOT_PUBLISHED = "not published by school"


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of file in one year: the releases that hold it, or why there is none."""

    year: int
    state: State
    cards: tuple[Card, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of file over the years."""

    kind: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, when, why, and what to do about it."""

    file: str
    at: datetime
    where: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that the data page says. ``years`` are academic years, newest first."""

    cards: tuple[Card, ...]
    registers: tuple[Card, ...]
    withdrawn: tuple[Card, ...]
    years: tuple[int, ...]
    grid: tuple[Line, ...]
    refusals: tuple[Refused, ...]

    @property
    def everything(self) -> tuple[Card, ...]:
        """The releases in force."""
        return self.registers + self.cards

    @property
    def by_year(self) -> tuple[tuple[int, tuple[tuple[str, Cell], ...]], ...]:
        """The grid year by year, newest first: for each the cells of every kind with its title."""
        return tuple(
            (year, tuple((line.title, line.cells[at]) for line in self.grid))
            for at, year in enumerate(self.years)
        )

    @property
    def missing(self) -> int:
        """How many kinds and years are published and not loaded."""
        return sum(cell.state is State.MISSING for line in self.grid for cell in line.cells)


#: When the Department for Education has each kind out for an academic year: how many years after
#: the year began, and the month. A kind that is not named comes in the October after its year.
OUT = {
    "census": (1, 6),
    "ks2": (1, 10),
    "ks4": (1, 10),
    "ks5": (1, 11),
    "absence": (2, 3),
    "ees_suspensions": (2, 7),
    "ees_workforce": (1, 6),
}


def newest_out(kind: str, today: date) -> int:
    """The last academic year of which a kind of file can be out."""
    years, month = OUT.get(kind, (1, 10))
    return today.year - years - (today.month < month)


def holdings(store: Store, *, today: date) -> Holdings:
    """Read every release card, and say for each kind and year whether it is there."""
    cards = store.cards(withdrawn=True)
    live = [card for card in cards if card.withdrawn_at is None]
    yearly = [card for card in live if card.year is not None]
    first = min([FIRST_YEAR, *(card.year for card in yearly if card.year is not None)])
    last = max(
        [newest_out("census", today), *(card.year for card in yearly if card.year is not None)]
    )
    years = tuple(range(last, first - 1, -1))
    return Holdings(
        cards=tuple(reversed(yearly)),
        registers=tuple(reversed([card for card in live if card.year is None])),
        withdrawn=tuple(reversed([card for card in cards if card.withdrawn_at is not None])),
        years=years,
        grid=_grid(yearly, years, measures().values(), today=today),
        refusals=tuple(_refused(one) for one in refusals(store.folder)),
    )


def _refused(one: Refusal) -> Refused:
    row = "" if one.row is None else f"row {one.row}"
    column = "" if one.column is None else f"column {one.column}"
    where = ", ".join(part for part in (row, column) if part)
    return Refused(one.file, datetime.fromisoformat(one.at), where, one.problem, one.remedy)


def _grid(
    cards: Iterable[Card], years: tuple[int, ...], known: Iterable[Measure], *, today: date
) -> tuple[Line, ...]:
    """One line a kind that some measure reads, one cell a year."""
    held: dict[tuple[str, int], list[Card]] = {}
    for card in cards:
        assert card.year is not None
        held.setdefault((_family(card.kind), card.year), []).append(card)
    reading = _measures_by_kind(known)
    return tuple(
        Line(
            kind,
            _title(kind),
            tuple(_cell(kind, year, held, reading[kind], today=today) for year in years),
        )
        for kind in reading
    )


def _cell(
    kind: str,
    year: int,
    held: Mapping[tuple[str, int], list[Card]],
    known: list[Measure],
    *,
    today: date,
) -> Cell:
    cards = tuple(held.get((kind, year), ()))
    missing = sorted(m.title for m in known if not m.exists_in(year))
    why = next((m.why_missing[year] for m in known if year in m.why_missing), "")
    if cards:
        return Cell(year, State.LOADED, cards)
    if len(missing) == len(known):
        return Cell(year, State.NOT_PUBLISHED, (), why or "No figures by school for this year.")
    if year > newest_out(kind, today):
        return Cell(year, State.NOT_PUBLISHED, (), "Not out yet.")
    return Cell(year, State.MISSING, ())


def _measures_by_kind(known: Iterable[Measure]) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for measure in known:
        for kind in {_family(s.kind) for group in measure.groups.values() for s in group.sources}:
            found.setdefault(kind, []).append(measure)
    return found


def _family(kind: str) -> str:
    """The kind under which a kind is listed: figures in two layouts are one line."""
    known = KINDS.get(kind)
    return known.family or kind if known is not None else kind


def _title(kind: str) -> str:
    """What people call a kind of performance table."""
    return {
        "ks2": "Key stage 2",
        "ks4": "Key stage 4",
        "ks5": "16 to 18",
        "absence": "Absence",
        "census": "School census",
        "ees_suspensions": "Suspensions and exclusions",
        "ees_workforce": "School workforce",
    }.get(kind, kind)


def codes_in_words(card: Card) -> list[tuple[str, int]]:
    """Each reason for which cells of a release have no number, in words, most frequent first."""
    counts = sorted(card.codes.items(), key=lambda item: (-item[1], item[0]))
    return [(_words(code), count) for code, count in counts]


def _words(code: str) -> str:
    return Reason(code).words if code in set(Reason) else code


def year_or_date(card: Card) -> str:
    """``2018/19`` for a performance table, ``as at 7 March 2026`` for a register."""
    if card.year is not None:
        return label(card.year)
    return f"as at {card.as_at:%-d %B %Y}" if card.as_at else ""
