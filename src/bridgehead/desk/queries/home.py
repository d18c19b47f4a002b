"""What each reader finds on the first page: what to do next, and what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bridgehead.accounts.rules import Permission
from bridgehead.core.home import home
from bridgehead.desk.queries import area
from bridgehead.desk.queries.review import Box, box
from bridgehead.desk.queries.school import verdict
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.rules import StockDay
from bridgehead.monitoring.queries import counts_by_outcome, counts_waiting, current_round
from bridgehead.monitoring.rules import Outcome
from bridgehead.opendata.releases import Card, Store
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


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything of the first page. Parts that are not the reader's are empty."""

    own: tuple[OwnSchool, ...]
    waiting: tuple[Waiting, ...]
    round_name: str
    proposed: Mapping[Outcome, int]
    stock: StockDay | None
    newest: tuple[Card, ...]


def desk(seen: Sight, partnership: Partnership, today: date) -> Desk:
    """The first page of a reader."""
    reviews = seen.reader.can(Permission.SEE_SUPPORT_REVIEW)
    current = current_round(partnership.pk) if reviews else None
    waiting = counts_waiting(partnership) if current else {}
    return Desk(
        own=tuple(_own(seen, urn) for urn in sorted(seen.own & seen.urns)),
        waiting=tuple(Waiting(kind.value, n) for kind, n in waiting.items() if n),
        round_name=current.name if current else "",
        proposed=counts_by_outcome(partnership) if reviews and not current else {},
        stock=_stock(seen, today),
        newest=_newest() if seen.reader.can(Permission.SEE_DATA) else (),
    )


def _own(seen: Sight, urn: int) -> OwnSchool:
    pictured = seen.picture.school(urn)
    said = verdict(pictured, full=True)
    return OwnSchool(urn, pictured.school.name, said, box(seen.reader, urn))


def _stock(seen: Sight, today: date) -> StockDay | None:
    """The stock today; None where there is no school."""
    if not seen.urns or not seen.reader.can(Permission.SEE_AREA):
        return None
    inspections = area.inspections_of(seen.picture, seen.urns)
    return area.stock_over_years(inspections, today)[-1]


def _newest() -> tuple[Card, ...]:
    """The five releases that were loaded last."""
    return tuple(reversed(Store(home()).cards()))[:5]
