"""``bridgehead triage``: what the figures propose for every school of an area.

Needs no database.
"""

import argparse
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from bridgehead.cli import arguments, pictures
from bridgehead.cli.consoles import Pipe
from bridgehead.cli.terminal import plain
from bridgehead.core.errors import Refused
from bridgehead.core.home import home
from bridgehead.core.years import label
from bridgehead.monitoring.rules import Outcome, Policy, Proposal, load_policy
from bridgehead.monitoring.rules.area import count_outcomes, propose_all, schools_of_area
from bridgehead.monitoring.rules.policy import KINDS
from bridgehead.picture.picture import Picture

_KIND_WORDS = {"maintained": "Maintained", "academy": "Academy", "other": "Other"}


@dataclass(frozen=True, slots=True)
class Found:
    """The proposals of an area. ``counts`` are over all schools of the area and phase;
    ``rows`` holds the schools to show, each as its row of the register and its proposal."""

    area: str
    picture: Picture
    policy: Policy
    today: date
    counts: dict[Outcome, int]
    rows: list[tuple[dict[str, Any], Proposal]]


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "triage",
        help="what the figures propose for every school of an area, and why",
        description=(
            "Propose who should do what next for every open school of an area, from the newest "
            "inspection and direction of travel, by the policy in force. A proposal decides "
            "nothing: the school replies, and a named person judges."
        ),
    )
    parser.add_argument(
        "--area",
        metavar="CODE",
        help="local authority code such as 936; may be left out where only one is loaded",
    )
    parser.add_argument(
        "--outcome", choices=[o.slug for o in Outcome], help="only schools with this proposal"
    )
    parser.add_argument("--phase", metavar="PHASE", help="only this phase, such as primary")
    parser.add_argument(
        "--on",
        metavar="DATE",
        type=arguments.day,
        help="propose as on this day (2026-11-22): later inspections are left out, and ages are "
        "counted to it; without it, today",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the proposals. An area without schools is refused (exit code 1)."""
    policy = load_policy(home())
    picture = pictures.current()
    area = args.area or _only_area(picture)
    today = args.on or pictures.today()
    schools = schools_of_area(picture, area)
    if schools.is_empty():
        raise Refused(
            f"no open school of authority {area!r} is loaded.",
            "Give the code of an authority whose files are loaded, such as --area 936.",
        )
    if args.phase:
        phases = sorted(set(schools["phase"].drop_nulls()) - {""})
        schools = schools.filter(schools["phase"] == args.phase)
        if schools.is_empty():
            raise Refused(
                f"no open school of phase {args.phase!r} in {area}.",
                f"Phases there: {', '.join(phases)}.",
            )
    proposals = propose_all(picture, schools["urn"].to_list(), policy, today)
    rows = [
        (row, proposals[row["urn"]])
        for row in schools.iter_rows(named=True)
        if not args.outcome or proposals[row["urn"]].outcome.slug == args.outcome
    ]
    counts = count_outcomes(proposals.values())
    found = Found(area, picture, policy, today, counts, rows)
    if args.json:
        print(json.dumps(as_json(found), indent=2, ensure_ascii=False))
    else:
        show(found, Pipe())
    return 0


def _only_area(picture: Picture) -> str:
    codes = sorted(set(picture.schools["la"].drop_nulls()) - {""})
    if len(codes) == 1:
        return str(codes[0])
    raise Refused(
        f"{len(codes)} authorities are loaded; say which.",
        f"Give --area CODE, such as {codes[0]}." if codes else "Load files first.",
    )


def as_json(found: Found) -> dict[str, Any]:
    """The result in plain values."""
    policy = found.policy
    return {
        "area": found.area,
        "on": found.today.isoformat(),
        "policy": {
            "name": policy.name,
            "version": policy.version,
            "dated": policy.dated.isoformat(),
            "arms": {
                o.value: {kind: policy.holders[h] for kind, h in by_kind.items()}
                for o, by_kind in policy.arms.items()
            },
        },
        "picture": found.picture.digest,
        "synthetic": found.picture.synthetic,
        "counts": {o.value: n for o, n in found.counts.items()},
        "schools": [_school(row, proposal) for row, proposal in found.rows],
    }


def _school(row: dict[str, Any], proposal: Proposal) -> dict[str, Any]:
    return {
        "urn": row["urn"],
        "name": row["name"],
        "phase": row["phase"],
        "type": row["type_group"],
        "trust": row["trust"],
        "outcome": proposal.outcome.value,
        "clause": proposal.clause,
        "direction": proposal.trend.value,
        "inspection": proposal.inspection,
        "needs": list(proposal.needs),
        "stuck": proposal.stuck,
        "arm": proposal.arm,
        "route": proposal.route,
        "power": proposal.power,
        "because": [
            {
                "words": b.words,
                "clause": b.clause,
                "series": b.series,
                "year": label(b.year) if b.year is not None else None,
                "decides": b.decides,
                "figures": dict(b.figures),
            }
            for b in proposal.because
        ],
    }


def show(found: Found, console: Console) -> None:
    """Print counts, who holds each arm, and each outcome's schools with their reasons."""
    policy, total = found.policy, sum(found.counts.values())
    console.print(f"[bold]Support review: {total} schools of authority {plain(found.area)}[/bold]")
    if found.picture.synthetic:
        console.print("Every school and figure here is synthetic.")
    console.print(
        f"On {found.today:%-d %B %Y} · picture {found.picture.digest} · policy "
        f"“{plain(policy.name)}”, version {policy.version}. A proposal decides nothing."
    )
    arms = Table("What is proposed", "Schools", *(_KIND_WORDS[k] for k in KINDS))
    arms.title, arms.title_justify = "Who holds each arm", "left"
    for outcome, number in found.counts.items():
        holders = (plain(policy.holder(outcome, kind)) for kind in KINDS)
        arms.add_row(_capital(outcome), str(number), *holders)
    console.print(arms)
    for outcome in found.counts:
        if rows := [(row, p) for row, p in found.rows if p.outcome is outcome]:
            console.print()
            console.print(_table(outcome, rows))


def _table(outcome: Outcome, rows: list[tuple[dict[str, Any], Proposal]]) -> Table:
    table = Table("URN", "School", "Clause", "Because", title_justify="left", show_lines=True)
    table.title = f"{_capital(outcome)}: {len(rows)} school{'' if len(rows) == 1 else 's'}"
    for row, proposal in rows:
        shown = [b for b in proposal.because if b.decides or b.clause == "age"]
        reasons = [b.words for b in shown or proposal.because]
        lines = [f"• {plain(words)}" for words in reasons]
        if proposal.power:
            lines.append(f"The authority can intervene: {plain(proposal.power)}.")
        about = f"{plain(row['name'])}\n[dim]{plain(_kind(row))}[/dim]"
        table.add_row(str(row["urn"]), about, proposal.clause, "\n".join(lines))
    return table


def _kind(row: dict[str, Any]) -> str:
    return " · ".join(part for part in (row["phase"], row["type_group"], row["trust"]) if part)


def _capital(outcome: Outcome) -> str:
    return outcome.value[0].upper() + outcome.value[1:]
