"""What each reader finds on the first page: what to do next, and what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bridgehead.accounts.rules import Permission, Reader
from bridgehead.core.home import home
from bridgehead.desk.queries import area
from bridgehead.desk.queries.review import Box, box
from bridgehead.desk.queries.school import verdict
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.rules import StockDay
from bridgehead.monitoring.queries import counts_by_outcome, counts_waiting, current_round
from bridgehead.monitoring.rules import Outcome
from bridgehead.opendata.releases import Card, Store
from bridgehead.people.queries import buddy_request, buddy_requests, buddy_to, new_headship
from bridgehead.schools.models import Partnership


@dataclass(frozen=True, slots=True)
class OwnSchool:
    """The reader's own school: what the figures say, and what is asked of it."""

    urn: int
    name: str
    verdict: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the support review waits for, and how many schools it is."""

    what: str
    count: int


class Buddy(StrEnum):
    """Where a head stands with a buddy: what the home page says of it."""

    OFFERED = "offered"
    ASKED = "asked"
    NAMED = "named"
    IS_ONE = "is one"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything of the first page. Parts that are not the reader's are empty."""

    own: tuple[OwnSchool, ...]
    waiting: tuple[Waiting, ...]
    round_name: str
    proposed: Mapping[Outcome, int]
    stock: StockDay | None
    buddy: Buddy | None
    buddies_waiting: int
    newest: tuple[Card, ...]


def desk(seen: Sight, partnership: Partnership, today: date) -> Desk:
    """The first page of a reader."""
    reviews = seen.reader.can(Permission.SEE_SUPPORT_REVIEW)
    current = current_round(partnership.pk) if reviews else None
    waiting = counts_waiting(current) if current else {}
    return Desk(
        own=tuple(_own(seen, urn) for urn in sorted(seen.own & seen.urns)),
        waiting=tuple(Waiting(kind.value, n) for kind, n in waiting.items() if n),
        round_name=current.name if current else "",
        proposed=counts_by_outcome(partnership) if reviews and not current else {},
        stock=_stock(seen, today),
        buddy=_buddy(seen.reader, today),
        buddies_waiting=_buddies_waiting(seen.reader),
        newest=_newest() if seen.reader.can(Permission.SEE_DATA) else (),
    )


def _own(seen: Sight, urn: int) -> OwnSchool:
    pictured = seen.picture.school(urn)
    said = verdict(pictured, full=True)
    return OwnSchool(urn, pictured.school.name, said, box(seen.reader, urn))


def _buddy(reader: Reader, today: date) -> Buddy | None:
    """A head in the first year may ask for one; one who has been named is told. None: say nothing.
    At most two queries, and none for anybody who is no head."""
    if not reader.can_somewhere(Permission.ASK_FOR_BUDDY):
        return None
    if (own := new_headship(reader, today)) is None:
        return Buddy.IS_ONE if buddy_to(reader).exists() else None
    asked = buddy_request(own)
    if asked is None:
        return Buddy.OFFERED
    return Buddy.NAMED if asked.buddy_id else Buddy.ASKED


def _buddies_waiting(reader: Reader) -> int:
    if not reader.can(Permission.NAME_BUDDY) or reader.partnership_id is None:
        return 0
    return buddy_requests(reader.partnership_id).filter(buddy=None).count()


def _stock(seen: Sight, today: date) -> StockDay | None:
    """The stock today; None where there is no school."""
    if not seen.urns or not seen.reader.can(Permission.SEE_AREA):
        return None
    return area.stock_over_years(seen.picture, seen.urns, today)[-1]


def _newest() -> tuple[Card, ...]:
    """The five releases that were loaded last."""
    return tuple(reversed(Store(home()).cards()))[:5]
