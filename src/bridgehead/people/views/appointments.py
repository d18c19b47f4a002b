"""People and their appointments, the role acted in, and who can see what."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs, public
from bridgehead.accounts.queries import first_password_address
from bridgehead.accounts.rules import Permission
from bridgehead.people.access import get_appointment_for
from bridgehead.people.actions import appoint_newcomer, end_appointment
from bridgehead.people.forms import AppointForm, RoleForm
from bridgehead.people.middleware import ACTING_AS
from bridgehead.people.queries import appointments, made_known_here
from bridgehead.people.reference import duties, table
from bridgehead.people.rules import roles


@needs(Permission.MANAGE_PEOPLE)
def people(request: SignedIn) -> HttpResponse:
    """Everybody who is, was or will be appointed here."""
    ended = "ended" in request.GET
    found = appointments(request.partnership.pk, day=localdate(), ended=ended)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "ended": ended}
    return render(request, "people/list.html", context)


@needs(Permission.MANAGE_PEOPLE, methods=GET_AND_POST)
def appoint_person(request: SignedIn) -> HttpResponse:
    """Appoint somebody, who is made known to the site where need be."""
    form = AppointForm(request.POST or None, partnership=request.partnership)
    if request.method == "POST" and form.is_valid():
        appointment = appoint_newcomer(
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            organisation=form.cleaned_data["school"],
            partnership=request.partnership,
            by=request.reader,
        )
        return redirect("people:appointed", appointment.pk)
    return render(request, "people/appoint.html", {"form": form})


@needs(Permission.MANAGE_PEOPLE)
def appointed(request: SignedIn, appointment_id: int) -> HttpResponse:
    """What was done, and the link to hand over to somebody who has no password yet."""
    appointment = get_appointment_for(request.reader, appointment_id)
    person = appointment.person
    handed_over = not person.has_usable_password() and made_known_here(appointment)
    address = first_password_address(person) if handed_over else ""
    context = {
        "appointment": appointment,
        "role": roles().get(appointment.role),
        "link": request.build_absolute_uri(address) if address else "",
        "waits": not person.has_usable_password() and not address,
    }
    return render(request, "people/appointed.html", context)


@needs(Permission.MANAGE_PEOPLE, methods=GET_AND_POST)
def end(request: SignedIn, appointment_id: int) -> HttpResponse:
    """Ask, then end an appointment."""
    appointment = get_appointment_for(request.reader, appointment_id)
    if request.method == "POST":
        end_appointment(appointment=appointment, by=request.reader)
        return redirect("people:list")
    context = {"appointment": appointment, "role": roles().get(appointment.role)}
    return render(request, "people/end.html", context)


@needs(methods=GET_AND_POST)
def choose_role(request: SignedIn) -> HttpResponse:
    """The reader's own appointments, and a choice where there are several."""
    held = list(request.held)
    form = RoleForm(
        request.POST or None, held=held, initial={"acting_as": request.session.get(ACTING_AS)}
    )
    if request.method == "POST" and form.is_valid():
        request.session[ACTING_AS] = form.cleaned_data["acting_as"]
        return redirect("/")
    return render(request, "people/role.html", {"form": form, "held": held})


@needs()
def signed_in(request: SignedIn) -> HttpResponse:
    """Where people arrive: those with several roles choose one first."""
    return redirect("people:choose-role" if len(request.held) > 1 else "/")


@public
def who_can_see(request: HttpRequest) -> HttpResponse:
    """What each role can see and do."""
    held = list(roles().values())
    context = {"roles": [(role, duties(role)) for role in held], "table": table()}
    return render(request, "people/who_can_see.html", context)
