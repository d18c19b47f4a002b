"""Requests of somebody without an account, for administrators: found by an address alone."""

from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from bridgehead.accounts.access import GET_AND_POST, POST, SignedIn, needs, showed
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import Permission
from bridgehead.people.queries import known_here
from bridgehead.records.actions import Erased, erase_address, make_person_file
from bridgehead.records.forms import EraseForm, FindForm
from bridgehead.records.queries.addresses import somebody_at
from bridgehead.records.queries.changes import invitations_to
from bridgehead.records.queries.person import count_naming, counts_of
from bridgehead.records.views.own import zip_response


def address_page(email: str) -> str:
    """Where it stands what is held under an address."""
    return f"{reverse('records:address')}?{urlencode({'email': email})}"


def after(done: Erased) -> HttpResponse:
    """Where an erasure leads: to what it did, or, where somebody else had done it, to requests."""
    if done.line is None:
        return redirect("records:requests")
    return redirect("records:erased", done.line)


@needs(Permission.ANSWER_REQUESTS, methods=GET_AND_POST)
def address(request: SignedIn) -> HttpResponse:
    """What is held under an address, what erasing it changes, and erasing it."""
    found = _somebody(request, request.GET)
    if found is None:
        return redirect("records:requests")
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = erase_address(address=found.email, why=form.cleaned_data["why"], by=request.reader)
        return after(done)
    home = request.partnership.pk
    context = {
        "person": found,
        "form": form,
        "counts": counts_of(found, home),
        "naming": count_naming(found, home),
        "changes": invitations_to(found.email, {home}),
    }
    return render(request, "records/address.html", context)


@needs(Permission.ANSWER_REQUESTS, methods=POST, shows="a person’s data in a file")
def address_file(request: SignedIn) -> HttpResponse:
    """All of it, as a ZIP."""
    found = _somebody(request, request.POST)
    if found is None:
        return redirect("records:requests")
    content, urns = make_person_file(person=found, by=request.reader)
    showed(request, urns)
    return zip_response(content, "held-about-a-person")


def _somebody(request: SignedIn, said: QueryDict) -> User | None:
    """Whose address it is, where nobody of this partnership signs in with it."""
    form = FindForm(said)
    if not form.is_valid() or known_here(request.partnership.pk, form.cleaned_data["email"]):
        return None
    return somebody_at(form.cleaned_data["email"], request.partnership.pk)
