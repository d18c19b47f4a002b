"""A national picture, against pandas (and polars) ranking and standardising the same figures alone.

25,000 schools of one phase, ten years, 40 series for all pupils (10 million figures, no gaps: more
than England has), and with ``--groups`` the same measures with six groups of pupils and the gap.
The releases are written through the store. Each picture is built in a process of its own, so that
its peak memory is its own (with that of the processes it starts); the alternatives have one, too,
and take turns with it.

* ``pandas``: percentile ranks and z-scores by series and year over the long frame of all figures
  that has been read already: ``groupby([series, year])``, ``rank(pct=True)``, ``transform`` of mean
  and standard deviation. In its best form: whole numbers of two bytes as keys, the frame in the
  order of its groups, ``sort=False``. With more than ``--at-once`` figures it is given them in
  parts, whose seconds are added up.
* ``pandas, by school``: the same with the frame as the files give it, a school after another.
* ``polars``: reads the same figures from the releases, rank and z-score.
* one school's slice: every series and point of one school, made from a picture already open.

The picture adds reading, chains, England, similar schools, and a model estimated by likelihood. Set
``OPENBLAS_NUM_THREADS=1`` where others use the cores: the picture brings threads of its own, and
those of the linear algebra only wait for one another.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks._paired import by_turns, other, ratio, timed
from bridgehead.measures.loader import measures
from bridgehead.measures.model import Group, Law, Measure, Source
from bridgehead.opendata.releases import Card, Store
from bridgehead.picture.build import build
from bridgehead.picture.crew import HANDS
from bridgehead.picture.picture import Picture

YEARS = range(2016, 2026)
GROUPS = ("all", "disadvantaged", "others", "boys", "girls", "eal", "gap")


def made_up_measures(series: int, groups: tuple[str, ...]) -> dict[str, Measure]:
    """Measures like those of key stage 2, half percentages and half means, in every year."""
    like = {
        Law.PROPORTION: measures()["ks2.rwm_expected"],
        Law.MEAN: measures()["ks2.reading_average"],
    }
    found = {}
    for n in range(series):
        law = (Law.PROPORTION, Law.MEAN)[n % 2]
        key = f"ks2.made_up_{n:02d}"
        parts = {
            group: Group(
                group,
                group,
                () if group == "gap" else (Source("ks2", f"V{n}_{group}", f"N_{group}"),),
                is_gap=group == "gap",
            )
            for group in groups
        }
        found[key] = replace(
            like[law],
            key=key,
            groups=parts,
            first_year=YEARS[0],
            last_year=None,
            missing_years=(),
            breaks=(),
            headline=n < 4,
        )
    return found


def write_releases(home: Path, schools: int, known: dict[str, Measure]) -> None:
    """One national file a year, and a census for the context; figures by a slow drift and noise."""
    draw = np.random.default_rng(20261122)
    store = Store(home)
    cohort = draw.integers(12, 95, schools)
    census = {
        "NOR": (cohort * 7).astype(str),
        "PNUMFSMEVER": np.round(draw.beta(2, 5, schools) * 100, 1).astype(str),
        "PNUMEAL": np.round(draw.beta(1, 5, schools) * 100, 1).astype(str),
        "PSENELK": np.round(draw.beta(4, 20, schools) * 100, 1).astype(str),
        "PSENELSE": np.round(draw.beta(2, 60, schools) * 100, 1).astype(str),
        "SCHOOLTYPE": np.full(schools, "State-funded primary"),
        "LA": np.full(schools, "990"),
    }
    _add(store, "census", 2024, census, schools)
    levels = {key: draw.normal(0, 10, schools) for key in known}
    for year in YEARS:
        columns: dict[str, Any] = {
            "RECTYPE": np.full(schools, "1"),
            "LEA": np.full(schools, "990"),
            "SCHNAME": np.array([f"Invented School {i}" for i in range(schools)]),
            "NFTYPE": np.full(schools, "CY"),
            "AGERANGE": np.full(schools, "4-11"),
        }
        for group in GROUPS[:-1]:
            share = 1.0 if group == "all" else 0.4
            columns[f"N_{group}"] = np.maximum(1, cohort * share).astype(int).astype(str)
        for n, (key, measure) in enumerate(known.items()):
            levels[key] += draw.normal(0, 2, schools)
            for group in measure.groups:
                if group != "gap":
                    columns[f"V{n}_{group}"] = _figures(draw, measure, levels[key], cohort)
        _add(store, "ks2", year, columns, schools)


def _figures(draw: Any, measure: Measure, level: Any, cohort: Any) -> Any:
    if measure.law is Law.PROPORTION:
        p = np.clip(60 + level + draw.normal(0, 4, len(level)), 2, 98)
        shown = np.round(100 * draw.binomial(cohort, p / 100) / cohort)
        text = np.char.add(shown.astype(int).astype(str), "%")
    else:
        shown = 104 + level * 0.3 + draw.normal(0, 9, len(level)) / np.sqrt(cohort)
        text = np.round(shown, 1).astype(str)
    text[draw.random(len(level)) < 0.03] = "SUPP"
    return text


def _add(store: Store, kind: str, year: int, columns: dict[str, Any], schools: int) -> None:
    """One release through the store: the schools and one England row."""
    rows = schools + 1
    frame = pl.DataFrame({name: [*cells, cells[0]] for name, cells in columns.items()})
    number = pl.Series(np.arange(rows), dtype=pl.Int32)
    school = number < schools
    marks = {
        "_row": number + 2,
        "_scope": pl.Series(["school"] * schools + ["england"]),
        "_phase": pl.Series([None] * rows, dtype=pl.String),
        "_urn": pl.Series([900000 + i for i in range(schools)] + [None], dtype=pl.Int32),
        "_laestab": pl.Series([None] * rows, dtype=pl.Int32),
        "_width": pl.Series([frame.width] * rows, dtype=pl.Int32),
    }
    assert school.sum() == schools
    card = Card(
        id=f"{kind.encode().hex()}{year:04d}".zfill(12)[-12:],
        publisher="invented",
        kind=kind,
        title="invented",
        year=year,
        status="final",
        area="england",
        as_at=None,
        as_at_from=None,
        file=f"{kind}-{year}_synthetic.csv",
        sha256="0" * 64,
        loaded_at=datetime.now(UTC),
        rows=rows,
        schools=schools,
        values=0,
        short_rows=0,
        columns=tuple(columns),
        unknown_columns=(),
        dropped_columns=(),
        synthetic=True,
    )
    store.add(card, frame.with_columns(**marks))


def _known(series: int, groups: bool) -> dict[str, Measure]:
    context = {key: one for key, one in measures().items() if key.startswith("census.")}
    return made_up_measures(series, GROUPS if groups else ("all",)) | context


def build_once(home: Path, series: int, groups: bool) -> dict[str, float]:
    """In a process of its own: build, and say how long it took and how much memory."""
    started = time.perf_counter()
    built = build(home, force=True, measures=_known(series, groups))
    seconds = time.perf_counter() - started
    # The processes that it starts are alike, so that the largest stands for each.
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kilobytes += HANDS * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = kilobytes / 1024**2
    picture = Picture.open(home, built.digest)
    schools = len(picture.schools)
    urns = [900000 + n % schools for n in range(100, 400)]
    for urn in urns[:20]:
        for key in (school := picture.school(urn)).series:
            assert school.series[key].points
    started = time.perf_counter()
    for urn in urns[100:]:
        assert picture.school(urn).series
    slice_ = (time.perf_counter() - started) / 200
    started = time.perf_counter()
    for urn in urns[100:200]:
        for key in (school := picture.school(urn)).series:
            assert school.series[key].points
    whole = (time.perf_counter() - started) / 100
    return {
        "seconds": seconds,
        "peak_gb": peak,
        "cells": built.meta["cells"],
        "slice_ms": slice_ * 1000,
        "all_points_ms": whole * 1000,
    }


def built_apart(home: Path, series: int, groups: bool) -> dict[str, float]:
    """``build_once`` in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.picture", "--child", str(home)]
    words += ["--series", str(series), *(["--groups"] if groups else [])]
    found: dict[str, float] = json.loads(subprocess.check_output(words, text=True))
    return found


def pandas_apart(home: Path, at_once: int) -> dict[str, float]:
    """``pandas_alone`` in a process of its own: it would keep its memory."""
    words = [sys.executable, "-m", "benchmarks.picture", "--pandas", str(home)]
    found: dict[str, float] = json.loads(
        subprocess.check_output([*words, "--at-once", str(at_once)], text=True)
    )
    return found


def pandas_alone(home: Path, at_once: int) -> dict[str, float]:
    """The seconds of pandas over the figures of the current picture, in either order."""
    pandas: Any = other("pandas")
    cells = np.load(Picture.open(home).folder / "cells.npy", mmap_mode="r").view(np.ndarray)
    series = cells["series"].astype(np.int16)
    parts = -(-len(cells) // at_once)
    seconds = {"best": 0.0, "by_school": 0.0}
    for part in range(parts):
        which = np.flatnonzero(series % parts == part)
        frame = pandas.DataFrame(
            {
                "series": series[which],
                "year": cells["year"][which],
                "value": cells["value"][which],
            }
        )

        def ranks_and_z(frame: Any) -> None:
            by = frame.groupby(["series", "year"], sort=False)["value"]
            by.rank(pct=True)
            (frame["value"] - by.transform("mean")) / by.transform("std")

        ordered = frame.sort_values(["series", "year"], kind="stable", ignore_index=True)
        seconds["best"] += timed(lambda ordered=ordered: ranks_and_z(ordered))
        seconds["by_school"] += timed(lambda frame=frame: ranks_and_z(frame))
    return seconds


def polars_alone(home: Path, known: dict[str, Measure]) -> float:
    """Read the same figures, rank and standardise them by series and year: seconds."""
    store = Store(home)
    started = time.perf_counter()
    for card in store.cards(kind="ks2"):
        names = [name for name in card.columns if name.startswith("V")]
        frame = store.frame(card.id, names).filter(pl.col("_scope") == "school").select(names)
        numbers = frame.select(
            pl.col(n).str.strip_chars("%").cast(pl.Float64, strict=False) for n in names
        )
        numbers.select(
            *(pl.col(n).rank("average").alias(f"{n} rank") for n in names),
            *(((pl.col(n) - pl.col(n).mean()) / pl.col(n).std()).alias(f"{n} z") for n in names),
        )
    return time.perf_counter() - started


def main(argv: list[str] | None = None) -> None:
    """Write the releases, build in fresh processes, print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.picture", description=__doc__)
    parser.add_argument("--schools", type=int, default=25_000)
    parser.add_argument("--series", type=int, default=40)
    parser.add_argument("--groups", action="store_true", help="all groups of pupils and the gap")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=12_000_000, help="figures given to pandas")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--pandas", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.child:
        print(json.dumps(build_once(args.child, args.series, args.groups)))
        return
    if args.pandas:
        print(json.dumps(pandas_alone(args.pandas, args.at_once)))
        return
    other("pandas")
    with tempfile.TemporaryDirectory(prefix="bridgehead-bench-") as folder:
        home = Path(folder)
        known = made_up_measures(args.series, GROUPS if args.groups else ("all",))
        write_releases(home, args.schools, known)
        found = _compared(home, known, args)
    if args.json:
        print(json.dumps({"picture": found}))
        return
    what = f"{args.schools:,} schools × {args.series} series × {len(YEARS)} years"
    print(f"picture of {what}{' × all groups' if args.groups else ''}")
    print(f"  figures                {found['cells']:>12,.0f}")
    print(f"  build                  {found['seconds']:>12.1f} s")
    for key, name in ALTERNATIVES.items():
        print(f"  {name:<22} {found[key]:>12.1f} s  ratio {found[f'to_{key}']:.2f}")
    print(f"  peak memory            {found['peak_gb']:>12.2f} GB")
    print(f"  one school's slice     {found['slice_ms']:>12.3f} ms")
    print(f"  … with every point     {found['all_points_ms']:>12.3f} ms")


#: What stands beside the picture, as it is called.
ALTERNATIVES = {"pandas": "pandas", "pandas_by_school": "pandas, by school", "polars": "polars"}


def _compared(home: Path, known: dict[str, Measure], args: argparse.Namespace) -> dict[str, Any]:
    """Pictures and alternatives by turns; medians, and the median of each round's ratio."""
    builds: list[dict[str, float]] = []
    by_school: list[float] = []

    def ours() -> float:
        builds.append(built_apart(home, args.series, args.groups))
        return builds[-1]["seconds"]

    def theirs() -> float:
        seconds = pandas_apart(home, args.at_once)
        by_school.append(seconds["by_school"])
        return seconds["best"]

    ours()  # there is a picture for pandas to read, and the files have been read once
    builds.clear()
    works = {"build": ours, "pandas": theirs, "polars": lambda: polars_alone(home, known)}
    seconds = by_turns(args.rounds, works)
    seconds["pandas_by_school"] = by_school
    found: dict[str, Any] = {
        key: statistics.median(one[key] for one in builds) for key in builds[0]
    }
    for key in ALTERNATIVES:
        found[key] = statistics.median(seconds[key])
        found[f"to_{key}"] = ratio(seconds["build"], seconds[key])
    return found


if __name__ == "__main__":
    main()
