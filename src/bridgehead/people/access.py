"""Who may appoint, invite and remove people, and which of their rows a reader may see."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bridgehead.accounts.rules import COMMAND_LINE, Denied, Permission, Reader
from bridgehead.people.models import Appointment, BuddyRequest, Invitation
from bridgehead.people.rules import roles
from bridgehead.schools.models import Organisation, Partnership

Row = TypeVar("Row", Appointment, Invitation)


def check_can_manage_people(reader: Reader, partnership: Partnership) -> None:
    """Raise ``Denied`` unless the reader may appoint people in this partnership."""
    if reader == COMMAND_LINE:
        return
    if reader.partnership_id != partnership.pk or not reader.can(Permission.MANAGE_PEOPLE):
        raise Denied("people", "Only an administrator may appoint people.")


def check_can_invite(
    reader: Reader, partnership: Partnership, role: str, organisation: Organisation | None
) -> int:
    """The person who invites. Raises ``Denied`` unless the reader may invite somebody to this role
    at this place: an administrator to any, a head to the lesser roles of the own school."""
    if reader.user_id is None or reader.partnership_id != partnership.pk:
        raise Denied("invite", "A named person of this partnership invites.")
    if not reader.can(Permission.MANAGE_PEOPLE) and not _of_own_school(reader, role, organisation):
        raise Denied("invite", "You may invite people of your own school, and not its head.")
    return reader.user_id


def check_can_end(reader: Reader, appointment: Appointment) -> None:
    """Raise ``Denied`` unless the reader may end an appointment: an administrator any of the
    partnership, a head the lesser ones at the own school."""
    ours = reader.partnership_id == appointment.partnership_id
    if reader == COMMAND_LINE or (ours and reader.can(Permission.MANAGE_PEOPLE)):
        return
    if not ours or not _of_own_school(reader, appointment.role, appointment.organisation):
        raise Denied("people", "Only an administrator may end this appointment.")


def check_can_name_buddy(reader: Reader, partnership_id: int) -> int:
    """The person who names a buddy. Raises ``Denied`` unless the reader may."""
    ours = reader.partnership_id == partnership_id
    if reader.user_id is None or not ours or not reader.can(Permission.NAME_BUDDY):
        raise Denied("buddy", "Your role does not let you name a buddy.")
    return reader.user_id


def get_own_school_for(reader: Reader, urn: int) -> Organisation:
    """A school of the partnership whose people the reader looks after. ``Http404`` for any other:
    a neighbour's, another partnership's or none."""
    if reader.partnership_id is None or urn not in reader.urns(Permission.MANAGE_OWN_PEOPLE):
        raise Http404
    return get_object_or_404(Organisation, urn=urn)


def get_appointment_for(reader: Reader, appointment_id: int) -> Appointment:
    """One appointment of the reader's partnership. ``Http404`` for another's as for none."""
    if reader.partnership_id is None or not reader.can(Permission.MANAGE_PEOPLE):
        raise Http404
    return get_object_or_404(
        _appointments(), pk=appointment_id, partnership_id=reader.partnership_id
    )


def get_appointment_to_end(reader: Reader, appointment_id: int) -> Appointment:
    """An appointment that the reader may end. ``Http404`` for every other as for none."""
    return _own_to_keep(reader, _appointments(), appointment_id)


def get_invitation_for(reader: Reader, invitation_id: int) -> Invitation:
    """An invitation that the reader could have sent. ``Http404`` for every other as for none."""
    rows = Invitation.objects.select_related("organisation", "group", "partnership", "invited_by")
    return _own_to_keep(reader, rows, invitation_id)


def get_buddy_request_for(reader: Reader, request_id: int) -> BuddyRequest:
    """A request for a buddy in the reader's partnership. ``Http404`` for another's as for none."""
    if reader.partnership_id is None or not reader.can(Permission.NAME_BUDDY):
        raise Http404
    return get_object_or_404(
        BuddyRequest.objects.select_related("appointment__person", "appointment__organisation"),
        pk=request_id,
        partnership_id=reader.partnership_id,
    )


def _of_own_school(reader: Reader, role: str, organisation: Organisation | None) -> bool:
    """Whether a role at a place is one that the reader, as head of that school, looks after."""
    known = roles().get(role)
    return (
        known is not None
        and known.head_invites
        and organisation is not None
        and organisation.urn in reader.urns(Permission.MANAGE_OWN_PEOPLE)
    )


def _own_to_keep(reader: Reader, rows: QuerySet[Row], key: int) -> Row:
    """The row of the reader's partnership that an administrator, or the head of its school, looks
    after. ``Http404`` for every other as for none."""
    found = get_object_or_404(rows, pk=key, partnership_id=reader.partnership_id or 0)
    if not reader.can(Permission.MANAGE_PEOPLE) and not _of_own_school(
        reader, found.role, found.organisation
    ):
        raise Http404
    return found


def _appointments() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("person", "organisation", "group", "partnership")
