"""The loaded releases as the picture reads them: column by column, every text decoded once.

A picture holds few different texts beside its many cells, so that each is read once
(``opendata.codes.read``) and a column is a column of numbers into ``Texts``.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.core.figures import Reason, reason_code
from bridgehead.opendata.codes import read
from bridgehead.opendata.kind import normal
from bridgehead.opendata.pupils import EVERYBODY
from bridgehead.opendata.releases import Card, Store
from bridgehead.opendata.sources import KINDS
from bridgehead.opendata.tidy import filter_columns, row_groups

#: Which rows of a tidy release a source reads: pairs of a column and the texts that will do.
Where = tuple[tuple[str, tuple[str, ...]], ...]

#: Decoded cells (13 bytes each) kept at hand over all tables: a cohort serves many measures.
CELLS_KEPT = 16_000_000
#: A release in which no more cells than this are wanted is read once, as a whole.
READ_WHOLE = 500_000
#: England's rows by phase; ``ANY`` is a row for all phases.
ANY, PRIMARY, SECONDARY, SPECIAL = range(4)
NATIONAL_PHASES = ("any", "primary", "secondary", "special")
EMPTY = reason_code(Reason.EMPTY)
ENDS_EARLY = reason_code(Reason.ROW_ENDS_EARLY)


class Texts(dict[str | None, int]):
    """Every raw text of a picture once, numbered in the order first met, and what it means.

    ``texts[text]`` is its number, given when first asked for. A cell that is not there (``None``)
    is number 0, shown as nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = [""]
        self.value = np.full(1024, np.nan)
        self.reason = np.zeros(1024, dtype=np.uint8)
        self.reason[0] = EMPTY
        self[None] = 0
        # What polars numbers a text with, plus one (0 is no text), to the number here; −1 unmet.
        # Polars forgets its numbers once no series of the kind is left, so that one is kept.
        self._categories = pl.Series([], dtype=pl.Categorical(pl.Categories.random()))
        self._number = np.zeros(1, dtype=np.int32)

    def __missing__(self, text: str) -> int:
        number, meaning = len(self.all), read(text)
        self.all.append(text)
        if number == len(self.value):
            self.value = np.concatenate([self.value, np.full(number, np.nan)])
            self.reason = np.concatenate([self.reason, np.zeros(number, dtype=np.uint8)])
        if isinstance(meaning, Reason):
            self.reason[number] = reason_code(meaning)
        else:
            self.value[number] = meaning
        self[text] = number
        return number

    def numbers(self, text: pl.DataFrame) -> dict[str, npt.NDArray[np.int32]]:
        """The numbers of the cells of every column. A different text is looked up when it is first
        met: after that it is a number already."""
        codes = text.select(
            pl.all().cast(self._categories.dtype).to_physical().cast(pl.Int64) + 1
        ).fill_null(0)
        return {name: self._numbered(text[name], codes[name].to_numpy()) for name in text.columns}

    def _numbered(self, text: pl.Series, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        most = int(codes.max(initial=0))
        if most >= len(self._number):
            more = np.full(max(most + 1, 2 * len(self._number)) - len(self._number), -1, np.int32)
            self._number = np.concatenate([self._number, more])
        numbers: npt.NDArray[np.int32] = self._number.take(codes)
        new = np.flatnonzero(numbers < 0)
        if len(new):
            _, first = np.unique(codes[new], return_index=True)
            met = new[np.sort(first)]
            self._number[codes[met]] = [self[one] for one in text[met].to_list()]
            numbers = self._number.take(codes)
        return numbers


@dataclass(frozen=True, slots=True)
class Column:
    """One decoded column over the rows of a release: ``value`` NaN where there is no number,
    ``reason`` 0 where there is one, ``raw`` a number in ``Texts``."""

    name: str
    value: npt.NDArray[np.float64]
    reason: npt.NDArray[np.uint8]
    raw: npt.NDArray[np.int32]


class Cache(OrderedDict[tuple[str, str], Column]):
    """Decoded columns by release and name, those least lately used first."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = 0

    def keep(self, key: tuple[str, str], column: Column) -> None:
        """Add a column that is not here."""
        self[key] = column
        self.cells += len(column.raw)

    def forget(self, *, beyond: int) -> None:
        """Drop the columns least lately used until no more cells than this are held."""
        while self.cells > beyond:
            self.cells -= len(self.popitem(last=False)[1].raw)


@dataclass
class Table:
    """One release: its card, its row numbers, and which rows speak of schools and of England."""

    card: Card
    store: Store
    texts: Texts
    cache: Cache = field(repr=False)
    _chosen: dict[tuple[str, Where], npt.NDArray[np.bool_] | None] = field(
        default_factory=dict, repr=False
    )
    _fitting: dict[tuple[str, tuple[str, ...]], npt.NDArray[np.bool_] | None] = field(
        default_factory=dict, repr=False
    )

    @cached_property
    def _names(self) -> dict[str, str]:
        """Column names as published by their case-folded form, and by that without spaces and
        punctuation, by which their kind knew them."""
        plain = {normal(name): name for name in reversed(self.card.columns)}
        return plain | {name.casefold(): name for name in self.card.columns}

    def _published(self, name: str) -> str | None:
        """The name of a column as published, by the name that it should have."""
        return self._names.get(name.casefold()) or self._names.get(normal(name))

    @cached_property
    def rows(self) -> pl.DataFrame:
        """``_row, _scope, _phase, _urn, _laestab, _width`` of every row."""
        return self.store.frame(self.card.id, [])

    @cached_property
    def row(self) -> npt.NDArray[np.int32]:
        """The row in the file of every row (the header is 1)."""
        return self.rows["_row"].cast(pl.Int32).to_numpy()

    @cached_property
    def width(self) -> npt.NDArray[np.int32]:
        """How many fields every row really had."""
        return self.rows["_width"].cast(pl.Int32).to_numpy()

    @cached_property
    def urn(self) -> npt.NDArray[np.int64]:
        """The URN of every school row; −1 for a row that is no school's."""
        school = (pl.col("_scope") == "school") & pl.col("_urn").is_not_null()
        expression = pl.when(school).then(pl.col("_urn").cast(pl.Int64)).otherwise(-1)
        return self.rows.select(expression.alias("urn"))["urn"].to_numpy()

    @cached_property
    def urns(self) -> list[int]:
        """The URN of every school of the release, once each, in order."""
        urns: list[int] = np.unique(self.urn[self.urn > 0]).tolist()
        return urns

    @cached_property
    def england(self) -> list[tuple[int, int]]:
        """Positions of the rows to compare with: (position, phase)."""
        phases = {name: code for code, name in enumerate(NATIONAL_PHASES)}
        at = np.flatnonzero((self.rows["_scope"] == "england").fill_null(value=False).to_numpy())
        phase = self.rows["_phase"][at].to_list()
        return [
            (i, phases.get(words or "any", ANY))
            for i, words in zip(at.tolist(), phase, strict=True)
        ]

    @cached_property
    def is_tidy(self) -> bool:
        """Whether a school has many rows here, among which a source chooses."""
        kind = KINDS.get(self.card.kind)
        return kind is not None and kind.tidy is not None

    @cached_property
    def _groups(self) -> tuple[list[str], npt.NDArray[np.int16]]:
        columns = filter_columns(KINDS[self.card.kind], list(self.card.columns))
        if not columns:
            return [EVERYBODY], np.zeros(self.rows.height, np.int16)
        return row_groups(self.store.frame(self.card.id, columns).select(columns))

    def chosen(self, group: str, where: Where) -> npt.NDArray[np.bool_] | None:
        """Which rows of a tidy release are about a group of pupils and hold the texts of ``where``;
        ``None`` where it lacks a column that ``where`` names. Worked out once."""
        key = (group, where)
        if key not in self._chosen:
            self._chosen[key] = self._choose(group, where)
        return self._chosen[key]

    def _choose(self, group: str, where: Where) -> npt.NDArray[np.bool_] | None:
        groups, which = self._groups
        at = groups.index(group) if group in groups else -2
        rows: npt.NDArray[np.bool_] = which == at
        for condition in where:
            if condition not in self._fitting:
                self._fitting[condition] = self._fit(*condition)
            fits = self._fitting[condition]
            if fits is None:
                return None
            rows = rows & fits
        return rows

    def _fit(self, column: str, texts: tuple[str, ...]) -> npt.NDArray[np.bool_] | None:
        """In which rows one of the texts stands in a column; ``None`` where there is no such."""
        if not self.has(column):
            return None
        wanted = {normal(text) for text in texts}
        text = self.text(column)[column].fill_null("")
        fits: npt.NDArray[np.bool_] = text.is_in(
            [one for one in text.unique() if normal(one) in wanted]
        ).to_numpy()
        return fits

    def has(self, name: str) -> bool:
        """Whether the release holds a column of this name, in any case and spacing."""
        return self._published(name) is not None

    def text(self, *names: str) -> pl.DataFrame:
        """Raw text of those of the columns that are there, under the names asked for."""
        found = {name: self._published(name) for name in names}
        there = {name: real for name, real in found.items() if real is not None}
        frame = self.store.text(self.card.id, list(dict.fromkeys(there.values())))
        return frame.select(pl.col(real).alias(name) for name, real in there.items())

    def prefetch(self, names: Iterable[str]) -> None:
        """Decode those of the columns that are there, in one read of the release."""
        real = {one for one in map(self._published, names) if one is not None}
        wanted = sorted(name for name in real if (self.card.id, name) not in self.cache)
        if wanted:
            frame = self.store.text(self.card.id, wanted)
            for name, raw in self.texts.numbers(frame).items():
                self.cache.keep((self.card.id, name), self._decoded(name, raw))
            self.cache.forget(beyond=max(CELLS_KEPT, frame.height * len(wanted)))

    def column(self, name: str) -> Column | None:
        """One column decoded, or ``None`` where the release has none of that name."""
        real = self._published(name)
        if real is None:
            return None
        key = (self.card.id, real)
        if key not in self.cache:
            self.prefetch([real])
        self.cache.move_to_end(key)
        return self.cache[key]

    def _decoded(self, name: str, raw: npt.NDArray[np.int32]) -> Column:
        reason = self.texts.reason.take(raw)
        none = raw == 0
        if none.any():
            reason[none & (self.width <= self.card.position(name))] = ENDS_EARLY
        return Column(name, self.texts.value.take(raw), reason, raw)


def tables(store: Store, cards: Iterable[Card]) -> list[Table]:
    """The releases of these cards, in the order given, with one cache between them."""
    texts, cache = Texts(), Cache()
    return [Table(card, store, texts, cache) for card in cards]
