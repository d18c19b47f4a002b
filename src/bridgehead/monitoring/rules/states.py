"""The states of a review, as a table, and the two guards: told before sent, heard before judged."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from bridgehead.monitoring.rules.model import Outcome


class State(StrEnum):
    """Where a review stands."""

    PROPOSED = "proposed"
    SENT = "sent"
    REPLIED = "replied"
    JUDGED = "judged"
    DECIDED = "decided"
    SUPERSEDED = "superseded"


class Event(StrEnum):
    """What a person does to a review."""

    TELL = "tell head and chair"
    SEND = "send to the school"
    REPLY = "reply for the school"
    JUDGE = "record a judgement"
    DECIDE = "record the resulting support"
    SUPERSEDE = "supersede by a newer round"


#: (state, event) → the state after it.
TABLE: dict[tuple[State, Event], State] = {
    (State.PROPOSED, Event.TELL): State.PROPOSED,
    (State.PROPOSED, Event.SEND): State.SENT,
    # Telling is needed later too, where the judgement will be more than was proposed.
    (State.SENT, Event.TELL): State.SENT,
    (State.REPLIED, Event.TELL): State.REPLIED,
    (State.SENT, Event.REPLY): State.REPLIED,
    # A later reply is added to the first one; none replaces another.
    (State.REPLIED, Event.REPLY): State.REPLIED,
    (State.SENT, Event.JUDGE): State.JUDGED,
    (State.REPLIED, Event.JUDGE): State.JUDGED,
    (State.JUDGED, Event.DECIDE): State.DECIDED,
    (State.PROPOSED, Event.SUPERSEDE): State.SUPERSEDED,
    (State.SENT, Event.SUPERSEDE): State.SUPERSEDED,
    (State.REPLIED, Event.SUPERSEDE): State.SUPERSEDED,
    (State.JUDGED, Event.SUPERSEDE): State.SUPERSEDED,
}

#: Why an event is not possible in a state. Every pair stands here or in TABLE, never in both.
REFUSED: dict[tuple[State, Event], str] = {
    (State.PROPOSED, Event.REPLY): "The proposal has not been sent to the school yet.",
    (State.PROPOSED, Event.JUDGE): "The school has not seen the proposal yet.",
    (State.PROPOSED, Event.DECIDE): "There is no judgement yet.",
    (State.SENT, Event.SEND): "The school has the proposal already.",
    (State.SENT, Event.DECIDE): "There is no judgement yet.",
    (State.REPLIED, Event.SEND): "The school has replied already.",
    (State.REPLIED, Event.DECIDE): "There is no judgement yet.",
    (State.JUDGED, Event.TELL): "The judgement has been recorded.",
    (State.JUDGED, Event.SEND): "The judgement has been recorded.",
    (
        State.JUDGED,
        Event.REPLY,
    ): "The judgement has been recorded. Ask for it to be looked at again.",
    (State.JUDGED, Event.JUDGE): "The judgement has been recorded already.",
    **{
        (State.DECIDED, event): "The review is complete. A new round reviews the school again."
        for event in Event
    },
    **{(State.SUPERSEDED, event): "A newer round has replaced this review." for event in Event},
}


class NotNow(Exception):
    """The event is not possible now. The text says why, in words for a person."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at. ``told`` is whether head and chair have been told together;
    ``reply_by`` the last day on which the school can reply, None before it is sent."""

    outcome: Outcome
    told: bool
    reply_by: date | None
    today: date


def must_tell(facts: Facts) -> str:
    """A priority proposal is told to head and chair together by a named person before it goes."""
    if facts.outcome is Outcome.PRIORITY and not facts.told:
        return (
            "A proposal of priority support is told to the head and the chair of governors "
            "together, by a named person, before anything is sent. Record that first."
        )
    return ""


def must_be_heard(facts: Facts) -> str:
    """Without a reply, judgement waits until the days for replying have passed."""
    if facts.reply_by is None or facts.today <= facts.reply_by:
        until = f" until {facts.reply_by:%-d %B %Y}" if facts.reply_by else ""
        return f"The school has not replied, and can{until}. Judgement waits for that."
    return ""


def must_tell_before_judging(judged: Outcome, told: bool) -> str:
    """No judgement of priority support reaches a school whose head and chair have not been told."""
    if judged is Outcome.PRIORITY and not told:
        return (
            "Priority support is told to the head and the chair of governors together before it is "
            "judged. Record on the page of the review that you told them, then judge."
        )
    return ""


#: Guards of an event in a state: each gives the reason against, or nothing.
GUARDS = {
    (State.PROPOSED, Event.SEND): must_tell,
    (State.SENT, Event.JUDGE): must_be_heard,
}


def why_not(state: State, event: Event, facts: Facts) -> str:
    """Why an event is not possible now; empty where it is."""
    if refusal := REFUSED.get((state, event)):
        return refusal
    guard = GUARDS.get((state, event))
    return guard(facts) if guard else ""


def next_state(state: State, event: Event, facts: Facts) -> State:
    """The state after an event. Raises ``NotNow`` where the table or a guard refuses it."""
    if reason := why_not(state, event, facts):
        raise NotNow(reason)
    return TABLE[state, event]


class Waiting(StrEnum):
    """What a review waits for, in the words of the board."""

    TELLING = "head and chair to be told"
    SENDING = "sending to the school"
    SCHOOL = "the school's view"
    JUDGEMENT = "a judgement"
    SUPPORT = "the resulting support"


@lru_cache(maxsize=4096)
def waiting_for(state: State, facts: Facts) -> Waiting | None:
    """What a review waits for; None when it is complete or superseded."""
    if state is State.PROPOSED:
        return Waiting.TELLING if must_tell(facts) else Waiting.SENDING
    if state is State.SENT:
        return Waiting.SCHOOL if must_be_heard(facts) else Waiting.JUDGEMENT
    return {State.REPLIED: Waiting.JUDGEMENT, State.JUDGED: Waiting.SUPPORT}.get(state)
