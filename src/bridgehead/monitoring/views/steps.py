"""The steps of a review, each typed, checked and taken by a named person."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs
from bridgehead.accounts.rules import Permission
from bridgehead.core.home import home
from bridgehead.monitoring import actions
from bridgehead.monitoring.access import (
    check_can_judge,
    check_can_open,
    check_can_reply,
)
from bridgehead.monitoring.forms import (
    LATER,
    NO_REPLY,
    JudgeForm,
    ReplyForm,
    SendForm,
    SupportForm,
    TellForm,
)
from bridgehead.monitoring.models import Review
from bridgehead.monitoring.queries import (
    decision_of,
    facts_of,
    judgement_of,
    policy_in_force,
)
from bridgehead.monitoring.rules import Event, Outcome, State
from bridgehead.monitoring.rules.states import why_not
from bridgehead.monitoring.views.frame import not_now, page, review_shown, take_step
from bridgehead.monitoring.views.reviews import steps_of
from bridgehead.people.queries import holders
from bridgehead.schools.rules import calendar


@needs(
    Permission.OPEN_SUPPORT_REVIEW,
    methods=GET_AND_POST,
    shows="a review, to tell the school",
)
def tell(request: SignedIn, review_id: int) -> HttpResponse:
    """Record that head and chair have been told together."""
    found = review_shown(request, review_id)
    check_can_open(request.reader, found.partnership_id)
    if found.told_on is not None and request.method != "POST":
        return not_now(request, "Head and chair have been told already.", _at(found))
    if refusal := _refusal(request, found, Event.TELL):
        return not_now(request, refusal, _at(found))

    def act(said: dict[str, Any]) -> str:
        actions.tell(review=found, on=said["on"], how=said["how"], by=request.reader)
        return _done(found, "told")

    return take_step(
        request, "tell", _context(request, found, "Record that you told them"), TellForm, act
    )


@needs(
    Permission.OPEN_SUPPORT_REVIEW,
    methods=GET_AND_POST,
    shows="a review, to send its proposal",
)
def send(request: SignedIn, review_id: int) -> HttpResponse:
    """Send one proposal to its school."""
    found = review_shown(request, review_id)
    check_can_open(request.reader, found.partnership_id)
    if refusal := _refusal(request, found, Event.SEND):
        return not_now(request, refusal, _at(found))

    def act(_: dict[str, Any]) -> str:
        actions.send(reviews=[found], by=request.reader)
        return _done(found, "sent")

    days = policy_in_force().reply_days
    context = _context(request, found, "Send the proposal") | {
        "days": days,
        "reply_by": calendar(home()).add_school_days(localdate(), days),
    }
    return take_step(request, "send", context, SendForm, act)


@needs(Permission.REPLY_FOR_SCHOOL, methods=GET_AND_POST, shows="a review, to reply to it")
def reply(request: SignedIn, review_id: int) -> HttpResponse:
    """The school's view."""
    found = review_shown(request, review_id)
    check_can_reply(request.reader, found)
    if refusal := _refusal(request, found, Event.REPLY):
        return not_now(request, refusal, _at(found))

    people = holders(found.partnership_id, Permission.SEE_SUPPORT_REVIEW, localdate())

    def make(data: Any = None) -> ReplyForm:
        return ReplyForm(data, people=people)

    def act(said: dict[str, Any]) -> str:
        actions.reply(
            review=found,
            view=said["view"],
            text=said["text"],
            help_with=said["help_with"],
            in_confidence=said["in_confidence"],
            confided_to=said["confided_to"],
            token=said["token"],
            by=request.reader,
        )
        return _done(found, "replied")

    context = _context(request, found, "Send your reply")
    return take_step(request, "reply", context, make, act)


@needs(Permission.JUDGE, methods=GET_AND_POST, shows="a review, to judge it")
def judge(request: SignedIn, review_id: int) -> HttpResponse:
    """The professional's judgement and, at once or later, the resulting support."""
    found = review_shown(request, review_id)
    check_can_judge(request.reader, found.partnership_id)
    if refusal := _refusal(request, found, Event.JUDGE):
        return not_now(request, refusal, _at(found))
    policy, proposed = policy_in_force(), Outcome(found.outcome)

    def make(data: Any = None) -> JudgeForm:
        told = found.told_on is not None
        return JudgeForm(data, policy=policy, proposed=proposed, told=told)

    @transaction.atomic
    def act(said: dict[str, Any]) -> str:
        actions.judge(
            review=found,
            outcome=Outcome(said["outcome"]),
            reasons=said["reasons"],
            heard=said["heard"],
            token=said["token"],
            by=request.reader,
        )
        if said["category"] != LATER:
            _decide(request, found, said)
        return _done(found, "judged" if said["category"] == LATER else "decided")

    context = _context(request, found, "Record the judgement")
    # Always of the replies that this page shows, never of those that an earlier one showed.
    newest = next(iter(found.replies.all()), None)
    context["heard"] = newest.pk if newest else NO_REPLY
    return take_step(request, "judge", context, make, act)


@needs(Permission.JUDGE, methods=GET_AND_POST, shows="a review, to decide the support")
def decide(request: SignedIn, review_id: int) -> HttpResponse:
    """The resulting support, where the judgement was recorded before."""
    found = review_shown(request, review_id)
    check_can_judge(request.reader, found.partnership_id)
    if refusal := _refusal(request, found, Event.DECIDE):
        return not_now(request, refusal, _at(found))
    judgement = judgement_of(found)
    if judgement is None:
        refusal = why_not(State(found.state), Event.DECIDE, facts_of(found, localdate()))
        return not_now(request, refusal, _at(found))
    policy, judged = policy_in_force(), Outcome(judgement.outcome)

    def make(data: Any = None) -> SupportForm:
        return SupportForm(data, policy=policy, judged=judged)

    def act(said: dict[str, Any]) -> str:
        _decide(request, found, said)
        return _done(found, "decided")

    return take_step(request, "decide", _context(request, found, "Record the support"), make, act)


@needs(
    Permission.SEE_SUPPORT_REVIEW, Permission.SEE_OWN_SCHOOL, shows="a recorded step of a review"
)
def done(request: SignedIn, review_id: str, what: str) -> HttpResponse:
    """What was recorded, its reference, and what happens next. It can be opened again later; a step
    that has not been taken has no such page."""
    found = review_shown(request, int(review_id))
    if not _taken(found)[what]:
        raise Http404("This step has not been taken.")
    return page(request, "done", {**steps_of(found, request.reader), "what": what})


def _taken(found: Review) -> dict[str, bool]:
    """Which steps of a review have been taken, by their names in addresses."""
    return {
        "told": found.told_on is not None,
        "sent": found.sent_at is not None,
        "replied": bool(found.replies.all()),
        "judged": judgement_of(found) is not None,
        "decided": decision_of(found) is not None,
    }


def _decide(request: SignedIn, found: Review, said: dict[str, Any]) -> None:
    actions.decide(
        review=found,
        category=said["category"],
        reasons=said["support_reasons"],
        review_on=said["review_on"],
        token=said["token"],
        by=request.reader,
    )


def _refusal(request: SignedIn, found: Review, event: Event) -> str:
    """Why the step cannot be begun now. A press of the last button is left to the action,
    which knows by its token whether the step has been taken already."""
    if request.POST.get("step") == "confirm":
        return ""
    return why_not(State(found.state), event, facts_of(found, localdate()))


def _context(request: SignedIn, found: Review, button: str) -> dict[str, Any]:
    return {**steps_of(found, request.reader), "button": button, "back": _at(found)}


def _at(found: Review) -> str:
    return reverse("monitoring:review", args=[found.pk])


def _done(found: Review, what: str) -> str:
    return reverse("monitoring:done", args=[found.pk, what])
