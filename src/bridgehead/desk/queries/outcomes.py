"""How many schools the support review proposes what for."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.rules import LEAST_SCHOOLS, Counted, says_one_thing_of_all
from bridgehead.monitoring.queries import (
    counts_by_outcome,
    current_round,
    live_proposals,
    round_outcomes,
)
from bridgehead.monitoring.rules import Outcome
from bridgehead.schools.models import Partnership
from bridgehead.schools.queries import member_urns


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts by outcome, ``why_none`` where they are not shown. ``by_urn`` names schools, and is
    empty for readers who may not know of a named school."""

    counts: Mapping[Outcome, int]
    by_urn: Mapping[int, Outcome]
    why_none: str = ""


def outcomes(partnership: Partnership, seen: Sight) -> Outcomes:
    """What a reader may know of the proposals of a partnership: four queries at most, however many
    schools there are."""
    counts = counts_by_outcome(partnership, without_entered=not seen.every)
    if seen.every:
        return Outcomes(counts, _by_urn(partnership, seen))
    group = Counted("all", {outcome.value: n for outcome, n in counts.items()})
    # A round keeps the schools of its day: it may count fewer than belong here now.
    if min(group.total, len(seen.urns)) < LEAST_SCHOOLS or says_one_thing_of_all(group):
        return Outcomes({}, {}, "There are too few schools to count without naming one.")
    return Outcomes(counts, {})


def _by_urn(partnership: Partnership, seen: Sight) -> dict[int, Outcome]:
    """The proposal of each school: of the current round, else live."""
    current = current_round(partnership.pk)
    if current is not None:
        return round_outcomes(current.pk)
    live = live_proposals(seen.picture, member_urns(partnership.pk))
    return {urn: proposal.outcome for urn, proposal in live.items()}
