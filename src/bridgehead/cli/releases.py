"""``bridgehead releases``: what has been loaded."""

import argparse
import json

from bridgehead.core.home import home
from bridgehead.core.years import label
from bridgehead.opendata.releases import Card, Store

_COLUMNS = ("id", "kind", "of", "status", "area", "schools", "loaded", "file")


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "releases",
        help="list what has been loaded",
        description="List the releases in the order in which they were loaded.",
    )
    parser.add_argument("--all", action="store_true", help="those that were withdrawn too")
    parser.add_argument("--json", action="store_true", help="every card in full, as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the cards."""
    cards = Store(home()).cards(withdrawn=args.all)
    if args.json:
        print(json.dumps([card.as_dict() for card in cards], ensure_ascii=False, indent=1))
    elif not cards:
        print("Nothing has been loaded yet. Next: bridgehead load FILES…")
    else:
        rows = [_COLUMNS, *(_row(card) for card in cards)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            print("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip())
    return 0


def _row(card: Card) -> tuple[str, ...]:
    of = label(card.year) if card.year is not None else str(card.as_at or "no date")
    marks = [" (synthetic)"] if card.synthetic else []
    marks += [f" (withdrawn {card.withdrawn_at:%Y-%m-%d})"] if card.withdrawn_at else []
    return (
        card.id,
        card.kind,
        of,
        card.status,
        card.area,
        f"{card.schools:,}",
        f"{card.loaded_at:%Y-%m-%d %H:%M}",
        card.file + "".join(marks),
    )
