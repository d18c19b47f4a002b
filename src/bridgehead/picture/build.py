"""Build the picture: every loaded school in context, from every release that is not withdrawn."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.measures.loader import measures as all_measures
from bridgehead.measures.model import Group, High, Measure
from bridgehead.opendata.releases import Store
from bridgehead.picture import context as surroundings
from bridgehead.picture import store as disk
from bridgehead.picture.estimate import Fit
from bridgehead.picture.frozen import freeze
from bridgehead.picture.inspections import inspections
from bridgehead.picture.model import NoPicture
from bridgehead.picture.roster import Roster, roster
from bridgehead.picture.similar import similar_schools
from bridgehead.picture.standing import among_similar, percentile
from bridgehead.picture.tables import NATIONAL_PHASES, Table, tables
from bridgehead.picture.travel import Seen, travels
from bridgehead.picture.values import (
    Cells,
    Origins,
    Placed,
    assemble,
    for_schools,
    gap,
    place,
    prefetch,
)

#: Years of a series worked side by side.
THREADS = 2
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

    roster: Roster
    placed: dict[str, Placed]
    context: npt.NDArray[np.float64]
    roll: npt.NDArray[np.float64]
    who: npt.NDArray[np.int32]
    origins: Origins
    cells: disk.Spool
    travels: disk.Spool
    keys: list[str] = field(default_factory=list)
    national: list[npt.NDArray[np.float64]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    years: list[int] = field(default_factory=list)


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
        digest = disk.digest_of(store.cards(), known.values())
        if not force and disk.is_whole(home, digest):
            if disk.current(home) != digest:
                disk.make_current(home, digest)
            return Built(digest, fresh=False, meta={})
        temporary = disk.pictures(home) / f".new-{digest}"
        temporary.mkdir()
        meta = _write(temporary, tables(store), known, digest=digest, tell=tell, started=started)
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
    who_is = roster(loaded, known)
    if not len(who_is.urn):
        raise NoPicture("Nothing that is loaded speaks of a school.", "Run: bridgehead load FILES…")
    work = _prepare(folder, loaded, known, who_is, tell)
    pairs = [(m, g) for m in known.values() for g in m.groups.values()]
    done: dict[str, Cells | None] = {}
    for number, (measure, group) in enumerate(pairs):
        tell("series", number, len(pairs))
        if group.key == "all":
            prefetch(measure, work.placed)
        _one_series(work, measure, group, done)
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
    found = similar_schools(
        surroundings.scaled_for_distance(context),
        np.where(who_is.state_funded, who_is.kind, -1),
        surroundings.age_bands(who_is.low_age, who_is.high_age, who_is.kind),
    )
    np.save(folder / "similar.npy", found.who)
    np.save(folder / "distance.npy", found.distance)
    np.save(folder / "context.npy", context)
    pupils = context[:, surroundings.KEYS.index("pupils")]
    return _Work(
        roster=who_is,
        placed=placed,
        context=surroundings.scaled_for_distance(context),
        roll=np.where(np.isnan(pupils), who_is.roll, pupils),
        who=found.who,
        origins=Origins(),
        cells=disk.Spool(folder, "cells", disk.CELL, schools),
        travels=disk.Spool(folder, "travels", disk.TRAVEL, schools),
    )


def _one_series(work: _Work, measure: Measure, group: Group, done: dict[str, Cells | None]) -> None:
    """Assemble, compare and write one series. ``done`` keeps the groups that a gap needs."""
    key = measure.key if group.key == "all" else f"{measure.key}.{group.key}"
    schools = len(work.roster.urn)
    if group.is_gap:
        low, others = done.get("disadvantaged"), done.get("others")
        cells = None if low is None or others is None else gap(low, others, work.roster.compared)
    else:
        cells = assemble(measure, group, work.placed, schools, work.origins)
    if group.key == "all":
        done.clear()
    if group.key in ("disadvantaged", "others"):
        done[group.key] = cells
    if cells is None:
        return
    which = np.flatnonzero(cells.there.any(axis=0))
    number = len(work.keys)
    work.keys.append(key)
    worse = measure.high is High.WORSE
    pool, ranked = work.roster.pools(measure.stage)
    national = for_schools(cells.national, work.roster.compared)[:, which]
    seen = Seen(
        years=cells.years,
        value=cells.value[:, which],
        national=national,
        cohort=cells.cohort[:, which].astype(np.float64),
        roll=work.roll[which],
        pool=pool[which],
        context=work.context[which],
    )
    said = travels(seen, measure)
    records = np.zeros((len(which), len(cells.years)), dtype=disk.CELL)
    records["series"] = number

    def fill(t: int) -> None:
        column = records[:, t]
        column["year"] = cells.years[t]
        column["phase"] = work.roster.compared[which]
        for name in ("reason", "origin", "row", "raw", "value", "cohort"):
            column[name] = getattr(cells, name)[t, which]
        column["percentile"] = disk.NONE
        if cells.england[t]:
            own = np.where(ranked, cells.value[t], np.nan)
            column["percentile"] = disk.hundredths(percentile(own, pool, worse=worse)[which])
        place_, median = among_similar(cells.value[t], work.who, which, worse=worse)
        column["place"] = disk.hundredths(place_)
        column["median"] = median
        column["level"] = said.level[t]
        column["half"] = said.half[t]

    if len(which) < WORTH_THREADS:
        for t in range(len(cells.years)):
            fill(t)
    else:
        with ThreadPoolExecutor(THREADS) as threads:  # numpy lets go of the lock where time goes
            list(threads.map(fill, range(len(cells.years))))
    present = cells.there[:, which].T
    work.cells.add(records[present], np.repeat(which, present.sum(axis=1)))
    one = np.zeros(len(which), dtype=disk.TRAVEL)
    one["series"] = number
    for name in ("label", "why", "from_year", "to_year", "p_up", "p_down", "change", "share"):
        one[name] = getattr(said, name)
    work.travels.add(one, which)
    _note(work, measure, key, cells, said.fits)


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
        "fits": {work.roster.pool_name(pool): _fit(fit_) for pool, fit_ in fits.items()},
    }
    work.years = sorted({*work.years, *cells.years.tolist()})


def _fit(fit: Fit) -> dict[str, Any]:
    return {
        "drift": fit.hyper.drift,
        "between": fit.hyper.between,
        "excess": fit.hyper.excess,
        "prior": asdict(fit.prior),
        "schools": fit.schools,
        "years": fit.years,
        "estimated": fit.estimated,
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
    who_is = work.roster
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
