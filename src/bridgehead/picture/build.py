"""Build the picture: every loaded school in context, from every release that is not withdrawn."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from bridgehead.measures.loader import measures as all_measures
from bridgehead.measures.model import Group, Measure
from bridgehead.opendata.releases import Store
from bridgehead.picture import context as surroundings
from bridgehead.picture import store as disk
from bridgehead.picture.compare import Around, Compared, compare, together
from bridgehead.picture.estimate import Fit
from bridgehead.picture.families import families
from bridgehead.picture.frozen import freeze
from bridgehead.picture.inspections import inspections
from bridgehead.picture.model import NoPicture
from bridgehead.picture.pool import Base
from bridgehead.picture.roster import Roster, roster
from bridgehead.picture.side_by_side import THREADS, side_by_side
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

#: Fewer schools than this are sooner compared by one thread.
WORTH_THREADS = 4000

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


@dataclass(frozen=True, slots=True)
class _Assembled:
    """A series before it is compared: its number and key in the picture. ``base`` is where the
    schools stand with all their pupils: that series sets it, those of its groups wait for it."""

    number: int
    key: str
    measure: Measure
    group: str
    cells: Cells
    base: "Future[Base] | None"


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
    tell("schools and their chains of URNs", 0, 0)
    prefetch(known.values(), loaded, READ_WHOLE)
    who_is = roster(loaded, known)
    if not len(who_is.urn):
        raise NoPicture("Nothing that is loaded speaks of a school.", "Run: bridgehead load FILES…")
    work = _prepare(folder, loaded, known, who_is, tell)
    _series(work, known, tell)
    tell("writing", 0, 0)
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
            who=found.who.astype(np.int64),
        ),
        placed=placed,
        origins=Origins(),
        cells=disk.Spool(folder, "cells", disk.CELL, schools),
        travels=disk.Spool(folder, "travels", disk.TRAVEL, schools),
    )


def _series(work: _Work, known: dict[str, Measure], tell: Tell) -> None:
    """Assemble every series in order, compare some of them side by side, write them in order: how
    many threads there are changes nothing in what is written."""
    pairs = [(m, g) for m in known.values() for g in m.groups.values()]
    threads = THREADS if len(work.around.roster.urn) >= WORTH_THREADS else 1
    with_others = _families(work, known, threads, tell)

    def compared(one: _Assembled) -> tuple[_Assembled, Compared]:
        around, measure, number = work.around, one.measure, one.number
        if one.group != "all":
            # The series of all pupils comes first and is begun first, so that this wait ends.
            base = None if one.base is None else one.base.result()
            return one, compare(around, measure, one.cells, number, base=base)
        assert one.base is not None
        try:
            found = compare(around, measure, one.cells, number, said=with_others.get(one.key))
        except BaseException as error:
            one.base.set_exception(error)
            raise
        one.base.set_result(found.base)
        return one, found

    for one, found in side_by_side(compared, _assembled(work, pairs, tell), threads=threads):
        work.keys.append(one.key)
        work.cells.add(found.cells, found.school)
        work.travels.add(found.travels, found.which)
        _note(work, one.measure, one.key, one.cells, found.fits)


def _families(
    work: _Work, known: dict[str, Measure], threads: int, tell: Tell
) -> dict[str, Travels]:
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

    def worked(series: list[tuple[Measure, Cells, bool]]) -> dict[str, Travels]:
        names = [measure.key for measure, _, outcome in series if outcome]
        return dict(zip(names, together(work.around, series), strict=False))

    for one in side_by_side(worked, loaded(), threads=threads):
        said.update(one)
    return said


def _assembled(work: _Work, pairs: list[tuple[Measure, Group]], tell: Tell) -> Iterator[_Assembled]:
    """Every series that is loaded. A gap is made of two groups that come before."""
    found = count()
    done: dict[str, Cells | None] = {}
    base: Future[Base] | None = None
    schools, compared = len(work.around.roster.urn), work.around.roster.compared
    for number, (measure, group) in enumerate(pairs):
        tell("series", number, len(pairs))
        if group.key == "all":
            done.clear()
            base = None
            prefetch([measure], [one.table for one in work.placed.values()])
        if group.is_gap:
            low, others = done.get("disadvantaged"), done.get("others")
            cells = None if low is None or others is None else gap(low, others, compared)
        else:
            cells = assemble(measure, group, work.placed, schools, work.origins)
        if group.key in ("disadvantaged", "others"):
            done[group.key] = cells
        if cells is not None and cells.there.any():
            if group.key == "all":
                base = Future()
            key = measure.key if group.key == "all" else f"{measure.key}.{group.key}"
            yield _Assembled(next(found), key, measure, group.key, cells, base)


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
    inspections(loaded, who_is.school_of, who_is.urn.tolist()).write_parquet(
        folder / "inspections.parquet"
    )
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
