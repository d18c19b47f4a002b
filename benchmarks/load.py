"""Loading one national key stage 2 file, against polars alone and against Django's ORM.

The file has 25,000 schools and 320 columns of invented cells with the publisher's codes, ragged
rows and England rows. Compared on the same bytes in the same run:

* ``polars``: parse every cell as text and write Parquet, nothing else;
* ``bulk_create``: the same cells as text into a Django table of as many columns on SQLite
  (``--bulk-rows`` reads fewer of them and scales up).
"""

import argparse
import csv
import io
import json
import random
import statistics
import tempfile
from itertools import count, islice
from pathlib import Path

import polars as pl

from benchmarks._paired import by_turns, ratio, timed
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.opendata.sources import KINDS

COLUMNS = 320
_FIXED = ["RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "TELIG", "PTRWM_EXP"]


def header() -> list[str]:
    """The required columns and invented ones of the known families up to 320."""
    kind = KINDS["ks2"]
    stems = sorted(kind.figures - {"telig", "ptrwmexp"})
    groups = ["", *(f"_{part}" for part in kind.groups)]
    names = [f"{stem.upper()}{group}" for group in groups for stem in stems]
    return [*_FIXED, *names][:COLUMNS]


def made_up_file(schools: int) -> bytes:
    """A national file as bytes. Every cell is drawn at random."""
    draw = random.Random(2)
    pool = [f"{n}%" for n in range(101)] + [f"{n / 10:.1f}" for n in range(-80, 1200, 7)]
    pool += ["SUPP"] * 110 + ["NA"] * 12 + ["NE", "LOWCOV", "NEW", "", ""]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(header())
    for n in range(schools):
        row = ["1", 201 + n % 150, 2000 + n % 5000, 100000 + n, f"Invented, School {n}", 30, "61%"]
        cells = 18 if n % 60 == 0 else COLUMNS - len(row)
        write.writerow([*row, *draw.choices(pool, k=cells)])
    for rectype in "45":
        write.writerow([rectype, "", "", "", "", 600000, "65%", *draw.choices(pool, k=COLUMNS - 7)])
    return out.getvalue().encode()


def with_polars(path: Path, folder: Path) -> None:
    """The alternative to beat: parse as text, write Parquet."""
    frame = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True)
    frame.write_parquet(folder / "polars.parquet")


def with_bulk_create(path: Path, folder: Path, rows: int) -> None:
    """The same cells into one wide Django table on SQLite, in one transaction."""
    import django
    from django.conf import settings
    from django.db import connections, models, transaction

    if not settings.configured:
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "orm.sqlite3")}
        settings.configure(DATABASES={"default": database}, INSTALLED_APPS=[], USE_TZ=True)
        django.setup()
    fields = {f"c{n}": models.TextField(null=True) for n in range(COLUMNS)}
    meta = type("Meta", (), {"app_label": "bench"})
    wide = type("Wide", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
    with connections["default"].schema_editor() as editor:
        editor.create_model(wide)
    with path.open(encoding="utf-8", newline="") as file, transaction.atomic():
        reader = csv.reader(file)
        next(reader)
        left = islice(reader, rows)
        while batch := list(islice(left, 100)):  # as many as SQLite has parameters for
            made = [wide(**{f"c{n}": cell for n, cell in enumerate(row)}) for row in batch]
            wide.objects.bulk_create(made)


def main(argv: list[str] | None = None) -> int:
    """Print the table, or JSON with ``--json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--schools", type=int, default=25_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--bulk-rows", type=int, default=25_000)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bridgehead-bench-") as name:
        folder = Path(name)
        path = folder / "2018-2019_england_ks2final_synthetic.csv"
        path.write_bytes(made_up_file(args.schools))
        homes = (folder / f"home-{n}" for n in count())

        def our_load() -> float:
            store = Store(next(homes))
            seconds = timed(lambda: load([path], store=store))
            assert store.cards()[0].schools == args.schools
            return seconds

        works = {"load": our_load, "polars": lambda: timed(lambda: with_polars(path, folder))}
        seconds = by_turns(args.rounds, works)
        rows = min(args.bulk_rows, args.schools)
        bulk = timed(lambda: with_bulk_create(path, folder, rows)) * args.schools / rows
        polars_time, load_time = (statistics.median(seconds[n]) for n in ("polars", "load"))
        result = {
            "schools": args.schools,
            "columns": COLUMNS,
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "load_seconds": round(load_time, 3),
            "polars_seconds": round(polars_time, 3),
            "load_to_polars": round(ratio(seconds["load"], seconds["polars"]), 2),
            "bulk_create_seconds": round(bulk, 1),
            "bulk_create_rows_measured": rows,
            "bulk_create_to_load": round(bulk / load_time, 1),
        }
    if args.json:
        print(json.dumps({"load": result}))
    else:
        print("\n".join(f"{key:<28}{value}" for key, value in result.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
