"""How the time and memory of a picture grow with the number of schools.

Pictures of 1,000, 5,000, 25,000 and 100,000 schools × 40 series × 10 years, each built in a process
of its own (``benchmarks.picture``). The exponent is the slope of seconds on schools, both as
logarithms: over all sizes, and over the largest two, since small pictures are mostly what every
picture costs. The projection goes on along the latter.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.picture import built_apart, made_up_measures, write_releases

SIZES = (1_000, 5_000, 25_000, 100_000)
PROJECTED = 1_000_000


def exponent(schools: list[int], seconds: list[float]) -> float:
    """The slope of a straight line through the logarithms."""
    return float(np.polyfit(np.log(schools), np.log(seconds), 1)[0])


def main(argv: list[str] | None = None) -> None:
    """Print the curve, or JSON with ``--json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--series", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    found: list[dict[str, Any]] = []
    for schools in args.sizes:
        with tempfile.TemporaryDirectory(prefix="bridgehead-bench-") as folder:
            write_releases(Path(folder), schools, made_up_measures(args.series, ("all",)))
            found.append({"schools": schools, **built_apart(Path(folder), args.series, False)})
    seconds = [one["seconds"] for one in found]
    last = exponent(args.sizes[-2:], seconds[-2:])
    result = {
        "sizes": found,
        "exponent": round(exponent(args.sizes, seconds), 2),
        "exponent_of_largest": round(last, 2),
        "projected_schools": PROJECTED,
        "projected_seconds": round(seconds[-1] * (PROJECTED / args.sizes[-1]) ** last),
    }
    if args.json:
        print(json.dumps({"scale": result}))
        return
    for one in found:
        per = 1e6 * one["seconds"] / one["cells"]
        print(
            f"{one['schools']:>9,} schools {one['cells']:>12,.0f} figures {one['seconds']:>8.1f} s "
            f"{per:>6.2f} s a million {one['peak_gb']:>6.2f} GB"
        )
    print(
        f"growth exponent {result['exponent']}, of the largest two {result['exponent_of_largest']}"
    )
    print(f"projected for {PROJECTED:,} schools: {result['projected_seconds']:,} s")


if __name__ == "__main__":
    main()
