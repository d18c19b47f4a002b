"""Inviting people by e-mail, and accepting an invitation."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.timezone import localdate

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs, public
from bridgehead.accounts.forms import FirstPasswordForm
from bridgehead.accounts.models import User
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import Permission
from bridgehead.people.access import get_invitation_for, get_own_school_for
from bridgehead.people.actions import Misplaced, NotOpen, accept, deliver, invite, withdraw
from bridgehead.people.actions.invitations import check_open
from bridgehead.people.forms import AppointForm, InviteForm
from bridgehead.people.models import Invitation
from bridgehead.people.queries import (
    at_school,
    invitation_address,
    invitation_at,
    invitations,
    shown_on_page,
)
from bridgehead.people.rules import INVITATION_DAYS, roles
from bridgehead.people.views.appointments import list_of
from bridgehead.schools.models import Partnership

_BOTH = (Permission.MANAGE_PEOPLE, Permission.MANAGE_OWN_PEOPLE)


@needs(Permission.MANAGE_PEOPLE, methods=GET_AND_POST)
def invite_person(request: SignedIn) -> HttpResponse:
    """An administrator invites somebody to any role."""
    form = AppointForm(request.POST or None, partnership=request.partnership)
    return _invite(request, form, {"back": reverse("people:list")})


@needs(Permission.MANAGE_OWN_PEOPLE)
def own_people(request: SignedIn, urn: int) -> HttpResponse:
    """The people of the head's own school: who is appointed, who was, and who is invited."""
    school, today = get_own_school_for(request.reader, urn), localdate()
    appointed = list(at_school(request.partnership.pk, urn))
    lesser = {key for key, role in roles().items() if role.head_invites}
    context = {
        "school": school,
        "now": [
            (a, a.role in lesser and a.person_id != request.reader.user_id)
            for a in appointed
            if a.ends is None or a.ends > today
        ],
        "before": [a for a in appointed if a.ends is not None and a.ends <= today],
        "invitations": invitations(request.partnership.pk, today).filter(
            organisation=school, role__in=lesser
        ),
    }
    return render(request, "people/own.html", context)


@needs(Permission.MANAGE_OWN_PEOPLE, methods=GET_AND_POST)
def invite_own(request: SignedIn, urn: int) -> HttpResponse:
    """A head invites somebody to a role of the own school."""
    school = get_own_school_for(request.reader, urn)
    back = reverse("people:own", args=[urn])
    return _invite(request, InviteForm(request.POST or None), {"back": back, "school": school})


@needs(*_BOTH)
def invited(request: SignedIn, invitation_id: int) -> HttpResponse:
    """What was sent; where no e-mail went out, the link for an administrator to hand over."""
    invitation = get_invitation_for(request.reader, invitation_id)
    open_ = invitation.accepted_at is None and invitation.withdrawn_at is None
    on_page = shown_on_page(request.partnership.pk)
    hands_over = open_ and not invitation.sent_at and request.reader.can(Permission.MANAGE_PEOPLE)
    address = invitation_address(invitation) if hands_over and on_page else ""
    context = {
        "invitation": invitation,
        "open": open_,
        "link": request.build_absolute_uri(address) if address else "",
        "on_page": on_page,
        "shared": Partnership.objects.exclude(pk=request.partnership.pk).exists(),
        "back": list_of(request.reader, invitation.organisation),
        "days": INVITATION_DAYS,
    }
    return render(request, "people/invited.html", context)


@needs(*_BOTH, methods=GET_AND_POST)
def withdraw_invitation(request: SignedIn, invitation_id: int) -> HttpResponse:
    """Ask, then take an invitation back."""
    invitation = get_invitation_for(request.reader, invitation_id)
    back = list_of(request.reader, invitation.organisation)
    if request.method == "POST":
        withdraw(invitation=invitation, by=request.reader)
        return redirect(back)
    return render(request, "people/withdraw.html", {"invitation": invitation, "back": back})


def _invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads. Somebody new sets a password; somebody who is known
    signs in first; a link that was used or has ended says so, but to whoever accepted by it."""
    partnership = cast(SignedIn, request).partnership
    invitation = invitation_at(token, partnership.pk) if partnership else None
    if invitation is None:
        raise Http404("There is no such invitation.")
    person = _signed_in(request)
    if invitation.accepted_at is not None and person and person.email == invitation.email:
        return redirect("people:signed-in")
    try:
        check_open(invitation)
        return _accept(request, invitation)
    except (NotOpen, Misplaced) as refusal:
        context = {"reason": str(refusal)}
        return render(request, "people/invitation_over.html", context, status=410)


accept_invitation = public(methods=GET_AND_POST)(_invitation)


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """One page and one answer for an address that is known here and for one that is not: whoever
    holds the link must not learn from it whether another partnership knows the person."""
    known, signed_in = person_at(invitation.email), _signed_in(request)
    right = signed_in is not None and signed_in == known
    context = {
        "invitation": invitation,
        "role": roles().get(invitation.role),
        "signed_in": signed_in,
        "right": right,
    }
    if signed_in is not None:
        if right and request.method == "POST":
            accept(invitation=invitation, person=signed_in)
            return redirect("people:signed-in")
        return render(request, "people/accept.html", context)
    newcomer = User(email=invitation.email, name=invitation.name)
    form = FirstPasswordForm(newcomer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if known is None:
            accept(
                invitation=invitation, person=None, password=str(form.cleaned_data["new_password1"])
            )
        # A password of somebody known stays: that person signs in with it, and accepts then.
        return redirect_to_login(request.path, resolve_url(settings.LOGIN_URL))
    return render(request, "people/accept.html", context | {"form": form})


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _invite(
    request: SignedIn, form: AppointForm | InviteForm, context: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = invite(
                name=said["name"],
                email=said["email"],
                role=said["role"],
                organisation=context.get("school") or said.get("organisation"),
                group=said.get("group"),
                starts=said["starts"],
                ends=said["ends"],
                partnership=request.partnership,
                by=request.reader,
            )
        except Misplaced as refusal:
            form.add_error(None, str(refusal))
        else:
            if made.sent_at is None:
                link = request.build_absolute_uri(invitation_address(made))
                deliver(invitation=made, link=link)
            return redirect("people:invited", made.pk)
    context |= {"form": form, "sends": settings.EMAIL_GOES_OUT}
    return render(request, "people/invite.html", context)
