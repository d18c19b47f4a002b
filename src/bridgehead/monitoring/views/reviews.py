"""One school's review: proposal, the school's view, judgement and support, side by side."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.timezone import localdate

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import Permission, Reader
from bridgehead.monitoring.access import get_school_for, may_read_confidence
from bridgehead.monitoring.models import Reply, Review
from bridgehead.monitoring.queries import (
    decision_of,
    facts_of,
    history,
    judgement_of,
    newest_sent,
    policy_in_force,
    proposal_for,
    waiting_of,
)
from bridgehead.monitoring.rules import Event, State
from bridgehead.monitoring.rules.states import TABLE, must_tell, why_not
from bridgehead.monitoring.views.frame import page, review_shown


@needs(Permission.SEE_SUPPORT_REVIEW, Permission.SEE_OWN_SCHOOL, shows="a review")
def review(request: SignedIn, review_id: int) -> HttpResponse:
    """The review with everything recorded, and what the reader can do next."""
    found = review_shown(request, review_id)
    return page(request, "review", _context(request, found))


@needs(Permission.SEE_SUPPORT_REVIEW, Permission.SEE_OWN_SCHOOL, shows="the reviews of the school")
def school(request: SignedIn, urn: int) -> HttpResponse:
    """All reviews of a school that the reader may see, and the live proposal before the first."""
    reader = request.reader
    organisation = get_school_for(reader, urn)
    showed(request, [organisation.urn])
    reviews = list(history(reader, urn))
    standing = None if reviews else proposal_for(reader, urn)
    context = {
        "school": organisation,
        "steps": [steps_of(r, reader) for r in reviews],
        "live": standing.proposal if standing else None,
        "officer": reader.can(Permission.SEE_SUPPORT_REVIEW),
    }
    return page(request, "school", context)


@needs(Permission.SEE_OWN_SCHOOL, shows="the newest review of the school")
def own(request: SignedIn) -> HttpResponse:
    """The reader's own schools in the support review."""
    urns = sorted(request.reader.urns(Permission.SEE_OWN_SCHOOL))
    showed(request, urns)
    return page(request, "own", {"schools": newest_sent(request.partnership.pk, urns)})


@dataclass(frozen=True, slots=True)
class Said:
    """A reply as one reader sees it. ``confided`` is what it says in confidence, where the reader
    may read that; ``more`` is whether it says anything so."""

    view: str
    view_label: str
    text: str
    help_with: str
    at: datetime
    by: User
    confided: str
    more: bool


def said_to(reader: Reader, found: Review, reply: Reply) -> Said:
    """A reply for a template: what is not for the reader to read is not in it."""
    may = may_read_confidence(reader, found, reply)
    return Said(
        view=reply.view,
        view_label=reply.get_view_display(),
        text=reply.text,
        help_with=reply.help_with,
        at=reply.at,
        by=reply.by,
        confided=reply.in_confidence if may else "",
        more=bool(reply.in_confidence),
    )


def steps_of(found: Review, reader: Reader) -> dict[str, object]:
    """What a template shows of a review: its proposal, and each recorded step."""
    return {
        "review": found,
        "proposal": found.proposed,
        "replies": [said_to(reader, found, reply) for reply in found.replies.all()],
        "judgement": judgement_of(found),
        "decision": decision_of(found),
        "waiting": waiting_of(found, localdate()),
    }


def _context(request: SignedIn, found: Review) -> dict[str, object]:
    reader, urn = request.reader, found.organisation.urn
    state, facts = State(found.state), facts_of(found, localdate())

    def can(event: Event) -> bool:
        return (state, event) in TABLE and not why_not(state, event, facts)

    opens, judges = reader.can(Permission.OPEN_SUPPORT_REVIEW), reader.can(Permission.JUDGE)
    replies = urn in reader.urns(Permission.REPLY_FOR_SCHOOL)
    return {
        **steps_of(found, reader),
        "officer": reader.can(Permission.SEE_SUPPORT_REVIEW),
        "superseded": state is State.SUPERSEDED,
        "must_tell": opens and state is State.PROPOSED and bool(must_tell(facts)),
        "can_tell": opens and can(Event.TELL) and found.told_on is None,
        "can_send": opens and can(Event.SEND),
        "can_reply": replies and can(Event.REPLY),
        "can_judge": judges and can(Event.JUDGE),
        "can_decide": judges and can(Event.DECIDE),
        "why_no_judgement": why_not(state, Event.JUDGE, facts) if judges else "",
        "reply_days": policy_in_force().reply_days,
    }
