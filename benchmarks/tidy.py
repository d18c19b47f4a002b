"""Loading one national tidy file, against polars alone; and the picture made of it.

The file has about a million rows of invented cells in the layout of the key stage 2 results of
Explore Education Statistics: three years, nine groups of pupils, six subjects, and the publisher's
codes. Compared on the same bytes in the same run with polars parsing every cell as text and writing
Parquet, and nothing else.
"""

import argparse
import io
import json
import random
import statistics
import tempfile
from pathlib import Path

from benchmarks.load import timed, with_polars
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.build import build

YEARS = (("202223", "Final"), ("202324", "Final"), ("202425", "Revised"))
PUPILS = (
    "All pupils,Total",
    "Disadvantaged status,Disadvantaged",
    "Disadvantaged status,Not known to be disadvantaged",
    "First language,Known or believed to be other than English",
    "First language,Known or believed to be English",
    "Mobility status,Non mobile",
    "Mobility status,Mobile",
    "Sex,Boys",
    "Sex,Girls",
)
SUBJECTS = (
    "Reading",
    "Writing",
    "Maths",
    '"Reading, writing and maths"',
    '"Grammar, punctuation and spelling"',
    "Science",
)
HEADER = (
    "time_period,time_identifier,geographic_level,country_code,country_name,version,school_urn,"
    "school_laestab,school_name,breakdown_topic,breakdown,subject,expected_standard_pupil_percent,"
    "higher_standard_pupil_percent,average_scaled_score,progress_measure_score,"
    "progress_measure_lower_conf_interval,progress_measure_upper_conf_interval,"
    "absent_or_not_able_to_access_percent,working_towards_expected_standard_pupil_percent,"
    "absent_or_disapplied_percent,progress_measure_unadjusted,progress_measure_description"
)


def made_up_file(schools: int) -> bytes:
    """A national file as bytes. Every figure is drawn at random."""
    draw = random.Random(5)
    percents = [*map(str, range(20, 101)), *["c"] * 8, *["z"] * 4]
    out = io.StringIO()
    out.write(f"{HEADER}\r\n")
    for period, version in YEARS:
        for n in range(schools):
            who = (
                f"{period},Academic year,School,E92000001,England,{version},{100000 + n},"
                f"{(201 + n % 150) * 10_000 + 2000 + n % 5000},Invented School {n}"
            )
            for pupils in PUPILS:
                for subject in SUBJECTS:
                    figures = (
                        f"{draw.choice(percents)},{draw.randint(0, 30)},{draw.randint(95, 110)}"
                    )
                    out.write(f"{who},{pupils},{subject},{figures},z,z,z,0,20,z,z,z\r\n")
    return out.getvalue().encode()


def main(argv: list[str] | None = None) -> int:
    """Print the table, or JSON with ``--json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.tidy", description=__doc__)
    parser.add_argument("--schools", type=int, default=6_200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bridgehead-bench-") as name:
        folder = Path(name)
        path = folder / "ks2_school_attainment_data_synthetic.csv"
        path.write_bytes(made_up_file(args.schools))
        polars_times, load_times = [], []
        for n in range(args.rounds):
            polars_times.append(timed(lambda: with_polars(path, folder)))
            store = Store(folder / f"home-{n}")
            load_times.append(timed(lambda store=store: load([path], store=store)))
            assert sum(card.schools for card in store.cards()) == args.schools * len(YEARS)
        picture = timed(lambda: build(folder / "home-0"))
        # Round by round, so that what else the machine does weighs on both sides alike.
        ratio = statistics.median(a / b for a, b in zip(load_times, polars_times, strict=True))
        found = {
            "rows": args.schools * len(YEARS) * len(PUPILS) * len(SUBJECTS),
            "bytes": path.stat().st_size,
            "polars_seconds": round(statistics.median(polars_times), 3),
            "load_seconds": round(statistics.median(load_times), 3),
            "load_to_polars": round(ratio, 2),
            "picture_seconds": round(picture, 3),
        }
    if args.json:
        print(json.dumps(found))
    else:
        for key, value in found.items():
            print(f"{key:<16} {value:>14,}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
