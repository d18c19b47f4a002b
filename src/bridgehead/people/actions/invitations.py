"""Inviting somebody by e-mail to take up a role, and what becomes of it."""

import secrets
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import localdate

from bridgehead.accounts.actions import create_person, record
from bridgehead.accounts.models import User, normalise_email
from bridgehead.accounts.notices import letter
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import ANONYMOUS, INVITED, Denied, Reader
from bridgehead.people.access import check_can_invite
from bridgehead.people.actions.appointments import Misplaced, check_place, give_role
from bridgehead.people.models import Appointment, Invitation
from bridgehead.people.queries import held_by, reader_for
from bridgehead.people.rules import INVITATION_DAYS
from bridgehead.schools.models import Group, Organisation, Partnership

#: So many invitations of one person in an hour: the site sends no letters for somebody else.
MOST_AN_HOUR = 50


class NotOpen(Exception):
    """The invitation can no longer be accepted; the message says why."""


@transaction.atomic
def invite(
    *,
    name: str,
    email: str,
    role: str,
    partnership: Partnership,
    by: Reader,
    organisation: Organisation | None = None,
    group: Group | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> Invitation:
    """Ask somebody to take up a role, from ``starts`` (when it is accepted) until ``ends``. Nothing
    is given until the person accepts.

    Gives back the open invitation of this address to this role and place where there is one. Raises
    ``Denied`` where ``by`` may not invite to it, and ``Misplaced`` where role and place do not fit,
    where the end has passed or comes before the start, or where the open invitation has other days.
    """
    inviter = User.objects.get(pk=check_can_invite(by, partnership, role, organisation))
    address = normalise_email(email)
    if inviter.email == address:
        raise Denied("own invitation", "You cannot invite yourself.")
    check_place(role, partnership, organisation, group)
    if ends is not None and ends <= max(starts or localdate(), localdate()):
        raise Misplaced("The end must come after the start, and after today.")
    # One at a time, so that a second press finds what the first has written.
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    lately = Invitation.objects.filter(
        invited_by=inviter, invited_at__gt=timezone.now() - timedelta(hours=1)
    )
    if lately.count() >= MOST_AN_HOUR:
        raise Denied("too many invitations", f"You can invite {MOST_AN_HOUR} people in an hour.")
    there = Invitation.objects.filter(
        partnership=partnership,
        email=address,
        role=role,
        organisation=organisation,
        group=group,
        accepted_at=None,
        withdrawn_at=None,
        last_day__gte=localdate(),
    ).first()
    if there is not None and (there.starts, there.ends) != (starts, ends):
        raise Misplaced(
            f"{there.name} is invited to this role already, for other days. Withdraw that "
            "invitation first."
        )
    if there is not None:
        return there
    made = Invitation.objects.create(
        partnership=partnership,
        email=address,
        name=name.strip(),
        role=role,
        organisation=organisation,
        group=group,
        starts=starts,
        ends=ends,
        invited_by=inviter,
        last_day=localdate() + timedelta(days=INVITATION_DAYS),
        nonce=secrets.token_hex(16),
    )
    _told("invited a person", made, by)
    return made


def deliver(*, invitation: Invitation, link: str) -> bool:
    """Send the link by e-mail; whether it went out. Where the site sends none (``EMAIL_URL`` is not
    set), or the server does not take it, an administrator hands the link over instead."""
    if not settings.EMAIL_GOES_OUT:
        return False
    words = render_to_string(
        "people/invitation.txt", {"invitation": invitation, "link": link, "days": INVITATION_DAYS}
    )
    subject = f"{invitation.partnership}: an invitation"
    if not letter(subject, words, invitation.email, what=f"invitation {invitation.pk}"):
        return False
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    return True


@transaction.atomic
def accept(*, invitation: Invitation, person: User | None, password: str = "") -> Appointment:
    """Take up the role. ``person`` is who is signed in, None for somebody who is new to the site
    and sets ``password``. Raises ``NotOpen``, ``Misplaced`` where the place has changed since, and
    ``Denied`` where somebody else is signed in than was invited."""
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    check_open(held)
    if person is None:
        if person_at(held.email) is not None:
            raise Denied("sign in first", "Sign in with the address that was invited.")
        newcomer = replace(INVITED, partnership_id=held.partnership_id)
        person = create_person(email=held.email, name=held.name, password=password, by=newcomer)
    elif person.email != held.email:
        raise Denied("another's invitation", "This invitation is for another e-mail address.")
    by = replace(ANONYMOUS, user_id=person.pk, name=person.name, partnership_id=held.partnership_id)
    appointment = give_role(
        person=person,
        role=held.role,
        partnership=held.partnership,
        organisation=held.organisation,
        group=held.group,
        starts=held.starts,
        ends=held.ends,
        by=by,
    )
    held.accepted_at = timezone.now()
    # A role that the person held already has the invitation that first brought it.
    if not Invitation.objects.filter(appointment=appointment).exists():
        held.appointment = appointment
    held.save(update_fields=["accepted_at", "appointment"])
    _told("accepted an invitation", held, by)
    return appointment


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Reader) -> Invitation:
    """Take an invitation back. Doing it again, or after it was accepted, changes nothing."""
    check_can_invite(by, invitation.partnership, invitation.role, invitation.organisation)
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.accepted_at is not None or held.withdrawn_at is not None:
        return held
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    _told("withdrew an invitation", held, by)
    return held


def check_open(invitation: Invitation) -> None:
    """Raise ``NotOpen`` where it was used, withdrawn or left too long, or where whoever sent it may
    no longer invite: rights that end take along what was begun by them."""
    if invitation.accepted_at is not None:
        raise NotOpen("It has been accepted already, and works once.")
    if invitation.withdrawn_at is not None:
        raise NotOpen("It has been withdrawn.")
    if invitation.last_day < localdate():
        raise NotOpen(f"It could be accepted until {invitation.last_day:%-d %B %Y}.")
    if invitation.ends is not None and invitation.ends <= localdate():
        raise NotOpen(f"The role would have ended on {invitation.ends:%-d %B %Y}.")
    if not _still_may(invitation):
        raise NotOpen("Whoever sent it has since left that role.")


def _still_may(invitation: Invitation) -> bool:
    """Whether the inviter could send it today, in any of the roles held."""
    inviter, partnership = invitation.invited_by, invitation.partnership
    if not inviter.is_active:
        return False
    held = held_by(inviter.pk, partnership.pk, localdate())
    for each in held:
        reader = reader_for(inviter, partnership, held, each.id)
        try:
            check_can_invite(reader, partnership, invitation.role, invitation.organisation)
            return True
        except Denied:
            continue
    return False


def _told(verb: str, invitation: Invitation, by: Reader) -> None:
    record(
        verb=verb,
        by=by,
        partnership=invitation.partnership_id,
        about=invitation,
        details={
            "role": invitation.role,
            "place": invitation.place,
            "last day": invitation.last_day,
            "starts": invitation.starts,
            "ends": invitation.ends,
        },
    )
