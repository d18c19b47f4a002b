"""Where a school stands in the support review, for the side of its page."""

from dataclasses import dataclass

from django.urls import reverse

from bridgehead.accounts.rules import Reader
from bridgehead.monitoring.queries import Standing, decision_of, proposal_for
from bridgehead.monitoring.rules import State
from bridgehead.web import words


@dataclass(frozen=True, slots=True)
class Box:
    """What is proposed and whether anything is decided, in words."""

    title: str
    because: str
    href: str
    state: str
    following: str
    waits_for_school: bool


def box(reader: Reader, urn: int) -> Box | None:
    """What the reader may know of the school's review; None where that is nothing."""
    standing = proposal_for(reader, urn)
    if standing is None:
        return None
    decides = [b.words for b in standing.proposal.because if b.decides]
    state, following = _state(standing)
    review = standing.review
    return Box(
        title=f"Proposed: {standing.proposal.outcome.value}",
        because=next(iter(decides or [b.words for b in standing.proposal.because]), ""),
        href=reverse("monitoring:review", args=[review.pk])
        if review
        else reverse("monitoring:school", args=[urn]),
        state=state,
        following=following,
        waits_for_school=review is not None and review.state == State.SENT.value,
    )


#: Whether anything is decided, and what follows, by where the review stands.
_STATES = {
    State.PROPOSED: ("Nothing decided.", "The proposal has not been sent to the school yet."),
    State.SENT: ("Nothing decided yet.", "The school has until {reply_by} to reply."),
    State.REPLIED: ("Nothing decided yet.", "The school has replied; a named person judges next."),
    State.JUDGED: ("Judged.", "The support that results has not been recorded yet."),
    State.DECIDED: ("Decided: {support}.", "It is looked at again on {again}."),
    State.SUPERSEDED: ("Superseded.", "A newer review has taken its place."),
}
_LIVE = ("Nothing decided.", "This is what the figures propose today; nobody has been asked yet.")


def _state(standing: Standing) -> tuple[str, str]:
    review = standing.review
    if review is None:
        return _LIVE
    decision = decision_of(review)
    said = {
        "reply_by": words.day(review.reply_by),
        "support": decision.label if decision else "",
        "again": words.day(decision.review_on) if decision else "",
    }
    state, following = _STATES[State(review.state)]
    return state.format(**said), following.format(**said)
