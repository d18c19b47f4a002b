"""The schools in similar circumstances: what to expect of them, and how good each match is."""

from dataclasses import dataclass

from bridgehead.core.years import label
from bridgehead.desk.queries.sight import Sight
from bridgehead.picture.alike_words import expectation_words, match_words, rests_on
from bridgehead.picture.context import INPUTS, Input
from bridgehead.picture.model import Match, Neighbour, SchoolPicture
from bridgehead.picture.words import headline_series
from bridgehead.schools.models import KeptSet
from bridgehead.web import words

#: Headings of the inputs, short enough for a column.
SHORT = {
    "disadvantage": "FSM in six years",
    "eal": "EAL",
    "sen_support": "SEN support",
    "ehcp": "EHC plans",
    "pupils": "Pupils",
    "prior_primary": "Attainment at KS1",
    "prior_secondary": "Attainment at KS2",
    "stability": "Stayed all years",
    "girls": "Girls",
}


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar school: how good the match is, and for each input shown its heading and by how much
    the school differs."""

    urn: int
    name: str
    facts: str
    here: bool
    distance: str
    quality: str
    differences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """The similar schools, closest first, and the inputs on which they are compared: heading, full
    name, and the school's own value in words."""

    schools: tuple[Alike, ...]
    inputs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Expecting:
    """One headline figure beside what is expected of schools like this one, in words and as cells
    of a table."""

    title: str
    year: str
    here: str
    middle: str
    span: str
    standing: str
    sentence: str
    rests: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One input: the school's own, the mean of its similar schools, and the difference."""

    title: str
    own: str
    around: str
    difference: str
    known: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How good the match is in words, and each input of the school's kind; ``unknown`` names those
    that are not known of the school."""

    quality: str
    facts: tuple[Fact, ...]
    unknown: tuple[str, ...]


def expected(seen: Sight, pictured: SchoolPicture) -> tuple[Expecting, ...]:
    """Each headline figure of the school for which something can be expected."""
    found = []
    for one in headline_series(pictured):
        expectation = seen.picture.expected(one.key, pictured.school.urn)
        if expectation is None:
            continue
        show, group = one.measure.format, one.group
        found.append(
            Expecting(
                title=one.measure.title,
                year=label(expectation.year),
                here="no figure" if expectation.value is None else show(expectation.value, group),
                middle=show(expectation.expected, group),
                span=f"{show(expectation.low, group)} to {show(expectation.high, group)}",
                standing="" if expectation.standing is None else expectation.standing.value,
                sentence=expectation_words(expectation, one.measure, group),
                rests=rests_on(expectation),
            )
        )
    return tuple(found)


def circumstances(seen: Sight, pictured: SchoolPicture) -> Circumstances | None:
    """How well the school is matched; ``None`` where it has no similar schools."""
    match = seen.picture.match(pictured.school.urn)
    if match is None:
        return None
    known = [one for one in INPUTS if one.key in match.apart]
    return Circumstances(
        match_words(match),
        tuple(_fact(one, match) for one in known),
        tuple(one.title for one in known if match.apart[one.key].own is None),
    )


def _fact(one: Input, match: Match) -> Fact:
    apart, decimals = match.apart[one.key], _decimals(one)
    return Fact(
        title=one.title,
        own="not known" if apart.own is None else words.number(apart.own, decimals),
        around="not known" if apart.mean is None else words.number(apart.mean, decimals),
        difference="not known"
        if apart.difference is None
        else words.signed(apart.difference, decimals),
        known="" if apart.known == match.found else f"of {apart.known} of {match.found}",
    )


def similar(seen: Sight, pictured: SchoolPicture) -> Circle:
    """The similar schools with the differences of each. Inputs that are not known of this school
    play no part and have no column."""
    neighbours, context = pictured.similar, pictured.context
    wanted = [n.urn for n in neighbours]
    frame = seen.picture.schools
    frame = frame.filter(frame["urn"].is_in(wanted)) if wanted else frame.head(0)
    known = {row["urn"]: row for row in frame.iter_rows(named=True)}
    inputs = [one for one in INPUTS if context.get(one.key) is not None]
    return Circle(
        schools=tuple(_alike(n, known[n.urn], seen, inputs) for n in neighbours if n.urn in known),
        inputs=tuple(
            (
                _heading(one),
                one.title,
                words.number(context[one.key], _decimals(one)),
            )
            for one in inputs
        ),
    )


def kept(found: KeptSet) -> Circle:
    """The schools of a kept set as they were kept."""
    inputs = [one for one in INPUTS if found.context.get(one.key) is not None]
    return Circle(
        schools=tuple(
            Alike(
                urn=near["urn"],
                name=near["name"],
                facts=f"URN {near['urn']}",
                here=False,
                distance=words.number(near["distance"], 2),
                quality=quality(near["distance"]),
                differences=tuple(
                    (_heading(i), _apart(near["differences"].get(i.key), i)) for i in inputs
                ),
            )
            for near in found.neighbours
        ),
        inputs=tuple(
            (_heading(i), i.title, words.number(found.context[i.key], _decimals(i))) for i in inputs
        ),
    )


def _alike(one: Neighbour, row: dict[str, object], seen: Sight, inputs: list[Input]) -> Alike:
    about = [row["la_name"], row["phase_detail"] or row["phase"]]
    return Alike(
        urn=one.urn,
        name=str(row["name"]),
        facts=" · ".join(str(part) for part in about if part),
        here=one.urn in seen.urns,
        distance=words.number(one.distance, 2),
        quality=quality(one.distance),
        differences=tuple((_heading(i), _apart(one.differences.get(i.key), i)) for i in inputs),
    )


def _heading(one: Input) -> str:
    return SHORT.get(one.key, one.title)


def _apart(difference: float | None, one: Input) -> str:
    return "not known" if difference is None else words.signed(difference, _decimals(one))


def _decimals(one: Input) -> int:
    return 0 if one.unit == "pupils" else 1


def quality(distance: float) -> str:
    """How good a match is, in words, from its distance in standardised units."""
    if distance < 1.0:
        return "close"
    return "fair" if distance < 2.0 else "loose"
