"""The loaded releases as the picture reads them: one column at a time, decoded once.

A column holds few different texts, so that only its distinct texts are decoded, and the raw texts
of the whole picture are kept once in ``Texts``.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.core.figures import Reason, reason_code
from bridgehead.opendata.codes import decode
from bridgehead.opendata.releases import Card, Store

#: Decoded columns kept at hand, over all tables: a cohort column serves many measures.
COLUMNS_KEPT = 96
#: England's rows by phase; ``ANY`` is a row for all phases.
ANY, PRIMARY, SECONDARY, SPECIAL = range(4)
NATIONAL_PHASES = ("any", "primary", "secondary", "special")
EMPTY = reason_code(Reason.EMPTY)
ENDS_EARLY = reason_code(Reason.ROW_ENDS_EARLY)


class Texts:
    """Every raw text of a picture once, numbered in the order first met."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._code: dict[str, int] = {}

    def codes(self, texts: Iterable[str]) -> npt.NDArray[np.int32]:
        """The numbers of some texts, adding those not met before."""
        found = []
        for text in texts:
            code = self._code.get(text)
            if code is None:
                code = self._code[text] = len(self.all)
                self.all.append(text)
            found.append(code)
        return np.array(found, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Column:
    """One decoded column over the rows of a release: ``value`` NaN where there is no number,
    ``reason`` 0 where there is one, ``raw`` a number in ``Texts``."""

    name: str
    value: npt.NDArray[np.float64]
    reason: npt.NDArray[np.uint8]
    raw: npt.NDArray[np.int32]


@dataclass
class Table:
    """One release: its card, its row numbers, and which rows speak of schools and of England."""

    card: Card
    store: Store
    texts: Texts
    cache: "OrderedDict[tuple[str, str], Column]" = field(repr=False)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Column names as published by their case-folded form."""
        return {name.casefold(): name for name in self.card.columns}

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
    def england(self) -> list[tuple[int, int]]:
        """Positions of the rows to compare with: (position, phase)."""
        phases = {name: code for code, name in enumerate(NATIONAL_PHASES)}
        scopes, phase = self.rows["_scope"].to_list(), self.rows["_phase"].to_list()
        return [
            (i, phases.get(phase[i] or "any", ANY))
            for i, scope in enumerate(scopes)
            if scope == "england"
        ]

    def has(self, name: str) -> bool:
        """Whether the release holds a column of this name, in any case."""
        return name.casefold() in self._names

    def text(self, *names: str) -> pl.DataFrame:
        """Raw text of those of the columns that are there, under the names asked for."""
        there = {name: self._names[name.casefold()] for name in names if self.has(name)}
        frame = self.store.frame(self.card.id, list(dict.fromkeys(there.values())))
        return frame.select(pl.col(real).alias(name) for name, real in there.items())

    def column(self, name: str) -> Column | None:
        """One column decoded, or ``None`` where the release has none of that name."""
        real = self._names.get(name.casefold())
        if real is None:
            return None
        key = (self.card.id, real)
        if key in self.cache:
            self.cache.move_to_end(key)
            return self.cache[key]
        text = self.store.frame(self.card.id, [real])[real]
        column = self._decoded(real, text)
        self.cache[key] = column
        if len(self.cache) > COLUMNS_KEPT:
            self.cache.popitem(last=False)
        return column

    def _decoded(self, name: str, text: pl.Series) -> Column:
        distinct = text.drop_nulls().unique(maintain_order=True)
        meaning = decode(distinct)
        missing = len(distinct)  # where a null cell looks
        which = (
            text.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64).fill_null(missing).to_numpy()
        )
        value = np.append(meaning["value"].fill_null(np.nan).to_numpy(), np.nan)
        reason = np.append(meaning["reason"].to_numpy(), EMPTY).astype(np.uint8)
        raw = self.texts.codes([*distinct.to_list(), ""])
        reasons = reason[which]
        reasons[(which == missing) & (self.width <= self.card.position(name))] = ENDS_EARLY
        return Column(name, value[which], reasons, raw[which])


def tables(store: Store, kinds: Iterable[str] | None = None) -> list[Table]:
    """Every release that is not withdrawn, in the order loaded, with one cache between them."""
    texts, cache = Texts(), OrderedDict[tuple[str, str], Column]()
    wanted = None if kinds is None else set(kinds)
    return [
        Table(card, store, texts, cache)
        for card in store.cards()
        if wanted is None or card.kind in wanted
    ]
