"""How well schools in similar circumstances say what to expect of a school they have never seen.

On the inputs of 1,393 secondary schools that the DfE's similar-schools service publishes: repeated
ten-fold, every school's Attainment 8 is expected from the other nine tenths by the product's own
code (``picture.similar``, ``picture.local``), and so by everything else that was tried. R² is over
the schools with every input known, in the same folds for all; schools with an input missing are
expected too, and reported apart. The measured figures stand in docs/decisions/0014.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.opendata.dfe_similar import read_inputs
from bridgehead.picture import local
from bridgehead.picture.nearest import nearest
from bridgehead.picture.similar import standardise

Floats = npt.NDArray[np.float64]

FILE = Path(__file__).parents[2] / "shared/data/reference/similar_secondary_values.json"
INPUTS = (
    "ks2mrp",
    "ppperc",
    "percenteal",
    "polar4quintilepupils",
    "pstability",
    "idacipupils",
    "percentschsupport",
    "numberofpupils",
    "percentagestatementorehp",
)
OUTCOME = "att8scr"
FOLDS = 10


def read(path: Path) -> tuple[Floats, Floats]:
    """The circumstances (pupils as a logarithm) and the outcome of every school of the file."""
    held = read_inputs(path).columns
    context = np.column_stack([held[name] for name in INPUTS])
    pupils = INPUTS.index("numberofpupils")
    context[:, pupils] = np.log(context[:, pupils])
    return context, held[OUTCOME]


def one_fold(context: Floats, outcome: Floats, hidden: npt.NDArray[np.bool_]) -> dict[str, Floats]:
    """What each way expects of the hidden schools, by the name of the way; with the interval and
    the number of neighbours of the product's own."""
    known = np.where(hidden, np.nan, outcome)
    scaled = standardise(context)
    among, asked = np.flatnonzero(~hidden).astype(np.int32), np.flatnonzero(hidden)
    found = nearest(scaled, among=among)
    who = found.who.astype(np.int64)
    exact = scaled.astype(np.float64)
    fifty, twenty = local.phase(exact, known, who), local.phase(exact, known, who[:, :20])
    assert fifty is not None
    assert twenty is not None
    product = local.expect(fifty, asked)
    penalty, _ = fifty.choice

    def chosen(penalty: float, taper: float) -> Floats:
        return local.expect(replace(fifty, choice=(penalty, taper)), asked).value

    complete = ~np.isnan(exact).any(axis=1)
    slopes = _slopes(exact, known, complete)
    by_use = nearest((scaled * np.abs(slopes[1:])).astype(np.float32), among=among).who[asked]
    near, far = outcome[who[asked]], found.distance[asked].astype(np.float64)
    closeness = 1.0 / np.maximum(far, 0.05)[:, :20]
    return {
        "bridgehead": product.value,
        "low": product.low,
        "high": product.high,
        "bridgehead, every neighbour alike": chosen(penalty, 0.0),
        "bridgehead, the furthest counts half": chosen(penalty, 0.5),
        "bridgehead, the furthest counts nothing": chosen(penalty, 0.999),
        "bridgehead of 20": local.expect(twenty, asked).value,
        "50, corrected by the line alone": chosen(1e9, 0.0),
        "linear regression": slopes[0] + exact[asked] @ slopes[1:],
        "mean of 50": near.mean(axis=1),
        "mean of 20": near[:, :20].mean(axis=1),
        "mean of 20, by closeness": (near[:, :20] * closeness).sum(axis=1) / closeness.sum(axis=1),
        "mean of 20, inputs by use": outcome[by_use[:, :20]].mean(axis=1),
        "mean of 50, inputs by use": outcome[by_use].mean(axis=1),
    }


def _slopes(scaled: Floats, known: Floats, complete: npt.NDArray[np.bool_]) -> Floats:
    """Ordinary least squares over the schools with everything known; the constant first."""
    makes = complete & ~np.isnan(known)
    design = np.column_stack([np.ones(int(makes.sum())), scaled[makes]])
    return np.linalg.lstsq(design, known[makes], rcond=None)[0]


def measure(path: Path = FILE, *, repeats: int = 10, seed: int = 0) -> dict[str, Any]:
    """Everything that is printed. R² is the mean over the repeats."""
    context, outcome = read(path)
    complete = ~np.isnan(context).any(axis=1)
    rng = np.random.default_rng(seed)
    r2: dict[str, list[float]] = {}
    squares: dict[str, Floats] = {}
    inside, left = [], []
    for _ in range(repeats):
        fold = rng.permutation(len(outcome)) % FOLDS
        expected: dict[str, Floats] = {}
        for n in range(FOLDS):
            for name, values in one_fold(context, outcome, fold == n).items():
                expected.setdefault(name, np.empty(len(outcome)))[fold == n] = values
        low, high = expected.pop("low"), expected.pop("high")
        inside.append((low <= outcome) & (outcome <= high))
        left.append(outcome - expected["bridgehead"])
        spread = ((outcome - outcome[complete].mean()) ** 2)[complete].sum()
        for name, values in expected.items():
            square = (outcome - values) ** 2
            r2.setdefault(name, []).append(1 - float(square[complete].sum() / spread))
            squares[name] = squares.get(name, np.zeros(len(outcome))) + square / repeats
    gap = (
        squares["bridgehead, every neighbour alike"]
        - squares["bridgehead, the furthest counts half"]
    )
    drawn = rng.choice(gap[complete], (2000, int(complete.sum()))).sum(axis=1) / spread
    missing = np.array(left)[:, ~complete]
    return {
        "schools": len(outcome),
        "complete": int(complete.sum()),
        "repeats": repeats,
        "r2": {name: float(np.mean(values)) for name, values in r2.items()},
        "r2_lowest": {name: float(np.min(values)) for name, values in r2.items()},
        "coverage80": float(np.array(inside)[:, complete].mean()),
        "taper_gain": [float(v) for v in np.quantile(drawn, (0.1, 0.5, 0.9))],
        "missing": {
            "schools": int((~complete).sum()),
            "expected": int(np.isfinite(missing).all(axis=0).sum()),
            "rmse": float(np.sqrt((missing**2).mean())),
            "inside80": float(np.array(inside)[:, ~complete].mean()),
        },
        "rmse": float(np.sqrt((np.array(left)[:, complete] ** 2).mean())),
    }


def main(argv: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=FILE, help="the DfE's secondary inputs")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if not args.file.is_file():
        print(f"similar: {args.file.name} is not beside this checkout; nothing was measured.")
        return
    found = measure(args.file, repeats=args.repeats)
    if args.json:
        print(json.dumps({"similar": found}))
        return
    print(f"Attainment 8 of {found['complete']:,} schools, ten-fold × {found['repeats']}")
    print(f"  {'R², out of fold':<42}{'mean':>8}{'lowest':>8}")
    for name, value in sorted(found["r2"].items(), key=lambda one: -one[1]):
        print(f"  {name:<42}{value:>8.4f}{found['r2_lowest'][name]:>8.4f}")
    low, middle, high = found["taper_gain"]
    print(f"  the furthest counts half: R² {middle:+.4f} (80 %: {low:+.4f} to {high:+.4f})")
    print(f"  80 % interval holds {found['coverage80']:.1%}; RMSE {found['rmse']:.2f} points")
    few = found["missing"]
    print(
        f"  {few['schools']} schools with an input missing: {few['expected']} expected, RMSE "
        f"{few['rmse']:.2f} points, 80 % interval holds {few['inside80']:.0%}"
    )


if __name__ == "__main__":
    main()
