"""The schools in similar circumstances, and how good each match is."""

from dataclasses import dataclass

from bridgehead.desk.queries.sight import Sight
from bridgehead.picture.context import INPUTS
from bridgehead.picture.model import Neighbour, SchoolPicture
from bridgehead.web import words


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar school: how good the match is, and on what the two differ."""

    urn: int
    name: str
    facts: str
    here: bool
    distance: str
    quality: str
    differences: tuple[tuple[str, str], ...]


def similar(seen: Sight, pictured: SchoolPicture) -> tuple[Alike, ...]:
    """The similar schools, closest first, with the differences of each."""
    wanted = [n.urn for n in pictured.similar]
    frame = seen.picture.schools
    frame = frame.filter(frame["urn"].is_in(wanted)) if wanted else frame.head(0)
    known = {row["urn"]: row for row in frame.iter_rows(named=True)}
    return tuple(_alike(n, known[n.urn], seen) for n in pictured.similar if n.urn in known)


def _alike(one: Neighbour, row: dict[str, object], seen: Sight) -> Alike:
    about = [row["la_name"], row["phase_detail"] or row["phase"]]
    return Alike(
        urn=one.urn,
        name=str(row["name"]),
        facts=" · ".join(str(part) for part in about if part),
        here=one.urn in seen.urns,
        distance=words.number(one.distance, 2),
        quality=quality(one.distance),
        differences=tuple(
            (input_title(key), "not known" if value is None else words.signed(value, 1))
            for key, value in one.differences.items()
        ),
    )


def quality(distance: float) -> str:
    """How good a match is, in words, from its distance in standardised units."""
    if distance < 1.0:
        return "close"
    return "fair" if distance < 2.0 else "loose"


def input_title(key: str) -> str:
    """What people call an input of context."""
    return next((one.title for one in INPUTS if one.key == key), key.replace("_", " "))
