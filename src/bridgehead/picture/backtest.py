"""Would it have been right? A year foretold from what was known before it, beside baselines
(docs/explanation/how-direction-is-estimated.md, "Back-test").

Schools are followed by LAESTAB. Files of the target year and later take no part in the fit; of the
target year's file only what is known of the cohort does, and only where that is said. (Who is a
mainstream school of which phase is read from all of them.) A figure is
compared with its year: nobody can know how hard next year's tests will be, so that every year's
mean over the schools compared is taken off, for the model and every baseline alike; the errors
with that left in are given beside.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bridgehead.core.errors import Refused
from bridgehead.core.years import label
from bridgehead.measures.loader import measures as all_measures
from bridgehead.measures.model import Measure
from bridgehead.opendata.releases import Store
from bridgehead.picture import context as surroundings
from bridgehead.picture import labels
from bridgehead.picture.baselines import Past, baselines, newest
from bridgehead.picture.direction import EIGHTY, Floats, Ints, Panel, probabilities, smoothed
from bridgehead.picture.families import Family, family_of
from bridgehead.picture.noise import Seen, scaled
from bridgehead.picture.pool import One, figure_ahead, work
from bridgehead.picture.roster import MAINSTREAM, TOGETHER, Roster, roster
from bridgehead.picture.tables import Table, tables
from bridgehead.picture.values import Cells, Origins, Placed, assemble, for_schools, place

MODEL, KNOWN = "model", "model_cohort_known"
#: Errors over fewer schools than this say nothing.
FEWEST_COMPARED = 10


@dataclass(frozen=True, slots=True)
class Foretold:
    """One year foretold, over the schools compared: arrays are (schools,).

    ``by`` holds the forecasts by method, ``half`` half the 80 % interval of each model's, ``rise``
    the model's probability that the figure will be above ``last`` by more than ``smallest``, both
    beside their year's mean.
    """

    measure: Measure
    target: int
    urn: Ints
    actual: Floats
    last: Floats
    pupils: Floats
    by: Mapping[str, Floats]
    half: Mapping[str, Floats]
    rise: Floats
    smallest: float


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What the releases say: ``before`` those before the target, ``at`` those of its year."""

    who: Roster
    before: dict[str, Placed]
    at: dict[str, Placed]
    measures: Mapping[str, Measure]
    context: Floats
    target: int

    def cells(self, key: str, placed: dict[str, Placed]) -> Cells | None:
        """One series of all pupils over all schools, years up to the target."""
        measure = self.measures[key]
        return assemble(measure, measure.groups["all"], placed, len(self.who.urn), Origins())

    def one(self, key: str, *, with_target: bool, outcome: bool) -> One | None:
        """The series as the model takes it; ``with_target`` adds what the target year's own file
        says of that year."""
        before = self.cells(key, self.before)
        at = self.cells(key, self.at) if with_target else None
        parts = [
            (cells, years)
            for cells, years in (
                (before, None if before is None else before.years < self.target),
                (at, None if at is None else at.years == self.target),
            )
            if cells is not None and years is not None
        ]
        if not parts:
            return None

        def joined(name: str) -> Floats:
            """One field over the years of both."""
            return np.concatenate([getattr(cells, name)[years] for cells, years in parts])

        measure = self.measures[key]
        return One(
            Seen(
                years=joined("years").astype(np.int64),
                value=joined("value"),
                national=for_schools(joined("national"), self.who.compared),
                cohort=joined("cohort").astype(np.float64),
                roll=np.full(len(self.who.urn), np.nan),
                pool=self.who.pools(measure.stage)[0],
                context=self.context,
            ),
            measure,
            outcome,
        )


def foretell(home: Path, key: str, *, target: int, areas: Collection[str] = ()) -> Foretold:
    """Foretell the academic year that starts in ``target``, of the mainstream schools of some
    authorities (none named: of all that are loaded) that have the measure in that year and in the
    two before it that are loaded.

    Raises ``Refused`` where the measure is not known, or where there is nothing to compare.
    """
    known = all_measures()
    if key not in known:
        raise Refused(
            f"there is no measure {key!r}.", "docs/reference/measures.md lists them.", value=key
        )
    measure = known[key]
    loaded = _load(home, known, target)
    actual, past = loaded.cells(key, loaded.at), loaded.one(key, with_target=False, outcome=True)
    if actual is None or target not in actual.years or past is None or not len(past.seen.years):
        raise Refused(
            f"{measure.title} is not loaded for {label(target)} and a year before it.",
            "Load the files of those years with bridgehead load.",
            value=key,
        )
    at = int(np.flatnonzero(actual.years == target)[0])
    pools = _pools(loaded, past)
    schools = np.concatenate(pools)
    pick = _chosen(loaded, past.seen, actual.value[at], schools, areas)
    if len(pick) < FEWEST_COMPARED:
        where = f" in {', '.join(sorted(areas))}" if areas else ""
        few = f"only {len(pick)} of {FEWEST_COMPARED} schools" if len(pick) else "no school"
        raise Refused(
            f"{few}{where} {'have' if len(pick) else 'has'} {measure.title} in {label(target)} and "
            "the two years before it.",
            "Check the code of the authority, load the years before, or compare more authorities.",
        )
    found = {MODEL: _of_pools(pools, lambda some: _model(loaded, measure, some))}
    if (family := family_of(key)) and family.cohort:
        found[KNOWN] = _of_pools(pools, lambda some: _model(loaded, measure, some, known=True))
    simple = [baselines(_past(past, some), target) for some in pools]
    mean, half = (one[pick] for one in found[MODEL])
    last = newest(past.seen.value[:, schools], 1)[0, pick]
    smallest = labels.smallest_change(measure, float(np.std(last)))
    moved = (mean - mean.mean()) - (last - last.mean())
    rise, _ = probabilities(moved, (half / EIGHTY) ** 2, smallest)
    return Foretold(
        measure=measure,
        target=target,
        urn=loaded.who.urn[schools[pick]],
        actual=actual.value[at, schools[pick]],
        last=last,
        pupils=actual.cohort[at, schools[pick]].astype(np.float64),
        by={name: np.concatenate([one[name] for one in simple])[pick] for name in simple[0]}
        | {name: one[0][pick] for name, one in found.items()},
        half={name: one[1][pick] for name, one in found.items()},
        rise=rise,
        smallest=smallest,
    )


def _pools(loaded: _Loaded, past: One) -> list[Ints]:
    """The positions of schools, pool by pool: mainstream ones, of all where none is, as far as they
    have figures."""
    pool = loaded.who.pools(past.measure.stage)[0]
    seen = ~np.isnan(past.seen.value).all(axis=0)
    mainstream = [one for one in (TOGETHER, *MAINSTREAM) if (seen & (pool == one)).any()]
    return [np.flatnonzero(pool == one) for one in mainstream] or [np.arange(len(pool))]


def _of_pools(
    pools: list[Ints], work_: Callable[[Ints], tuple[Floats, Floats]]
) -> tuple[Floats, Floats]:
    """What is foretold of every pool, one after another."""
    means, halves = zip(*(work_(some) for some in pools), strict=True)
    return np.concatenate(means), np.concatenate(halves)


def _load(home: Path, known: Mapping[str, Measure], target: int) -> _Loaded:
    """The releases up to the target year, schools followed by LAESTAB alone."""
    store = Store(home)

    def wanted(table: Table) -> bool:
        card = table.card
        return card.kind != "gias_links" and (card.year is None or card.year <= target)

    loaded = [t for t in tables(store, store.cards()) if wanted(t)]
    who = roster(loaded, dict(known))
    of_years = [t for t in loaded if t.card.year is not None]
    before, at = (
        place([t for t in of_years if (t.card.year == target) is now], who.school_of, who.results)
        for now in (False, True)
    )

    def context_cells(key: str) -> Cells | None:
        found = surroundings.find_measure(key, dict(known))
        return None if found is None else assemble(*found, before, len(who.urn), Origins())

    nothing = np.full(len(who.urn), np.nan)
    context = surroundings.read(len(who.urn), who.kind, nothing, context_cells)
    return _Loaded(who, before, at, known, surroundings.scaled_for_distance(context), target)


def _chosen(
    loaded: _Loaded, past: Seen, actual: Floats, schools: Ints, areas: Collection[str]
) -> Ints:
    """Positions in ``schools`` of those that are compared."""
    there = ~np.isnan(past.value[:, schools])
    newest_two = np.flatnonzero(there.any(axis=1))[-2:]
    chosen = there[newest_two].all(axis=0) & ~np.isnan(actual[schools])
    if areas:
        authority = np.array(loaded.who.frame["la"].to_list())[schools]
        if len(areas) > 1 and (unknown := sorted(set(areas) - set(authority.tolist()))):
            raise Refused(
                f"no school in {', '.join(unknown)} is among those that can be compared.",
                "Check the code of the authority, or load its files.",
                column="--area",
            )
        chosen &= np.isin(authority, list(areas))
    return np.flatnonzero(chosen)


def _past(past: One, schools: Ints) -> Past:
    """What the baselines see."""
    years = past.seen.years
    part = scaled(past.seen, past.measure, np.arange(len(years)), schools, None)
    own = 0.0 if np.isnan(part.pupil) else part.pupil
    luck = own * part.factor**2 * part.scale[:, None] ** 2 / part.pupils
    england = past.seen.national[-1, schools]
    known = england[~np.isnan(england)]
    return Past(
        years,
        past.seen.value[:, schools],
        luck,
        float(known[0]) if len(known) else float("nan"),
    )


def _model(
    loaded: _Loaded, measure: Measure, schools: Ints, *, known: bool = False
) -> tuple[Floats, Floats]:
    """The model's forecast of the target year and half its 80 % interval, (schools,). ``known``
    says that what is known of the cohort beforehand may be used."""
    nothing = np.full(len(schools), np.nan)
    family = family_of(measure.key) or Family("", (measure.key,), ())
    series = [
        one
        for keys, outcome in ((family.outcomes, True), (family.cohort, False))
        for key in keys
        if key in loaded.measures
        and (one := loaded.one(key, with_target=known and not outcome, outcome=outcome))
    ]
    if measure.key not in [one.measure.key for one in series]:
        return nothing, nothing
    which = [one.measure.key for one in series].index(measure.key)
    worked = work(series, schools)
    d = None if worked is None else worked.position(which)
    if worked is None or d is None:
        return nothing, nothing
    times = int(np.searchsorted(worked.panel.years, loaded.target))
    before = Panel(
        worked.panel.years[:times],
        worked.panel.seen[:times],
        worked.panel.share[:times],
        worked.panel.factor,
    )
    nobody = np.full((before.schools, before.measures), -1, dtype=np.int64)
    done = smoothed(before.less(worked.fit.offset[:times]), worked.fit.hyper, nobody, nobody)
    cohort = np.full((before.schools, before.measures), np.nan)
    share = before.share[-1]
    if times < len(worked.panel.years):
        cohort = worked.panel.seen[times] - worked.fit.offset[times]
    mean, variance = figure_ahead(
        replace(worked, panel=before), d, done, year=loaded.target, share=share, known=cohort
    )
    return mean, worked.fit.half[d] * np.sqrt(variance)
