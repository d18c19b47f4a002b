"""One performance table while it is filled: pupils added up to schools, authorities and England."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import history
from bridgehead.opendata.synthetic.pupils import Pupils
from bridgehead.opendata.synthetic.text import Flags, Floats, Ints, cells

#: A publisher hides the figures of this many pupils or fewer.
FEW = 5


@dataclass
class Sheet:
    """Columns by name in ``out``: every school, then authorities, then England state-funded, then
    England with every school.

    ``las`` is the authority index of each school; ``state`` says which schools are state-funded:
    only they count for authorities and for England's first row. ``empty`` is what the publisher
    prints for a group without pupils. With ``hide_all``, a school with five pupils or fewer has
    everything hidden but how many they are.
    """

    pupils: Pupils
    las: Ints
    state: Flags
    empty: str
    hide_all: bool
    out: dict[str, pl.Series] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.schools = len(self.las)
        self.la_count = int(self.las.max()) + 1 if self.schools else 0
        self.height = self.schools + self.la_count + 2
        self.groups = self.pupils.groups()
        self.number = {key: self.total(where) for key, where in self.groups.items()}
        self.is_school = np.arange(self.height) < self.schools
        self.independent = np.append(~self.state, np.zeros(self.height - self.schools, dtype=bool))
        self.counted = self.state[self.pupils.place]

    def total(self, where: Flags, weight: Floats | None = None) -> Floats:
        """Count the pupils of ``where``, or sum their weights, in every row."""
        at = self.pupils.place[where]
        weights = None if weight is None else weight[where]
        own = np.bincount(at, weights=weights, minlength=self.schools).astype(np.float64)
        funded = np.where(self.state, own, 0.0)
        area = np.bincount(self.las, weights=funded, minlength=self.la_count)
        return np.concatenate([own, area, [funded.sum(), own.sum()]])

    def mean(self, value: Floats | Flags, key: str, *, among: Flags | None = None) -> Floats:
        """Mean over a group (and ``among``) in every row; NaN where there is nobody."""
        where = self.groups[key] if among is None else self.groups[key] & among
        counted = self.number[key] if among is None else self.total(where)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(
                counted > 0, self.total(where, value.astype(np.float64)) / counted, np.nan
            )

    def national(self, value: Floats | Flags, key: str, *, among: Flags | None = None) -> float:
        """Mean over a group in state-funded England."""
        return float(self.mean(value, key, among=among)[-2])

    def hidden(self, number: Floats) -> Flags:
        """Which rows hide a figure that ``number`` pupils stand behind."""
        few = (number > 0) & (number <= FEW)
        if self.hide_all:
            few = few | (self.number["all"] <= FEW)
        return self.is_school & few

    def show(
        self,
        name: str,
        value: Floats,
        key: str = "all",
        *,
        number: Floats | None = None,
        decimals: int = 0,
        suffix: str = "",
        fixed: bool = False,
    ) -> None:
        """Print a figure of a group. Groups of independent schools are not published."""
        hidden = self.hidden(self.number[key] if number is None else number)
        text = cells(
            value, decimals=decimals, suffix=suffix, hidden=hidden, missing=self.empty, fixed=fixed
        )
        self.out[name] = self.withheld(text) if key != "all" else text

    def withheld(self, text: pl.Series) -> pl.Series:
        """``NP`` for independent schools."""
        return history.put(text, self.independent, "NP") if self.independent.any() else text

    def count(
        self, name: str, number: Floats, share: str = "", *, of: Floats | None = None
    ) -> None:
        """Print how many pupils there are, and their share of all (or of ``of``)."""
        whole = self.number["all"]
        few = self.is_school & (whole <= FEW)
        self.out[name] = self.withheld(cells(number, hidden=few))
        if share:
            base = whole if of is None else of
            with np.errstate(invalid="ignore", divide="ignore"):
                per_cent = np.where(base > 0, 100 * number / base, np.nan)
            self.out[share] = self.withheld(cells(per_cent, suffix="%", hidden=few))

    def place(self, blank: int) -> Ints:
        """Row of each line of the file: schools, ``blank`` schools without figures, authorities,
        England with every school, England state-funded."""
        first = np.arange(self.schools)
        areas = np.arange(self.schools, self.height - 2)
        tail = [self.height - 1, self.height - 2]
        return np.concatenate([first, np.full(blank, -1), areas, tail]).astype(np.int64)
