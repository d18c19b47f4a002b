"""``bridgehead show URN``: one school: standing, direction, inspections, similar schools."""

import argparse
import json
from difflib import get_close_matches
from typing import Any

from rich.console import Console
from rich.table import Table

from bridgehead.cli import arguments, pictures
from bridgehead.cli.consoles import wide
from bridgehead.cli.terminal import plain
from bridgehead.core.errors import Refused
from bridgehead.core.years import label
from bridgehead.picture.model import (
    Ahead,
    Direction,
    Inspection,
    Neighbour,
    Point,
    SchoolPicture,
    Series,
    Travel,
)
from bridgehead.picture.ofsted_rows import SAFEGUARDING_AREA
from bridgehead.picture.picture import Picture
from bridgehead.picture.sentences import chart_sentence
from bridgehead.picture.words import verdict, what_stands_out
from bridgehead.web.words import percent

_SIMILAR_SHOWN = 10
#: Columns of a table: one a year, the least of the last one, and the years that are always shown.
_YEAR_WIDE, _DIRECTION_WIDE, _FEWEST_YEARS = 10, 28, 3


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "show",
        help="one school: standing, direction, inspections",
        description=(
            "Show one school by its URN, or by any URN that it had before: what stands out in "
            "words, then its figures beside England's, direction of travel, inspections and "
            "similar schools. Builds the picture first where the loaded releases have changed."
        ),
    )
    parser.add_argument("urn", type=arguments.urn, metavar="URN", help="six digits, such as 142999")
    parser.add_argument("--measure", metavar="KEY", help="one series, such as ks2.rwm_expected")
    parser.add_argument("--all", action="store_true", help="every series, groups of pupils too")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Find the school and print it."""
    picture = pictures.current()
    if picture.resolve(args.urn) is None:
        raise unknown(picture, args.urn)
    school = picture.school(args.urn)
    if args.measure and args.measure not in school.series:
        raise Refused(
            f"{school.school.name} has no series {args.measure!r}.",
            "It has: " + ", ".join(k for k in school.series if k.count(".") == 1) + ".",
        )
    keys = [args.measure] if args.measure else list(school.series)
    if args.json:
        print(json.dumps(as_json(picture, school, keys), ensure_ascii=False, indent=1))
        return 0
    if not args.measure and not args.all:
        keys = [key for key in keys if _worth_showing(school.series[key])]
    show(picture, school, keys, wide())
    return 0


def unknown(picture: Picture, urn: int) -> Refused:
    """The refusal for a URN that no chain holds, with the nearest that are there."""
    known = [str(one) for one in picture.schools["urn"].to_list()]
    near = get_close_matches(str(urn), known, 3, 0.8)
    hint = f" Nearest that are loaded: {', '.join(near)}." if near else ""
    return Refused(
        f"No loaded file speaks of a school with URN {urn}.{hint}",
        "Load a file that does: bridgehead load FILES…",
    )


def _worth_showing(one: Series) -> bool:
    return one.group in ("all", "gap") and (one.measure.headline or one.measure.stage == "absence")


def as_json(picture: Picture, school: SchoolPicture, keys: list[str]) -> dict[str, Any]:
    """The whole school for programs; years read ``2018/19``."""
    facts = school.school
    said = verdict(school)
    return {
        "urn": facts.urn,
        "urns": list(facts.urns),
        "name": facts.name,
        "la": facts.la,
        "la_name": facts.la_name,
        "phase": facts.phase,
        "type": facts.type_name,
        "picture": picture.digest,
        "synthetic": picture.synthetic,
        "verdict": list(said.sentences),
        "measures": {key: _series(picture, facts.urn, school.series[key]) for key in keys},
        "inspections": [as_inspection(one) for one in school.inspections],
        "similar": [_neighbour(one) for one in school.similar],
        "similar_note": school.similar_note,
        "context": school.context,
    }


def _series(picture: Picture, urn: int, one: Series) -> dict[str, Any]:
    return {
        "title": one.measure.title,
        "group": one.group,
        "unit": one.measure.unit,
        "high": one.measure.high.value,
        "why_no_percentile": picture.why_no_percentile(one.key, urn),
        "years": {label(point.year): _point(point) for point in one.points},
        "direction": _direction(one.travel, one.ahead),
        "says": chart_sentence(one),
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "value": point.value,
        "raw": point.raw,
        "reason": None if point.reason is None else point.reason.value,
        "cohort": point.cohort,
        "england": point.england,
        "percentile": point.percentile,
        "similar_place": point.similar_place,
        "similar_median": point.similar_median,
        "release": point.release,
        "row": point.row,
        "column": point.column,
        "status": point.status,
        "level": point.level,
        "low": point.low,
        "high": point.high,
    }


def _direction(travel: Travel, ahead: Ahead | None) -> dict[str, Any]:
    return {
        "label": travel.label.value,
        "p_up": travel.p_up,
        "p_down": travel.p_down,
        "from": None if travel.from_year is None else label(travel.from_year),
        "to": None if travel.to_year is None else label(travel.to_year),
        "change": travel.change,
        "share_real": travel.share_real,
        "why": travel.why,
        "drift_told": travel.drift_told,
        "forecast": None
        if ahead is None
        else {
            "year": label(ahead.year),
            "value": ahead.value,
            "low": ahead.low,
            "high": ahead.high,
        },
    }


def as_inspection(one: Inspection) -> dict[str, Any]:
    """One inspection for programs; ``earlier`` holds grades that have been given again since."""
    return {
        "date": one.date.isoformat(),
        "framework": one.framework.value,
        "urn": one.urn,
        "this_urn": one.this_urn,
        "published": one.published.isoformat() if one.published else None,
        "grades": one.grades,
        "category": one.category,
        "safeguarding": one.safeguarding,
        "outcome": one.outcome,
        "area_dates": {area: when.isoformat() for area, when in one.area_dates.items()},
        "earlier": [
            {"area": was.area, "grade": was.grade, "date": was.date.isoformat()}
            for was in one.earlier
        ],
        "release": one.release,
        "row": one.row,
    }


def _neighbour(one: Neighbour) -> dict[str, Any]:
    return {"urn": one.urn, "distance": one.distance, "differences": one.differences}


def show(picture: Picture, school: SchoolPicture, keys: list[str], console: Console) -> None:
    """Words first, then tables."""
    facts = school.school
    console.print(f"[bold]{plain(facts.name)}[/bold] · URN {facts.urn}", highlight=False)
    about = (facts.phase_detail or facts.phase, facts.type_name, facts.trust, facts.la_name)
    console.print(plain(" · ".join(part for part in about if part)), highlight=False)
    if len(facts.urns) > 1:
        before = ", ".join(map(str, facts.urns[:-1]))
        console.print(f"History follows earlier URNs: {before}", highlight=False)
    if picture.synthetic:
        console.print("Synthetic: this is not a real school.")
    console.print()
    said = verdict(school)
    console.print(plain(said.text), highlight=False)
    for found in what_stands_out(school, without=said.keys):
        console.print(f"• {plain(found.words)}", highlight=False)
    console.print()
    if keys:
        _print_figures(school, keys, console)
        missing = dict.fromkeys(picture.why_no_percentile(key, facts.urn) for key in keys)
        for why in filter(None, missing):
            console.print(f"No percentile: {plain(why)}", highlight=False)
    else:
        console.print("No headline figures; --all shows every series that there is.")
    _print_inspections(school, console)
    _print_similar(picture, school, console)


def _print_figures(school: SchoolPicture, keys: list[str], console: Console) -> None:
    """The newest years that the window has room for; which are left out is said, and what the marks
    mean."""
    found = sorted({p.year for key in keys for p in school.series[key].points})
    room = console.width - max(map(len, keys)) - 6 - _DIRECTION_WIDE
    years = found[-max(_FEWEST_YEARS, room // _YEAR_WIDE) :]
    console.print(_figures(school, keys, years))
    shown = [p for key in keys for p in school.series[key].points if p.year in years]
    if any(p.status == "provisional" for p in shown):
        console.print("p: provisional, and may change.")
    codes = {p.raw.strip(): p.reason.words for p in shown if p.raw.strip() and p.reason}
    for code, words in sorted(codes.items()):
        console.print(f"{plain(code)}: {plain(words)}.", highlight=False)
    if len(years) < len(found):
        console.print(
            f"Years before {label(years[0])} are left out for want of room: a wider window or "
            "--json shows them.",
            highlight=False,
        )


def _figures(school: SchoolPicture, keys: list[str], years: list[int]) -> Table:
    table = Table(title="Figures (England's below)", title_justify="left")
    table.add_column("measure", no_wrap=True)
    for year in years:
        table.add_column(label(year), justify="right", no_wrap=True)
    table.add_column("direction of travel")
    for key in keys:
        one = school.series[key]
        cells = [_cell(one, one.at(year)) for year in years]
        name = key if one.group == "all" else f"  {key}"
        table.add_row(plain(name), *cells, _travel_words(one))
    return table


def _cell(one: Series, point: Point | None) -> str:
    if point is None:
        return ""
    figure = (
        plain(point.raw.strip() or "–")
        if point.value is None
        else one.measure.format(point.value, one.group)
    )
    mark = " p" if point.status == "provisional" else ""
    below = "" if point.england is None else one.measure.format(point.england, one.group)
    return f"{figure}{mark}\n[dim]{below}[/dim]"


def _travel_words(one: Series) -> str:
    travel, said = one.travel, one.travel.label.words(one.measure.high)
    if travel.label is Direction.NOT_GIVEN:
        return ""
    if travel.label is Direction.TOO_FEW or travel.from_year is None or travel.to_year is None:
        return f"{said}: {travel.why}" if travel.why else said
    chance = None if travel.label is Direction.NO_CLEAR_CHANGE else travel.p_label
    words = said if chance is None else f"{said} ({percent(chance)})"
    return f"{words}\n[dim]{label(travel.from_year)} to {label(travel.to_year)}[/dim]"


def _print_inspections(school: SchoolPicture, console: Console) -> None:
    if not school.inspections:
        console.print("No inspection is loaded.")
        return
    table = Table(title="Inspections, newest first", title_justify="left")
    for name in ("date", "framework", "as printed", "of URN"):
        table.add_column(name)
    for one in school.inspections:
        printed = [f"{area}: {grade}{when_graded(one, area)}" for area, grade in one.grades.items()]
        printed += [f"Category of concern: {one.category}"] if one.category else []
        if one.safeguarding:
            printed.append(f"Safeguarding: {one.safeguarding}{when_graded(one, SAFEGUARDING_AREA)}")
        printed += [one.outcome] if one.outcome else []
        which = "not given" if one.urn is None else str(one.urn)
        whose = which if one.this_urn else f"{which} (predecessor)"
        table.add_row(one.date.isoformat(), one.framework.value, plain("\n".join(printed)), whose)
    console.print(table)


def when_graded(one: Inspection, area: str) -> str:
    """When an area was graded, where that was after the inspection, and what it was before."""
    day = one.graded_later(area)
    if day is None:
        return ""
    before = [f"; {was.grade} on {was.date}" for was in one.earlier if was.area == area]
    return f" (graded again on {day}{''.join(before)})"


def _print_similar(picture: Picture, school: SchoolPicture, console: Console) -> None:
    console.print(plain(school.similar_note), highlight=False)
    if not school.similar:
        return
    table = Table(title=f"The nearest {_SIMILAR_SHOWN} of them", title_justify="left")
    for name in ("URN", "school", "authority", "distance"):
        table.add_column(name, justify="right" if name == "distance" else "left")
    for one in school.similar[:_SIMILAR_SHOWN]:
        other = picture.register(one.urn)
        table.add_row(str(one.urn), plain(other.name), plain(other.la_name), f"{one.distance:.2f}")
    console.print(table)
