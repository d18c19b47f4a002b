"""One series over all schools and years, put together from the releases that speak of it.

Order of belief (per school, series and year): ``opendata.observations.precedence``, then the order
of columns in the definition. What is believed first stands, whatever it says: a figure that a final
release withholds is withheld, though a provisional one printed it. Only where the better release
says nothing at all (the cell is empty or its row ended) does the next one speak, and never with a
nought from a history column. A percentage below 0 or above 100, or fewer pupils than none, is no
figure: its reason says so and its text is kept.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bridgehead.core.figures import Reason, reason_code
from bridgehead.measures.model import Group, Measure, Source
from bridgehead.opendata.observations import precedence
from bridgehead.opendata.pupils import EVERYBODY
from bridgehead.picture.direction import Floats
from bridgehead.picture.tables import ANY, NATIONAL_PHASES, Table, Where

EMPTY = reason_code(Reason.EMPTY)
ENDS_EARLY = reason_code(Reason.ROW_ENDS_EARLY)
NOT_AVAILABLE = reason_code(Reason.NOT_AVAILABLE)
IMPOSSIBLE = reason_code(Reason.IMPOSSIBLE)
#: The least and the most that a figure of a unit can be; no mean of points or scores comes near
#: the last.
LIMITS = {"percent": (0.0, 100.0 + 1e-6), "pupils": (0.0, np.inf), "per 100 pupils": (0.0, np.inf)}
FAR = (-10_000.0, 10_000.0)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the cells of one column of one release come from."""

    release: str
    column: str
    status: str
    area: str


@dataclass
class Origins:
    """All origins of a picture, numbered."""

    all: list[Origin] = field(default_factory=list)

    def code(self, origin: Origin) -> int:
        """The number of an origin, adding it."""
        self.all.append(origin)
        return len(self.all) - 1


Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Placed:
    """The rows of one release that stand for schools: ``row`` positions in the release, ``school``
    positions in the picture, in order of belief: where several rows stand for a school the first
    counts. ``chosen`` keeps the rows of each source of a tidy release."""

    table: Table
    row: Ints
    school: Ints
    chosen: dict[tuple[str, Where], tuple[Ints, Ints]] = field(default_factory=dict)

    def of(self, group: str, where: Where) -> tuple[Ints, Ints]:
        """The row of each school, at most one, that speaks of a group of pupils, and the school.

        In a tidy release a school has a row for each group and subject; elsewhere one for all.
        """
        key = (group, where) if self.table.is_tidy else ("", ())
        if key not in self.chosen:
            row, school = self.row, self.school
            if self.table.is_tidy:
                rows = self.table.chosen(group, where)
                keep = np.zeros(len(row), np.bool_) if rows is None else rows[row]
                row, school = row[keep], school[keep]
            first = np.sort(np.unique(school, return_index=True)[1])
            at = first[np.argsort(row[first], kind="stable")]
            self.chosen[key] = row[at], school[at]
        return self.chosen[key]


@dataclass(frozen=True, slots=True)
class Cells:
    """One series. Arrays are (years, schools of the picture).

    ``there`` says where a release speaks of the school; ``value`` is NaN and ``reason`` not 0
    where it gives no number; ``raw``, ``origin`` and ``row`` say what is printed and where;
    ``cohort`` is NaN where not published. ``national`` is England's figure by year and phase
    (``NATIONAL_PHASES``), NaN where none. ``england`` says for which years a release of the whole
    of England is among the origins. ``less`` (years, schools) is what was taken off the
    school's own figure where a value is a difference (a gap), ``None`` where it is not.
    """

    years: npt.NDArray[np.int64]
    there: npt.NDArray[np.bool_]
    value: Floats
    reason: npt.NDArray[np.uint8]
    raw: npt.NDArray[np.int32]
    origin: npt.NDArray[np.uint16]
    row: npt.NDArray[np.int32]
    cohort: npt.NDArray[np.float32]
    national: Floats
    england: npt.NDArray[np.bool_]
    less: Floats | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    year: int
    placed: Placed
    source: Source
    order: tuple[int, int]
    group: str

    @property
    def national(self) -> Iterator[tuple[int, int]]:
        """England's rows that speak of the group: (position in the release, phase)."""
        table = self.placed.table
        rows = table.chosen(self.group, self.source.where) if table.is_tidy else None
        if rows is not None or not table.is_tidy:
            yield from (one for one in table.england if rows is None or rows[one[0]])


def place(
    tables: list[Table],
    school_of: Mapping[int, int],
    results: Mapping[str, npt.NDArray[np.bool_]],
) -> dict[str, Placed]:
    """Which rows of each release stand for which school, by release id.

    Where one release has rows of two URNs of a chain, the row with results counts, then the newer
    URN. ``results`` says per release which rows have results.
    """
    urns = np.array(sorted(school_of), dtype=np.int64)
    schools = np.array([school_of[u] for u in urns.tolist()], dtype=np.int64)
    placed = {}
    for table in tables:
        if not len(urns):
            break
        at = np.minimum(np.searchsorted(urns, table.urn), len(urns) - 1)
        row = np.flatnonzero(urns[at] == table.urn)
        school = schools[at[row]]
        with_results = results.get(table.card.id, np.zeros(len(table.urn), dtype=np.bool_))[row]
        best = np.lexsort((-table.urn[row], ~with_results))
        placed[table.card.id] = Placed(table, row[best], school[best])
    return placed


def _candidates(
    measure: Measure, group: Group, placed: Mapping[str, Placed]
) -> Iterator[_Candidate]:
    cards = [place_.table.card for place_ in placed.values()]
    believed: dict[int, dict[str, int]] = {}
    for place_ in placed.values():
        card = place_.table.card
        if card.year is None:
            continue
        for preference, source in enumerate(group.sources):
            year = card.year + source.offset
            if (
                source.reads(card.kind, card.year)
                and measure.exists_in(year)
                and place_.table.has(source.value)
                and all(place_.table.has(column) for column, _ in source.where)
            ):
                if year not in believed:
                    best = precedence(cards, year=year)
                    believed[year] = {one.id: n for n, one in enumerate(best)}
                order = (believed[year][card.id], preference)
                yield _Candidate(year, place_, source, order, group.rows)


def prefetch(
    measures: Collection[Measure], tables: Iterable[Table], most: float = float("inf")
) -> None:
    """Read all columns of the measures' groups from each release at once, unless that would be
    more than ``most`` cells of it."""
    for table in tables:
        year = table.card.year
        if year is not None:
            names = {
                name
                for measure in measures
                for group in measure.groups.values()
                for source in group.sources_for(table.card.kind, year)
                if measure.exists_in(year + source.offset)
                for name in (
                    source.value,
                    None if source.cohort_file else source.cohort,
                    source.england_value,
                )
                if name is not None and table.has(name)
            }
            if len(names) * table.card.rows <= most:
                table.prefetch(names)


def assemble(
    measure: Measure, group: Group, placed: Mapping[str, Placed], schools: int, origins: Origins
) -> Cells | None:
    """One series of one measure, ``None`` where no loaded release holds it. Not for gaps.

    England's figure may be all that is loaded of a group: no school need be ``there``.
    """
    candidates = sorted(_candidates(measure, group, placed), key=lambda c: (c.year, c.order))
    if not candidates:
        return None
    years = np.array(sorted({c.year for c in candidates}), dtype=np.int64)
    at = {year: t for t, year in enumerate(years.tolist())}
    cells = _blank(years, schools)
    for candidate in candidates:
        t = at[candidate.year]
        limits = LIMITS.get(measure.unit, FAR)
        _fill(cells, t, candidate, origins, limits)
        _fill_national(cells, t, candidate, limits)
        if candidate.source.cohort_file is not None:
            _fill_cohort(cells, t, candidate, placed)
    fixed = measure.england_for(group.key)
    if fixed is not None:
        cells.national[:, ANY] = fixed
    elif not measure.england_compares:
        cells.national[:] = np.nan
    return cells if cells.there.any() or not np.isnan(cells.national).all() else None


def _blank(years: npt.NDArray[np.int64], schools: int) -> Cells:
    shape = (len(years), schools)
    return Cells(
        years=years,
        there=np.zeros(shape, np.bool_),
        value=np.full(shape, np.nan),
        reason=np.zeros(shape, np.uint8),
        raw=np.zeros(shape, np.int32),
        origin=np.zeros(shape, np.uint16),
        row=np.zeros(shape, np.int32),
        cohort=np.full(shape, np.nan, np.float32),
        national=np.full((len(years), len(NATIONAL_PHASES)), np.nan),
        england=np.zeros(len(years), np.bool_),
    )


def _silent(reason: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    silent: npt.NDArray[np.bool_] = (reason == EMPTY) | (reason == ENDS_EARLY)
    return silent


def _fill(
    cells: Cells, t: int, candidate: _Candidate, origins: Origins, limits: tuple[float, float]
) -> None:
    """Write what a candidate says where nothing better has spoken."""
    table, source = candidate.placed.table, candidate.source
    column = table.column(source.value)
    if column is None:
        return
    row, school = candidate.placed.of(candidate.group, source.where)
    silent = _silent(column.reason[row])
    free = ~cells.there[t, school]
    # Some files print 0 in the history columns of a school that had no pupils then.
    nought = (column.value[row] == 0) & (source.offset != 0)
    speaks = np.where(
        free,
        ~silent if source.offset else np.ones_like(silent),
        _silent(cells.reason[t, school]) & ~silent & ~nought,
    )
    if not speaks.any():
        return
    card = table.card
    row, school = row[speaks], school[speaks]
    cells.there[t, school] = True
    value = column.value[row]
    beyond = (value < limits[0]) | (value > limits[1])
    cells.value[t, school] = np.where(beyond, np.nan, value)
    cells.reason[t, school] = np.where(beyond, IMPOSSIBLE, column.reason[row])
    cells.raw[t, school] = column.raw[row]
    cells.row[t, school] = table.row[row]
    cells.origin[t, school] = origins.code(Origin(card.id, column.name, card.status, card.area))
    own = source.cohort if source.cohort_file is None else None
    cohort = table.column(own) if own else None
    cells.cohort[t, school] = np.nan if cohort is None else _counted(cohort.value[row])
    if card.area == "england":
        cells.england[t] = True


def _counted(pupils: Floats) -> Floats:
    """Numbers of pupils; NaN for fewer than none."""
    found: Floats = np.where(pupils < 0, np.nan, pupils)
    return found


def _fill_national(
    cells: Cells, t: int, candidate: _Candidate, limits: tuple[float, float]
) -> None:
    source, table = candidate.source, candidate.placed.table
    column = table.column(source.england_value or source.value)
    if column is None:
        return
    for position, phase in candidate.national:
        value = column.value[position]
        if np.isnan(cells.national[t, phase]) and limits[0] <= value <= limits[1]:
            cells.national[t, phase] = value


def _fill_cohort(cells: Cells, t: int, candidate: _Candidate, placed: Mapping[str, Placed]) -> None:
    """Count the pupils of a year's figures where another file does so, the best release first."""
    source = candidate.source
    counting = [
        place_
        for place_ in placed.values()
        if (place_.table.card.kind, place_.table.card.year) == (source.cohort_file, candidate.year)
    ]
    best = precedence((place_.table.card for place_ in counting), year=candidate.year)
    for card in best:
        column = placed[card.id].table.column(source.cohort) if source.cohort else None
        if column is None:
            continue
        row, school = placed[card.id].of(EVERYBODY, ())
        empty = cells.there[t, school] & np.isnan(cells.cohort[t, school])
        cells.cohort[t, school[empty]] = _counted(column.value[row[empty]])


def gap(disadvantaged: Cells, others: Cells, phase: npt.NDArray[np.int64]) -> Cells:
    """Disadvantaged pupils in the school less other pupils in England (national others).

    ``phase`` is the England row that each school is compared with. Where England's figure for
    others is not loaded the gap has no number, and its reason says that it is not available.
    """
    national_others = np.full_like(disadvantaged.national, np.nan)
    for t, year in enumerate(disadvantaged.years.tolist()):
        match = np.flatnonzero(others.years == year)
        if len(match):
            national_others[t] = others.national[match[0]]
    compared = for_schools(national_others, phase)
    value = disadvantaged.value - compared
    lost = np.isnan(value) & ~np.isnan(disadvantaged.value) & disadvantaged.there
    reason = np.where(lost, np.uint8(NOT_AVAILABLE), disadvantaged.reason)
    return Cells(
        years=disadvantaged.years,
        there=disadvantaged.there,
        value=value,
        reason=reason,
        raw=disadvantaged.raw,
        origin=disadvantaged.origin,
        row=disadvantaged.row,
        cohort=disadvantaged.cohort,
        national=disadvantaged.national - national_others,
        england=disadvantaged.england,
        less=compared,
    )


def for_schools(national: Floats, phase: npt.NDArray[np.int64]) -> Floats:
    """England's figure for each school, (years, schools): its phase's row, else the row for all."""
    own = national[:, phase]
    return np.where(np.isnan(own), national[:, [ANY]], own)
