"""``bridgehead suggest URN``: who could help a school, and why.

Needs no database.
"""

import argparse
import json
from typing import Any

from rich.console import Console
from rich.table import Table

from bridgehead.brokerage.queries.need import find_need
from bridgehead.brokerage.queries.supporters import Found, possible_supporters
from bridgehead.brokerage.rules import Suggestion
from bridgehead.cli import arguments, pictures
from bridgehead.cli.consoles import Pipe
from bridgehead.cli.terminal import plain
from bridgehead.core.errors import Refused


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "suggest",
        help="who could help a school with a need, and why",
        description=(
            "Rank the schools that could help one school with one need. A suggestion is the "
            "beginning of a conversation: whether a school has time to help is not known here."
        ),
    )
    parser.add_argument(
        "urn", type=arguments.urn, metavar="URN", help="the school in need; an old URN will do"
    )
    parser.add_argument(
        "--need",
        metavar="KEY|AREA",
        help="a series such as ks2.maths_average, or a report-card area such as Inclusion; "
        "without it, the headline figure furthest behind England's",
    )
    parser.add_argument(
        "--within", type=_distance, metavar="KM", help="how far a supporter may be, in kilometres"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the suggestions. An unknown school or need is refused (exit code 1)."""
    picture = pictures.current()
    if picture.resolve(args.urn) is None:
        raise Refused(
            f"no school with URN {args.urn} is loaded.",
            "Check the number, or load the files that hold it with bridgehead load.",
        )
    need = find_need(picture, args.urn, args.need)
    found = possible_supporters(
        picture, args.urn, need=need, today=pictures.today(), within_km=args.within
    )
    if args.json:
        print(json.dumps(as_json(found), indent=2, ensure_ascii=False))
    else:
        show(found, Pipe())
    return 0


def _distance(text: str) -> float:
    try:
        km = float(text)
    except ValueError:
        km = -1.0
    if not 0 < km < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a distance in kilometres")
    return km


def as_json(found: Found) -> dict[str, Any]:
    """The result in plain values."""
    answer = found.answer
    return {
        "urn": found.school.school.urn,
        "name": found.school.school.name,
        "need": found.need.key,
        "need_title": found.need.title,
        "need_chosen_because": found.need.chosen or None,
        "within_km": found.policy.travel_limit_km,
        "policy_version": found.policy.version,
        "suggestions": [_suggestion(s) for s in found.first],
        "also_possible": [_suggestion(s) for s in found.further],
        "ruled_out": {why.value: n for why, n in answer.counts.items()},
        "ruled_out_schools": [
            {"urn": e.urn, "name": e.name, "why": e.why.value, "words": e.words}
            for e in answer.excluded
        ],
    }


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "urn": one.urn,
        "name": one.name,
        "score": one.score,
        "km": one.km,
        "reasons": list(one.reasons),
        "same_trust": one.same_trust,
    }


def show(found: Found, console: Console) -> None:
    """Print the need, the first suggestions with their reasons, and who was ruled out."""
    school, need, answer = found.school.school, found.need, found.answer
    console.print(f"[bold]Who could help {plain(school.name)} (URN {school.urn})?[/bold]")
    chosen = f", {need.chosen}" if need.chosen else ""
    console.print(f"Need: {plain(need.title)} ({need.key}){chosen}.")
    if found.first:
        table = Table("Score", "School", "km", "Why", show_lines=True)
        for one in found.first:
            trust = "\n[dim]same trust[/dim]" if one.same_trust else ""
            table.add_row(
                f"{one.score:.0f}",
                f"{plain(one.name)}\n[dim]{one.urn}[/dim]{trust}",
                "?" if one.km is None else f"{one.km:.0f}",
                "\n".join(f"• {plain(reason)}" for reason in one.reasons),
            )
        console.print(table)
    else:
        console.print("No loaded school fits. Try a longer distance with --within.")
    if found.further:
        console.print(f"{len(found.further)} more could help; --json lists them.")
    if answer.counts:
        counts = "; ".join(f"{why.value} {n:,}" for why, n in answer.counts.items())
        console.print(f"Ruled out: {counts}. --json names each with its reason.")
    console.print("People decide: ask the school, and its trust or authority, first.")
