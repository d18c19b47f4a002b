"""Build the picture: every loaded school in context, from every release that is not withdrawn."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bridgehead.measures.loader import measures as all_measures
from bridgehead.measures.model import Measure
from bridgehead.opendata.releases import Store
from bridgehead.picture import context as surroundings
from bridgehead.picture import store as disk
from bridgehead.picture.compare import Around, compare_measure, together
from bridgehead.picture.crew import HANDS, Each, crew
from bridgehead.picture.estimate import Fit
from bridgehead.picture.families import families
from bridgehead.picture.frozen import freeze
from bridgehead.picture.inspections import inspections
from bridgehead.picture.model import NoPicture
from bridgehead.picture.roster import Roster, roster
from bridgehead.picture.similar import similar_schools
from bridgehead.picture.tables import NATIONAL_PHASES, READ_WHOLE, Table, tables
from bridgehead.picture.travel import Travels
from bridgehead.picture.values import (
    Cells,
    Origins,
    Placed,
    assemble,
    gap,
    place,
    prefetch,
)

#: Fewer schools than this in the largest release are sooner compared by this process alone.
WORTH_HANDS = 4000

Tell = Callable[[str, int, int], None]


def _silent(what: str, done: int, of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Built:
    """What ``build`` did. ``fresh`` is False where the picture of these inputs was there."""

    digest: str
    fresh: bool
    meta: dict[str, Any]


@dataclass
class _Work:
    """What is the same for every series, and what they add to."""

    around: Around
    placed: dict[str, Placed]
    origins: Origins
    cells: disk.Spool
    travels: disk.Spool
    keys: list[str] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    years: list[int] = field(default_factory=list)
    series: int = 0  # how many there may be, for who is told of progress
    told: int = 0


@dataclass(frozen=True, slots=True)
class _Assembled:
    """A series before it is compared: its number and key in the picture."""

    number: int
    key: str
    measure: Measure
    group: str
    cells: Cells


def expected_digest(home: Path) -> str:
    """The name of the picture that the loaded releases and today's definitions would give."""
    return disk.digest_of(Store(home).cards(), all_measures().values())


def build(
    home: Path,
    *,
    force: bool = False,
    tell: Tell = _silent,
    measures: Mapping[str, Measure] | None = None,
) -> Built:
    """Build the picture of a home and make it current, or find that it is there already.

    ``tell`` hears (what, how many are done, how many there are); ``measures`` stands in for the
    definitions of the home. Raises ``NoPicture`` when no release with a school is loaded.
    """
    started = time.perf_counter()
    known = dict(all_measures() if measures is None else measures)
    store = Store(home)
    if not store.cards():
        raise NoPicture("Nothing has been loaded yet.", "Run: bridgehead load FILES…")
    with disk.writing(home):
        cards = store.cards()  # read once: what is loaded from here on belongs to the next picture
        digest = disk.digest_of(cards, known.values())
        if not force and disk.is_whole(home, digest):
            if disk.current(home) != digest:
                disk.make_current(home, digest)
            return Built(digest, fresh=False, meta={})
        temporary = disk.pictures(home) / f".new-{digest}"
        temporary.mkdir()
        loaded = tables(store, cards)
        meta = _write(temporary, loaded, known, digest=digest, tell=tell, started=started)
        disk.publish(home, temporary, digest)
    return Built(digest, fresh=True, meta=meta)


def _write(
    folder: Path,
    loaded: list[Table],
    known: dict[str, Measure],
    *,
    digest: str,
    tell: Tell,
    started: float,
) -> dict[str, Any]:
    large = max((table.card.schools for table in loaded), default=0) >= WORTH_HANDS
    with crew(folder, HANDS if large else 0) as share:
        tell("schools and their chains of URNs", 0, 0)
        prefetch(known.values(), loaded, READ_WHOLE)
        who_is = roster(loaded, known)
        if not len(who_is.urn):
            raise NoPicture(
                "Nothing that is loaded speaks of a school.", "Run: bridgehead load FILES…"
            )
        work = _prepare(folder, loaded, known, who_is, tell)
        work.series = sum(len(measure.groups) for measure in known.values())
        with ThreadPoolExecutor(1) as aside:  # there is room for it while others compare
            visits = aside.submit(inspections, loaded, who_is.school_of, who_is.urn.tolist())
            _series(work, known, share(work.around), tell)
    tell("writing", 0, 0)
    visits.result().write_parquet(folder / "inspections.parquet")
    work.cells.finish()
    work.travels.finish()
    return _finish(folder, work, loaded, known, digest=digest, started=started)


def _prepare(
    folder: Path, loaded: list[Table], known: dict[str, Measure], who_is: Roster, tell: Tell
) -> _Work:
    schools = len(who_is.urn)
    placed = place([t for t in loaded if t.card.year is not None], who_is.school_of, who_is.results)
    unused = Origins()

    def context_cells(key: str) -> Cells | None:
        found = surroundings.find_measure(key, known)
        return None if found is None else assemble(*found, placed, schools, unused)

    tell("context", 0, 0)
    context = surroundings.read(schools, who_is.kind, who_is.roll, context_cells)
    tell("similar schools", 0, 0)
    scaled = surroundings.scaled_for_distance(context)
    found = similar_schools(
        scaled,
        np.where(who_is.state_funded, who_is.kind, -1),
        surroundings.age_bands(who_is.low_age, who_is.high_age, who_is.kind),
        ages=np.column_stack([who_is.low_age, who_is.high_age]),
    )
    np.save(folder / "similar.npy", found.who)
    np.save(folder / "distance.npy", found.distance)
    np.save(folder / "context.npy", context)
    pupils = context[:, surroundings.KEYS.index("pupils")]
    return _Work(
        around=Around(
            roster=who_is,
            context=scaled,
            roll=np.where(np.isnan(pupils), who_is.roll, pupils),
            who=found.who.astype(np.int32),
        ),
        placed=placed,
        origins=Origins(),
        cells=disk.Spool(folder, "cells", disk.CELL, schools),
        travels=disk.Spool(folder, "travels", disk.TRAVEL, schools),
    )


def _series(work: _Work, known: dict[str, Measure], each: Each, tell: Tell) -> None:
    """Assemble every series in order, compare those of several measures side by side, write them in
    order: how many hands there are changes nothing in what is written."""
    with_others = _families(work, known, each, tell)
    begun: deque[list[_Assembled]] = deque()

    def things() -> Iterator[tuple[Any, ...]]:
        for measure in known.values():
            series = _assembled(work, measure, tell)
            if series:
                begun.append(series)
                parts = [(one.group, one.number, one.cells) for one in series]
                yield measure, parts, with_others.get(measure.key)

    for found in each(compare_measure, things()):
        for one, compared in zip(begun.popleft(), found, strict=True):
            work.cells.add(compared.cells, compared.school)
            work.travels.add(compared.travels, compared.which)
            _note(work, one.measure, one.key, one.cells, compared.fits)


def _families(work: _Work, known: dict[str, Measure], each: Each, tell: Tell) -> dict[str, Travels]:
    """Direction of the measures that inform one another, by key. A family of which only one measure
    is loaded is none."""
    unused = Origins()

    def loaded() -> Iterator[list[tuple[Measure, Cells, bool]]]:
        for family in families():
            found = []
            for keys, outcome in ((family.outcomes, True), (family.cohort, False)):
                for key in keys:
                    one = surroundings.find_measure(key, known)
                    schools = len(work.around.roster.urn)
                    cells = None if one is None else assemble(*one, work.placed, schools, unused)
                    if one is not None and cells is not None:
                        found.append((one[0], cells, outcome))
            if sum(outcome for *_, outcome in found) and len(found) > 1:
                yield found

    tell("measures that inform one another", 0, 0)
    said: dict[str, Travels] = {}
    begun: deque[list[str]] = deque()

    def things() -> Iterator[tuple[Any, ...]]:
        for series in loaded():
            begun.append([measure.key for measure, _, outcome in series if outcome])
            yield (series,)

    for found in each(together, things()):
        said.update(zip(begun.popleft(), found, strict=False))
    return said


def _assembled(work: _Work, measure: Measure, tell: Tell) -> list[_Assembled]:
    """The series of a measure that are loaded. A gap is made of two groups that come before."""
    found: list[_Assembled] = []
    done: dict[str, Cells | None] = {}
    schools, compared = len(work.around.roster.urn), work.around.roster.compared
    prefetch([measure], [one.table for one in work.placed.values()])
    for group in measure.groups.values():
        work.told += 1
        tell("series", work.told - 1, work.series)
        if group.is_gap:
            low, others = done.get("disadvantaged"), done.get("others")
            cells = None if low is None or others is None else gap(low, others, compared)
        else:
            cells = assemble(measure, group, work.placed, schools, work.origins)
        if group.key in ("disadvantaged", "others"):
            done[group.key] = cells
        if cells is not None and cells.there.any():
            key = measure.key if group.key == "all" else f"{measure.key}.{group.key}"
            found.append(_Assembled(len(work.keys), key, measure, group.key, cells))
            work.keys.append(key)
    return found


def _note(work: _Work, measure: Measure, key: str, cells: Cells, fits: dict[int, Fit]) -> None:
    """What the pages need to know of a series as a whole."""
    table = {
        name: {
            year: cells.national[t, phase]
            for t, year in enumerate(cells.years.tolist())
            if not np.isnan(cells.national[t, phase])
        }
        for phase, name in enumerate(NATIONAL_PHASES)
    }
    areas = sorted({work.origins.all[o].area for o in np.unique(cells.origin[cells.there])})
    work.about[key] = {
        "measure": measure.key,
        "years": cells.years.tolist(),
        "ranked_years": [y for y, e in zip(cells.years.tolist(), cells.england, strict=True) if e],
        "areas": areas,
        "england": {name: found for name, found in table.items() if found},
        "schools": int(cells.there.any(axis=0).sum()),
        "fits": {work.around.roster.pool_name(pool): _fit(fit_) for pool, fit_ in fits.items()},
    }
    work.years = sorted({*work.years, *cells.years.tolist()})


def _fit(fit: Fit) -> dict[str, Any]:
    return {
        **fit.figures,
        "prior": fit.prior_figures,
        "schools": fit.schools,
        "years": fit.years,
        "estimated": fit.estimated,
        "settled": fit.settled,
        "drift_told": fit.drift_told,
    }


def _finish(
    folder: Path,
    work: _Work,
    loaded: list[Table],
    known: dict[str, Measure],
    *,
    digest: str,
    started: float,
) -> dict[str, Any]:
    who_is = work.around.roster
    who_is.frame.write_parquet(folder / "schools.parquet")
    urns = np.array(sorted(who_is.school_of), dtype=np.int64)
    np.save(folder / "urns.npy", urns)
    np.save(
        folder / "school_of.npy",
        np.array([who_is.school_of[u] for u in urns.tolist()], dtype=np.int32),
    )
    texts = loaded[0].texts.all if loaded else []
    disk.write_json(folder / "texts.json", texts)
    used = {about["measure"] for about in work.about.values()}
    disk.write_json(
        folder / "measures.json", {key: freeze(m) for key, m in known.items() if key in used}
    )
    meta: dict[str, Any] = {
        "digest": digest,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "synthetic": any(t.card.synthetic for t in loaded),
        "releases": [t.card.id for t in loaded],
        "schools": len(who_is.urn),
        "series": work.keys,
        "years": work.years,
        "cells": int(np.load(folder / "cells_offsets.npy")[-1]),
        "inputs": [
            {"key": one.key, "title": one.title, "unit": one.unit} for one in surroundings.INPUTS
        ],
        "about": work.about,
        "origins": [asdict(origin) for origin in work.origins.all],
        "seconds": round(time.perf_counter() - started, 2),
    }
    disk.write_json(folder / "meta.json", meta)
    return meta
