"""``bridgehead picture``: put every loaded school in context."""

import argparse
import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from bridgehead.cli.consoles import wide
from bridgehead.core.home import home
from bridgehead.core.years import label
from bridgehead.picture.build import build
from bridgehead.picture.picture import Picture


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "picture",
        help="put every loaded school in context",
        description=(
            "Build the picture of all loaded schools: every figure beside England's and similar "
            "schools', direction of travel, inspections. The same releases and definitions give "
            "the same picture, so that a second run has nothing to do. Older pictures are kept."
        ),
    )
    parser.add_argument("--force", action="store_true", help="build it again all the same")
    parser.add_argument("--json", action="store_true", help="what was built, as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Build, then say what was built."""
    done = build(home(), force=args.force, tell=progress)
    meta = Picture.open(home(), done.digest).meta()
    if args.json:
        print(json.dumps(as_json(meta, fresh=done.fresh), ensure_ascii=False, indent=1))
        return 0
    if not done.fresh:
        print(f"Nothing to do: picture {done.digest} is of exactly these releases.")
    show(meta, wide())
    return 0


def progress(what: str, done: int, of: int) -> None:
    """Say on stderr how far the work is: every step, and every fiftieth series."""
    if not of:
        print(f"  {what}", file=sys.stderr, flush=True)
    elif done % 50 == 0:
        print(f"  {what}: {done} of {of}", file=sys.stderr, flush=True)


def as_json(meta: dict[str, Any], *, fresh: bool) -> dict[str, Any]:
    """What a program wants to know of a picture."""
    fits = {key: about["fits"] for key, about in meta["about"].items() if about["fits"]}
    return {
        "digest": meta["digest"],
        "built": fresh,
        "built_at": meta["built_at"],
        "synthetic": meta["synthetic"],
        "schools": meta["schools"],
        "series": len(meta["series"]),
        "cells": meta["cells"],
        "years": [label(year) for year in meta["years"]],
        "releases": meta["releases"],
        "seconds": meta["seconds"],
        "hyperparameters": fits,
    }


def show(meta: dict[str, Any], console: Console) -> None:
    """The picture in a few lines and a table of what schools have in common."""
    years = [label(year) for year in meta["years"]]
    span = f"{years[0]} to {years[-1]}" if years else "no years"
    console.print(
        f"Picture {meta['digest']}: {meta['schools']:,} schools, {len(meta['series'])} series, "
        f"{meta['cells']:,} figures, {span}; {meta['seconds']} seconds."
    )
    if meta["synthetic"]:
        console.print("Made from synthetic figures: no real school is shown.")
    table = Table(
        title="How far schools drift and differ (standard deviations, in the measure's units)",
        title_justify="left",
    )
    for name in ("series", "among"):
        table.add_column(name, no_wrap=True)
    for name in ("schools", "years", "drift a year", "between", "excess"):
        table.add_column(name, justify="right")
    fits = [
        (key, pool, fit)
        for key, about in meta["about"].items()
        for pool, fit in about["fits"].items()
        if key == about["measure"]
    ]
    for key, pool, fit in fits:
        if fit["estimated"]:
            sds = (f"{fit[name] ** 0.5:.2f}" for name in ("drift", "between", "excess"))
            table.add_row(key, pool, f"{fit['schools']:,}", str(fit["years"]), *sds)
    if table.row_count:
        console.print(table)
    restless = [f"{key} ({pool})" for key, pool, fit in fits if not fit.get("settled", True)]
    if restless:
        console.print(
            f"For {len(restless)} the search for the likeliest figures had not come to rest when "
            f"it was ended; the best found is used: {', '.join(restless)}."
        )
    alone = sum(not fit["estimated"] for _, _, fit in fits)
    if alone:
        console.print(
            f"For {alone} more, too few schools or years are loaded: what is known beforehand "
            "(the priors) stands alone."
        )
    console.print("Next: bridgehead show URN, or bridgehead triage --area CODE")
