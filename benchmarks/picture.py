"""A national picture, against polars ranking and standardising the same figures and nothing else.

25,000 schools of one phase, ten years, 40 series for all pupils (10 million figures, no gaps: more
than England has), and with ``--groups`` the same measures with six groups of pupils and the gap.
The releases are written through the store. Each picture is built in a process of its own, so that
its peak memory is its own.

* ``polars``: over the same figures, rank and z-score by series and year (what most dashboards
  do). The picture adds chains, England, similar schools, a filter and smoother with likelihood.
* one school's slice: every series and point of one school, made from a picture already open.

On two cores shared with other work (four processes for two cores): 40 series in 18 to 24 s and
0.5 GB; with ``--groups`` (70 million figures) in 84 s and 1.6 GB, 16 times polars. Set
``OPENBLAS_NUM_THREADS=1`` where others use the cores: the picture brings threads of its own, and
those of the linear algebra only wait for one another.
"""

import argparse
import json
import os
import resource
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

from bridgehead.measures.loader import measures
from bridgehead.measures.model import Group, Law, Measure, Source
from bridgehead.opendata.releases import Card, Store
from bridgehead.picture.build import build
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    picture = Picture.open(home, built.digest)
    for urn in range(900100, 900120):
        for key in (school := picture.school(urn)).series:
            assert school.series[key].points
    started = time.perf_counter()
    for urn in range(900200, 900400):
        assert picture.school(urn).series
    slice_ = (time.perf_counter() - started) / 200
    started = time.perf_counter()
    for urn in range(900200, 900300):
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
    """Write the releases, build in a fresh process, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=25_000)
    parser.add_argument("--series", type=int, default=40)
    parser.add_argument("--groups", action="store_true", help="all groups of pupils and the gap")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.child:
        print(json.dumps(build_once(args.child, args.series, args.groups)))
        return
    with tempfile.TemporaryDirectory(prefix="bridgehead-bench-") as folder:
        home = Path(folder)
        known = made_up_measures(args.series, GROUPS if args.groups else ("all",))
        write_releases(home, args.schools, known)
        words = [sys.executable, "-m", "benchmarks.picture", "--child", str(home)]
        words += ["--series", str(args.series), *(["--groups"] if args.groups else [])]
        run = subprocess.run(words, check=True, capture_output=True, text=True, env={**os.environ})
        found = json.loads(run.stdout)
        found["polars_seconds"] = polars_alone(home, known)
        found["ratio"] = found["seconds"] / found["polars_seconds"]
    if args.json:
        print(json.dumps({"picture": found}))
        return
    what = f"{args.schools:,} schools × {args.series} series × {len(YEARS)} years"
    print(f"picture of {what}{' × all groups' if args.groups else ''}")
    print(f"  figures                {found['cells']:>12,}")
    print(f"  build                  {found['seconds']:>12.1f} s")
    print(f"  polars rank + z alone  {found['polars_seconds']:>12.1f} s")
    print(f"  ratio                  {found['ratio']:>12.1f} ×")
    print(f"  peak memory            {found['peak_gb']:>12.2f} GB")
    print(f"  one school's slice     {found['slice_ms']:>12.3f} ms")
    print(f"  … with every point     {found['all_points_ms']:>12.3f} ms")


if __name__ == "__main__":
    main()
