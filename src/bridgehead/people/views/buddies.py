"""New heads ask for a buddy; a broker names an experienced head."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs
from bridgehead.accounts.rules import Permission
from bridgehead.people.access import get_buddy_request_for
from bridgehead.people.actions import ask_for_buddy, name_buddy
from bridgehead.people.forms import BuddyForm
from bridgehead.people.queries import (
    buddy_request,
    buddy_requests,
    buddy_to,
    experienced_heads,
    new_headship,
)


@needs(Permission.ASK_FOR_BUDDY, methods=GET_AND_POST)
def buddy(request: SignedIn) -> HttpResponse:
    """A head's own buddy: asked for, waited for or named; and the new heads whose buddy one is."""
    own = new_headship(request.reader, localdate())
    if request.method == "POST" and own is not None:
        ask_for_buddy(by=request.reader)
        return redirect("people:buddy")
    context = {
        "own": own,
        "asked": buddy_request(own) if own else None,
        "buddy_to": buddy_to(request.reader),
    }
    return render(request, "people/buddy.html", context)


@needs(Permission.NAME_BUDDY)
def buddies(request: SignedIn) -> HttpResponse:
    """Which new heads have asked, and who was named."""
    context = {"requests": buddy_requests(request.partnership.pk)}
    return render(request, "people/buddies.html", context)


@needs(Permission.NAME_BUDDY, methods=GET_AND_POST)
def name(request: SignedIn, request_id: int) -> HttpResponse:
    """Name an experienced head, or another one."""
    asked = get_buddy_request_for(request.reader, request_id)
    heads = experienced_heads(asked, localdate())
    form = BuddyForm(request.POST or None, heads=heads, initial={"buddy": asked.buddy_id})
    if request.method == "POST" and form.is_valid():
        name_buddy(request=asked, buddy=form.cleaned_data["buddy"], by=request.reader)
        return redirect("people:buddies")
    return render(request, "people/name_buddy.html", {"form": form, "asked": asked})
