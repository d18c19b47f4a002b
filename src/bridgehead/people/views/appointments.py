"""Everybody who is appointed, for administrators; ending an appointment."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs
from bridgehead.accounts.queries import first_password_address
from bridgehead.accounts.rules import Permission, Reader
from bridgehead.people.access import get_appointment_for, get_appointment_to_end
from bridgehead.people.actions import (
    Misplaced,
    NotHere,
    appoint_newcomer,
    end_appointment,
    send_first_password,
)
from bridgehead.people.forms import AppointForm
from bridgehead.people.queries import appointments, invitations, made_known_here, shown_on_page
from bridgehead.people.rules import roles
from bridgehead.schools.models import Organisation, Partnership


def list_of(reader: Reader, organisation: Organisation | None) -> str:
    """The list of people that a reader comes from: everybody's for an administrator, that of the
    own school for its head."""
    if reader.can(Permission.MANAGE_PEOPLE) or organisation is None or organisation.urn is None:
        return reverse("people:list")
    return reverse("people:own", args=[organisation.urn])


@needs(Permission.MANAGE_PEOPLE)
def people(request: SignedIn) -> HttpResponse:
    """Everybody who is, was or will be appointed here."""
    ended = "ended" in request.GET
    found = appointments(request.partnership.pk, day=localdate(), ended=ended)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    asked = invitations(request.partnership.pk, localdate())
    context = {"page": page, "ended": ended, "invitations": [] if ended else asked}
    return render(request, "people/list.html", context)


@needs(Permission.MANAGE_PEOPLE, methods=GET_AND_POST)
def appoint_person(request: SignedIn) -> HttpResponse:
    """Appoint somebody, who is made known to the site where need be."""
    asked = {key: request.GET[key] for key in ("role", "group") if key in request.GET}
    initial = {"starts": localdate(), **asked}
    form = AppointForm(request.POST or None, partnership=request.partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            appointment = appoint_newcomer(
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                organisation=form.cleaned_data["organisation"],
                group=form.cleaned_data["group"],
                starts=form.cleaned_data["starts"],
                ends=form.cleaned_data["ends"],
                partnership=request.partnership,
                by=request.reader,
            )
            return redirect("people:appointed", appointment.pk)
        except Misplaced as refusal:
            form.add_error(None, str(refusal))
        except NotHere as refusal:
            form.add_error("email", str(refusal))
    return render(request, "people/appoint.html", {"form": form})


@needs(Permission.MANAGE_PEOPLE, methods=GET_AND_POST)
def appointed(request: SignedIn, appointment_id: int) -> HttpResponse:
    """What was done. For somebody who has never signed in and has no password: the link to hand
    over, or a button that sends it."""
    appointment = get_appointment_for(request.reader, appointment_id)
    address = first_password_address(appointment.person)
    link = request.build_absolute_uri(address) if address else ""
    on_page = shown_on_page(request.partnership.pk)
    sends, sent = bool(link) and not on_page, None
    if request.method == "POST" and sends:
        sent = send_first_password(appointment=appointment, link=link, by=request.reader)
    context = {
        "appointment": appointment,
        "role": roles().get(appointment.role),
        "link": link if on_page and made_known_here(appointment) else "",
        "waits": bool(link) and on_page and not made_known_here(appointment),
        "sends": sends,
        "sent": sent,
        "shared": Partnership.objects.exclude(pk=request.partnership.pk).exists(),
    }
    return render(request, "people/appointed.html", context)


@needs(Permission.MANAGE_PEOPLE, Permission.MANAGE_OWN_PEOPLE, methods=GET_AND_POST)
def end(request: SignedIn, appointment_id: int) -> HttpResponse:
    """Ask, then end an appointment: for administrators any, for a head those of the own school."""
    appointment = get_appointment_to_end(request.reader, appointment_id)
    back = list_of(request.reader, appointment.organisation)
    if request.method == "POST":
        end_appointment(appointment=appointment, by=request.reader)
        return redirect("people:end", appointment.pk)
    context = {
        "appointment": appointment,
        "role": roles().get(appointment.role),
        "back": back,
        "ended": appointment.ends is not None and appointment.ends <= localdate(),
    }
    return render(request, "people/end.html", context)
