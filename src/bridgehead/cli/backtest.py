"""``bridgehead backtest``: would the model have been right about a year that is over?"""

import argparse
import json
import math
from typing import Any

from rich.console import Console
from rich.table import Table

from bridgehead.cli.consoles import wide
from bridgehead.core.errors import Refused
from bridgehead.core.home import home
from bridgehead.core.years import label, parse_year, slug
from bridgehead.picture.backtest import KNOWN, MODEL, Foretold, foretell
from bridgehead.picture.scores import Scores, scores

WORDS = {
    MODEL: "Bridgehead, from the years before",
    KNOWN: "Bridgehead, the cohort’s start known too",
    "last_year": "last year’s figure",
    "two_year_mean": "mean of two years",
    "straight_line": "straight line through two years",
    "england_mean": "England’s average",
    "shrunk_last": "last year’s, drawn to the mean",
    "eb": "all years, drawn to the mean by size",
}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "backtest",
        help="would it have been right about a year that is over?",
        description=(
            "Foretell one year from the files of the years before it and compare with what came, "
            "beside what simpler methods would have said. Errors are of figures beside their "
            "year's mean over the schools compared: nobody can know how hard next year's tests "
            "will be."
        ),
    )
    parser.add_argument("--measure", required=True, metavar="KEY", help="such as ks2.rwm_expected")
    parser.add_argument(
        "--area",
        nargs="+",
        action="extend",
        default=[],
        metavar="LA",
        help="codes of the local authorities whose schools are compared; without it all loaded",
    )
    parser.add_argument(
        "--target", required=True, metavar="YEAR", help="the academic year to foretell: 2018-19"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Foretell and compare. A measure or a year that is not loaded is refused (exit code 1)."""
    areas = [code for one in args.area for code in one.split(",") if code]
    foretold = foretell(home(), args.measure, target=_year(args.target), areas=areas)
    found = scores(foretold)
    if args.json:
        print(json.dumps(as_json(areas, foretold, found), ensure_ascii=False, indent=1))
    else:
        show(areas, foretold, found, wide())
    return 0


def _year(text: str) -> int:
    try:
        return parse_year(text)
    except ValueError:
        raise Refused(
            "this is not an academic year.", "Write it like 2018-19.", value=text
        ) from None


def as_json(areas: list[str], foretold: Foretold, found: Scores) -> dict[str, Any]:
    """The result in plain values; NaN is null."""
    plain = found.as_dict()
    rmse: dict[str, Any] = {KNOWN: None, **found.rmse}
    result = {
        "measure": foretold.measure.key,
        "area": areas,
        "target": slug(foretold.target),
        "unit": foretold.measure.unit,
        **plain,
        "rmse": rmse,
    }
    clean: dict[str, Any] = _no_nan(result)
    return clean


def _no_nan(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dict):
        return {key: _no_nan(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_no_nan(one) for one in value]
    return value


def show(areas: list[str], foretold: Foretold, found: Scores, console: Console) -> None:
    """The verdict, then the errors of every method, then the bands."""
    measure = foretold.measure
    where = f" in {', '.join(areas)}" if areas else ""
    best = min((n for n in found.rmse if n not in (MODEL, KNOWN)), key=lambda n: _sort(found, n))
    console.print(
        f"{measure.title}, {label(foretold.target)}, {found.n:,} schools{where}, foretold from the "
        "years before."
    )
    low, high = found.ratio_interval[MODEL]
    if math.isnan(low):
        console.print("Last year’s figures were right to the last digit: nothing can do better.")
    else:
        console.print(
            f"The model errs {found.ratio[MODEL]:.2f} times as much as last year’s figure "
            f"(80 % interval {low:.2f} to {high:.2f}); the best simpler method, "
            f"{WORDS[best]}, {found.ratio[best]:.2f} times."
        )
    table = Table("Method", title=f"Errors, {measure.unit_words}", title_justify="left")
    for name in ("root mean square", "mean", "to last year’s"):
        table.add_column(name, justify="right")
    for name in sorted(found.rmse, key=lambda n: _sort(found, n)):
        cells = (found.rmse[name], found.mae[name], found.ratio[name])
        table.add_row(WORDS[name], *("–" if math.isnan(c) else f"{c:.3f}" for c in cells))
    console.print(table)
    console.print(
        f"80 % intervals held {found.coverage80:.1%} of figures (standard error of a right one "
        f"{found.coverage80_error:.1%}). Chance of a rise of more than {found.smallest:.2g}: Brier "
        f"score {found.brier:.3f}, against {found.brier_base_rate:.3f} for one chance for all."
    )
    bands = Table("Pupils", title="By cohort", title_justify="left")
    for name in ("schools", "the model’s error", "last year’s", "in the interval"):
        bands.add_column(name, justify="right")
    for band in found.bands:
        size = f"{band.least} and more" if band.most is None else f"{band.least}–{band.most}"
        errors = (f"{band.rmse[name]:.2f}" for name in (MODEL, "last_year"))
        bands.add_row(size, f"{band.n:,}", *errors, f"{band.coverage80:.0%}")
    if found.bands:
        console.print(bands)


def _sort(found: Scores, name: str) -> float:
    value = found.rmse[name]
    return math.inf if math.isnan(value) else value
