"""Opening a round, sending its proposals, and the rounds so far."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs
from bridgehead.accounts.rules import Permission
from bridgehead.core.home import home
from bridgehead.monitoring import actions
from bridgehead.monitoring.access import check_can_open, get_round_for
from bridgehead.monitoring.forms import OpenRoundForm, SendForm
from bridgehead.monitoring.queries import (
    can_be_sent,
    current_picture,
    current_round,
    policy_in_force,
    round_rows,
    rounds,
)
from bridgehead.monitoring.rules.states import Waiting
from bridgehead.monitoring.views.frame import not_now, page, take_step
from bridgehead.schools.rules import calendar

_BOARD = "monitoring:board"


@needs(Permission.OPEN_SUPPORT_REVIEW, methods=GET_AND_POST)
def open_round(request: SignedIn) -> HttpResponse:
    """Open a round for every school of the partnership."""
    check_can_open(request.reader, request.partnership.pk)
    picture = current_picture()
    if picture is None:
        return not_now(
            request, "There is no picture yet: nothing has been loaded.", reverse(_BOARD)
        )

    def make(data: Any = None) -> OpenRoundForm:
        return OpenRoundForm(data, initial={"name": next_term()})

    def act(said: dict[str, Any]) -> str:
        opened = actions.open_round(
            partnership=request.partnership,
            name=said["name"],
            picture=picture,
            token=said["token"],
            by=request.reader,
        )
        return reverse("monitoring:round", args=[opened.pk])

    context = {
        "back": reverse(_BOARD),
        "button": "Open the support review",
        "picture": picture,
        "policy": policy_in_force(),
        "current": current_round(request.partnership.pk),
    }
    return take_step(request, "open_round", context, make, act)


@needs(Permission.SEE_SUPPORT_REVIEW)
def one_round(request: SignedIn, round_id: int) -> HttpResponse:
    """A round: what was opened, how far it is, and what to do next."""
    found = get_round_for(request.reader, round_id)
    waiting = [row.waiting for row in round_rows(found.pk)]
    context = {
        "round": found,
        "total": len(waiting),
        "waiting": [(w, waiting.count(w)) for w in Waiting],
        "complete": waiting.count(None),
        "to_send": waiting.count(Waiting.SENDING),
        "to_tell": waiting.count(Waiting.TELLING),
        "can_open": request.reader.can(Permission.OPEN_SUPPORT_REVIEW),
    }
    return page(request, "round", context)


@needs(Permission.OPEN_SUPPORT_REVIEW, methods=GET_AND_POST)
def send_round(request: SignedIn, round_id: int) -> HttpResponse:
    """Send every proposal of a round that may be sent."""
    found = get_round_for(request.reader, round_id)
    check_can_open(request.reader, found.partnership_id)
    back = reverse("monitoring:round", args=[found.pk])
    ready = can_be_sent(found)
    if not ready and request.POST.get("step") != "confirm":
        return not_now(request, "No proposal of this round is ready to be sent.", back)

    def act(_: dict[str, Any]) -> str:
        actions.send(reviews=ready, by=request.reader)
        return back

    days = policy_in_force().reply_days
    context = {
        "back": back,
        "button": "Send the proposals",
        "round": found,
        "ready": len(ready),
        "days": days,
        "reply_by": calendar(home()).add_school_days(localdate(), days),
    }
    return take_step(request, "send_round", context, SendForm, act)


@needs(Permission.SEE_SUPPORT_REVIEW)
def all_rounds(request: SignedIn) -> HttpResponse:
    """The rounds so far."""
    context = {
        "rounds": rounds(request.partnership.pk),
        "can_open": request.reader.can(Permission.OPEN_SUPPORT_REVIEW),
    }
    return page(request, "rounds", context)


def next_term() -> str:
    """A name for a round opened today: the term that it is."""
    today = localdate()
    term = "Spring" if today.month < 4 else "Summer" if today.month < 9 else "Autumn"
    return f"{term} term {today.year}"
