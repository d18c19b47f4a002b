"""Answering requests, for administrators: a person's data, erasure, disclosures, contacts."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from bridgehead.accounts.access import GET_AND_POST, POST, SignedIn, needs, showed
from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.rules import Denied, Permission
from bridgehead.people.queries import known_here
from bridgehead.records.access import check_can_erase, get_person_for
from bridgehead.records.actions import (
    erase_person,
    make_disclosure,
    make_person_file,
    set_contacts,
)
from bridgehead.records.actions.erasure import ADDRESS_ERASED, ERASED
from bridgehead.records.forms import ContactsForm, DisclosureForm, EraseForm, FindForm
from bridgehead.records.queries.addresses import somebody_at
from bridgehead.records.queries.changes import changes_of
from bridgehead.records.queries.disclosure import urns_known
from bridgehead.records.queries.people import is_erased
from bridgehead.records.queries.person import count_naming, counts_of
from bridgehead.records.rules import kinds
from bridgehead.records.views.addresses import address_page, after
from bridgehead.records.views.own import zip_response
from bridgehead.web.context import safeguarding


@needs(Permission.ANSWER_REQUESTS)
def requests(request: SignedIn) -> HttpResponse:
    """Where a request begins: whose data, or which records."""
    form = FindForm(request.GET if "email" in request.GET else None)
    if form.is_bound and form.is_valid():
        email, home = form.cleaned_data["email"], request.partnership.pk
        person = known_here(home, email)
        if person is not None:
            return redirect("records:person", person.pk)
        if somebody_at(email, home) is not None:
            return redirect(address_page(email))
        form.add_error("email", "Nobody of this partnership has that address, nor was it invited")
    return render(request, "records/requests.html", {"form": form})


@needs(Permission.ANSWER_REQUESTS)
def person(request: SignedIn, person_id: int) -> HttpResponse:
    """How much is held about somebody, and what can be done."""
    found = get_person_for(request.reader, person_id)
    context = {
        "person": found,
        "erased": is_erased(found),
        "counts": counts_of(found, request.partnership.pk),
        "naming": count_naming(found, request.partnership.pk),
    }
    return render(request, "records/person.html", context)


@needs(Permission.ANSWER_REQUESTS, methods=POST, shows="a person’s data in a file")
def person_file(request: SignedIn, person_id: int) -> HttpResponse:
    """All of it, as a ZIP."""
    found = get_person_for(request.reader, person_id)
    content, urns = make_person_file(person=found, by=request.reader)
    showed(request, urns)
    return zip_response(content, "held-about-a-person")


@needs(Permission.ANSWER_REQUESTS, methods=GET_AND_POST, shows="texts that name a person")
def erase(request: SignedIn, person_id: int) -> HttpResponse:
    """Ask why, let what will be changed be checked text by text, then erase."""
    found = get_person_for(request.reader, person_id)
    showed(request, ())
    try:
        check_can_erase(request.reader, found)
    except Denied as refusal:
        return render(
            request, "records/not_erased.html", {"person": found, "reason": refusal.reason}
        )
    form = EraseForm(request.POST or None)
    context = {"person": found, "form": form, "erased": is_erased(found)}
    if request.method != "POST" or not form.is_valid() or is_erased(found):
        return render(request, "records/erase.html", context)
    if request.POST.get("step") != "confirm":
        counts = counts_of(found, request.partnership.pk)
        stays = [kind for kind in kinds().values() if kind.fixed]
        changes = changes_of(found, request.partnership.pk)
        showed(request, (change.urn for change in changes.made))
        context |= {"counts": counts, "stays": stays, "why": form.cleaned_data["why"]}
        context |= {"changes": changes.made, "left": changes.left}
        return render(request, "records/check_erasure.html", context)
    done = erase_person(
        person=found,
        why=form.cleaned_data["why"],
        by=request.reader,
        leave=frozenset(request.POST.getlist("leave")),
    )
    return after(done)


@needs(Permission.ANSWER_REQUESTS)
def erased(request: SignedIn, number: int) -> HttpResponse:
    """What an erasure did, by its line in the ledger: it can be loaded again."""
    lines = AuditEntry.objects.filter(verb__in=(ERASED, ADDRESS_ERASED))
    line = get_object_or_404(lines, partnership_id=request.partnership.pk, number=number)
    return render(request, "records/erased.html", {"told": line.details, "number": number})


@needs(Permission.ANSWER_REQUESTS)
def disclosure(request: SignedIn) -> HttpResponse:
    """What is asked for."""
    return render(request, "records/disclosure.html", {"form": _form(request)})


@needs(Permission.ANSWER_REQUESTS, methods=POST, shows="records put together for a request")
def disclosure_file(request: SignedIn) -> HttpResponse:
    """The records, as a ZIP; or what was wrong with the question."""
    form = _form(request)
    if not form.is_valid():
        showed(request, ())
        return render(request, "records/disclosure.html", {"form": form})
    asked = form.cleaned_data
    content, urns = make_disclosure(
        topic=asked["topic"],
        keys=asked["kinds"],
        first=asked["first"],
        last=asked["last"],
        urns=asked["urns"],
        by=request.reader,
    )
    showed(request, urns)
    return zip_response(content, "disclosure")


@needs(Permission.ANSWER_REQUESTS, methods=GET_AND_POST)
def contacts(request: SignedIn) -> HttpResponse:
    """Whom to call about a child."""
    form = ContactsForm(request.POST or None, initial=safeguarding(request))
    if request.method == "POST" and form.is_valid():
        set_contacts(**form.cleaned_data, by=request.reader)
        return redirect("records:requests")
    return render(request, "records/contacts.html", {"form": form})


def _form(request: SignedIn) -> DisclosureForm:
    return DisclosureForm(request.POST or None, known=urns_known(request.partnership.pk))
