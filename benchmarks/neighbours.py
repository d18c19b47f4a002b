"""Fifty similar schools of every school, against scikit-learn's best index.

22,000 schools and nine inputs, invented, drawn from three causes and chance (published inputs hang
together, too). Ours knows nine of ten schools whole and lacks an input or two of the others, as
published figures do; scikit-learn's indexes cannot lack any, so that they are given the whole. Its
``kd_tree``, ``ball_tree`` and ``brute`` are built and asked with two jobs (ours has two threads),
and the fastest of them counts.
"""

import argparse
import json
import statistics
from typing import Any

import numpy as np

from benchmarks._paired import by_turns, other, ratio, timed
from bridgehead.picture.nearest import HOW_MANY, nearest
from bridgehead.picture.similar import standardise

INPUTS, CAUSES = 9, 3
INDEXES = ("kd_tree", "ball_tree", "brute")


def made_up_context(schools: int) -> tuple[Any, Any]:
    """Standardised inputs (schools, inputs) as float32: whole, and with some not known."""
    draw = np.random.default_rng(20261122)
    causes = draw.normal(size=(schools, CAUSES)) @ draw.normal(size=(CAUSES, INPUTS))
    whole = standardise(0.6 * causes + 0.8 * draw.normal(size=(schools, INPUTS)))
    some = whole.copy()
    lacking = np.flatnonzero(draw.random(schools) < 0.1)
    some[lacking, 5] = np.nan
    some[lacking[draw.random(len(lacking)) < 0.5], 7] = np.nan
    return whole, some


def main(argv: list[str] | None = None) -> None:
    """Print the figures, or JSON with ``--json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.neighbours", description=__doc__)
    parser.add_argument("--schools", type=int, default=22_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    neighbors: Any = other("sklearn.neighbors")
    whole, some = made_up_context(args.schools)

    def index(name: str) -> None:
        made = neighbors.NearestNeighbors(n_neighbors=HOW_MANY + 1, algorithm=name, n_jobs=2)
        made.fit(whole).kneighbors(whole)

    works = {
        "some not known": lambda: timed(lambda: nearest(some)),
        "all known": lambda: timed(lambda: nearest(whole)),
        **{name: lambda name=name: timed(lambda: index(name)) for name in INDEXES},
    }
    seconds = by_turns(args.rounds, works)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    best = min(INDEXES, key=lambda name: median[name])
    found = {
        "schools": args.schools,
        "inputs": INPUTS,
        "seconds": {name: round(time, 3) for name, time in median.items()},
        "best": best,
        "ratio": round(ratio(seconds["some not known"], seconds[best]), 2),
        "ratio_all_known": round(ratio(seconds["all known"], seconds[best]), 2),
    }
    if args.json:
        print(json.dumps({"neighbours": found}))
        return
    print(f"{HOW_MANY} similar schools of each of {args.schools:,}, by {INPUTS} inputs")
    for name, time in median.items():
        print(f"  {name:<22} {time:>8.2f} s")
    print(f"  to scikit-learn's {best}: {found['ratio']} ×, all known {found['ratio_all_known']} ×")


if __name__ == "__main__":
    main()
