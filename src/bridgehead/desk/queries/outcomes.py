"""How many schools the support review proposes what for."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridgehead.accounts.rules import Permission, Reader
from bridgehead.desk.rules import LEAST_SCHOOLS, Counted, says_one_thing_of_all
from bridgehead.monitoring.queries import counts_by_outcome, current_round, round_rows
from bridgehead.monitoring.rules import Outcome
from bridgehead.schools.models import Partnership


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts by outcome, ``why_none`` where they are not shown. ``by_urn`` names schools, and is
    empty for readers who may not know of a named school."""

    counts: Mapping[Outcome, int]
    by_urn: Mapping[int, Outcome]
    why_none: str = ""


def outcomes(partnership: Partnership, reader: Reader, schools: int) -> Outcomes:
    """What a reader may know of the proposals of a partnership with so many schools: four queries
    at most, however many schools there are."""
    counts = counts_by_outcome(partnership)
    if reader.can(Permission.SEE_EVERY_SCHOOL):
        current = current_round(partnership.pk)
        rows = round_rows(current.pk) if current else []
        return Outcomes(counts, {row.urn: row.outcome for row in rows})
    group = Counted("all", {outcome.value: n for outcome, n in counts.items()})
    if schools < LEAST_SCHOOLS or says_one_thing_of_all(group):
        return Outcomes({}, {}, "There are too few schools to count without naming one.")
    return Outcomes(counts, {})
