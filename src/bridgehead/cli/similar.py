"""``bridgehead similar URN``: the schools in similar circumstances, and what to expect of them."""

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bridgehead.cli import arguments, pictures
from bridgehead.cli.consoles import wide
from bridgehead.cli.show import unknown
from bridgehead.cli.terminal import plain
from bridgehead.core.errors import Refused
from bridgehead.core.years import label
from bridgehead.measures.wording import bare, signed
from bridgehead.opendata.dfe_similar import read_inputs
from bridgehead.picture import dfe
from bridgehead.picture.alike import INPUT_SERIES
from bridgehead.picture.alike_words import expectation_words, match_words, rests_on
from bridgehead.picture.context import INPUTS, KIND_OF_PHASE
from bridgehead.picture.model import Expectation, SchoolPicture
from bridgehead.picture.picture import Picture
from bridgehead.picture.words import headline_series

_SHOWN = 15


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "similar",
        help="schools in similar circumstances, and what to expect of them",
        description=(
            "Name the schools most like one school in who their pupils are, say how good the "
            "match is, and what schools like it reach. --method dfe finds them exactly as the "
            "DfE's own service does, which needs the DfE's own file of inputs."
        ),
    )
    parser.add_argument(
        "urn", type=arguments.urn, metavar="URN", help="six digits; an old URN will do"
    )
    parser.add_argument("--method", choices=("bridgehead", "dfe"), default="bridgehead")
    parser.add_argument(
        "--measure", metavar="KEY", help="one series, such as ks4.attainment8; else the headlines"
    )
    parser.add_argument(
        "--inputs", type=Path, metavar="FILE", help="the DfE's file of inputs, for --method dfe"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the similar schools of one school."""
    if args.method == "dfe":
        if args.measure:
            raise Refused(
                "The DfE’s method finds schools; it expects nothing of a measure.",
                "Leave --measure out, or use --method bridgehead.",
            )
        return _by_the_dfe(args)
    if args.inputs:
        raise Refused("--inputs belongs to --method dfe.", "Add --method dfe.")
    picture = pictures.current()
    if picture.resolve(args.urn) is None:
        raise unknown(picture, args.urn)
    school = picture.school(args.urn)
    keys = _keys(picture, school, args.measure)
    found = {key: picture.expected(key, args.urn) for key in keys}
    if args.json:
        print(json.dumps(as_json(picture, school, found), ensure_ascii=False, indent=1))
    else:
        show(picture, school, found, wide())
    return 0


def _keys(picture: Picture, school: SchoolPicture, measure: str | None) -> list[str]:
    if measure is None:
        return [one.key for one in headline_series(school)]
    if measure not in picture.series_keys():
        raise Refused(f"No loaded file holds a series {measure!r}.", "bridgehead show lists them.")
    if measure in INPUT_SERIES:
        raise Refused(
            f"Schools are matched on {measure!r}, so nothing can be expected of it.",
            "Name an outcome, such as ks2.rwm_expected.",
        )
    return [measure]


def as_json(
    picture: Picture, school: SchoolPicture, found: dict[str, Expectation | None]
) -> dict[str, Any]:
    """Everything, in plain values."""
    match = picture.match(school.school.urn)
    return {
        "urn": school.school.urn,
        "name": school.school.name,
        "method": "bridgehead",
        "picture": picture.digest,
        "synthetic": picture.synthetic,
        "note": school.similar_note,
        "match": None
        if match is None
        else {
            "words": match_words(match),
            "found": match.found,
            "distance": match.distance,
            "usual_distance": match.usual,
            "matched_less_closely_percent": match.looser,
            "inputs": match.inputs,
            "inputs_known": match.known,
        },
        "inputs": {}
        if match is None
        else {
            key: {
                "school": one.own,
                "similar_mean": one.mean,
                "difference": one.difference,
                "similar_known": one.known,
            }
            for key, one in match.apart.items()
        },
        "expected": {
            key: None if one is None else _expectation(picture, key, one)
            for key, one in found.items()
        },
        "similar": [
            {"urn": n.urn, "distance": n.distance, "differences": n.differences}
            for n in school.similar
        ],
    }


def _expectation(picture: Picture, key: str, one: Expectation) -> dict[str, Any]:
    return {
        "year": label(one.year),
        "value": one.value,
        "expected": one.expected,
        "low80": one.low,
        "high80": one.high,
        "standing": None if one.standing is None else one.standing.value,
        "similar_with_figure": one.near,
        "schools": one.schools,
        "stand_in": one.stand_in,
        "words": _words(picture, key, one),
    }


def _words(picture: Picture, key: str, one: Expectation) -> str:
    measure = picture.measure(key)
    return expectation_words(one, measure, key[len(measure.key) + 1 :] or "all")


def show(
    picture: Picture,
    school: SchoolPicture,
    found: dict[str, Expectation | None],
    console: Console,
) -> None:
    """What is expected first, then how good the match is, then the schools."""
    facts = school.school
    console.print(f"[bold]{plain(facts.name)}[/bold] · URN {facts.urn}", highlight=False)
    if picture.synthetic:
        console.print("Synthetic: this is not a real school.")
    for key, one in found.items():
        if one is None:
            console.print(f"• {key}: too little is known to expect anything.", highlight=False)
        else:
            console.print(f"• {plain(_words(picture, key, one))}", highlight=False)
            console.print(f"  [dim]{plain(rests_on(one))}[/dim]", highlight=False)
    match = picture.match(facts.urn)
    if match is None:
        console.print(plain(school.similar_note), highlight=False)
        return
    console.print(f"\n{plain(match_words(match))}", highlight=False)
    table = Table("input", "here", "similar", "difference", title_justify="left")
    for fact in (i for i in INPUTS if i.key in match.apart):
        apart, decimals = match.apart[fact.key], 0 if fact.unit == "pupils" else 1
        cells = [
            "not known" if v is None else (signed if n == 2 else bare)(v, decimals)
            for n, v in enumerate((apart.own, apart.mean, apart.difference))
        ]
        table.add_row(plain(fact.title), *cells)
    console.print(table)
    console.print(plain(school.similar_note), highlight=False)
    near = Table("URN", "school", "authority", "distance")
    for n in school.similar[:_SHOWN]:
        other = picture.register(n.urn)
        near.add_row(str(n.urn), plain(other.name), plain(other.la_name), f"{n.distance:.2f}")
    console.print(near)
    if len(school.similar) > _SHOWN:
        console.print(f"{len(school.similar) - _SHOWN} more; --json lists them.")


def _by_the_dfe(args: argparse.Namespace) -> int:
    if args.inputs is None:
        raise _lacking(args.urn)
    inputs = read_inputs(args.inputs)
    method = dfe.method_of(inputs)
    near = dfe.nearest(method, inputs, args.urn)
    if args.json:
        print(
            json.dumps(
                {
                    "urn": args.urn,
                    "method": "dfe",
                    "phase": method.phase,
                    "edition": method.edition,
                    "proof": method.proof,
                    "schools_with_every_input": dfe.complete(method, inputs),
                    "similar": [
                        {
                            "urn": one.urn,
                            "rank": one.rank,
                            "distance": one.distance,
                            "differences": one.differences,
                        }
                        for one in near
                    ],
                },
                ensure_ascii=False,
                indent=1,
            )
        )
        return 0
    console = wide()
    console.print(
        f"URN {args.urn}, by the method of {method.title} ({method.edition}).", highlight=False
    )
    console.print(
        f"Among the {dfe.complete(method, inputs):,} schools of the file with every input.",
        highlight=False,
    )
    table = Table("rank", "URN", "distance", *(i.column for i in method.inputs))
    for one in near:
        apart = [signed(one.differences[i.column], 2) for i in method.inputs]
        table.add_row(str(one.rank), str(one.urn), f"{one.distance:.4f}", *apart)
    console.print(table)
    return 0


def _lacking(urn: int) -> Refused:
    """Which of the DfE's inputs no loaded file holds. Nothing is put in their place."""
    picture = pictures.current()
    if picture.resolve(urn) is None:
        raise unknown(picture, urn)
    phase = picture.register(urn).phase
    secondary = KIND_OF_PHASE.get(phase) == KIND_OF_PHASE["secondary"]
    method = dfe.methods()["secondary" if secondary else "primary"]
    held = set(picture.series_keys())
    gone = [i.title for i in method.inputs if i.like not in held]
    like = [i.title for i in method.inputs if i.like in held]
    words = f"Not loaded in any form: {'; '.join(gone)}." if gone else ""
    if like:
        words += (
            f" Loaded files count something of the same name, by other rules, as: "
            f"{'; '.join(like)}; that is not put in its place."
        )
    return Refused(
        f"The DfE’s method needs {len(method.inputs)} inputs as the DfE works them out. "
        f"{words.strip()}",
        "Give the DfE’s own file of inputs: --inputs FILE; or use --method bridgehead.",
    )
