"""The schools in similar circumstances, and how good each match is."""

from dataclasses import dataclass

from bridgehead.desk.queries.sight import Sight
from bridgehead.picture.context import INPUTS, Input
from bridgehead.picture.model import Neighbour, SchoolPicture
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


def similar(seen: Sight, pictured: SchoolPicture) -> Circle:
    """The similar schools with the differences of each. Inputs that are not known of this school
    play no part and have no column."""
    wanted = [n.urn for n in pictured.similar]
    frame = seen.picture.schools
    frame = frame.filter(frame["urn"].is_in(wanted)) if wanted else frame.head(0)
    known = {row["urn"]: row for row in frame.iter_rows(named=True)}
    inputs = [one for one in INPUTS if pictured.context.get(one.key) is not None]
    return Circle(
        schools=tuple(
            _alike(n, known[n.urn], seen, inputs) for n in pictured.similar if n.urn in known
        ),
        inputs=tuple(
            (
                _heading(one),
                one.title,
                words.number(pictured.context[one.key], _decimals(one)),
            )
            for one in inputs
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
