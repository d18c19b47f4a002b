"""Who may appoint people, and which appointments a reader may see."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from bridgehead.accounts.rules import COMMAND_LINE, Denied, Permission, Reader
from bridgehead.people.models import Appointment
from bridgehead.schools.models import Partnership


def check_can_manage_people(reader: Reader, partnership: Partnership) -> None:
    """Raise ``Denied`` unless the reader may appoint people in this partnership."""
    if reader == COMMAND_LINE:
        return
    if reader.partnership_id != partnership.pk or not reader.can(Permission.MANAGE_PEOPLE):
        raise Denied("people", "Only an administrator may appoint people.")


def get_appointment_for(reader: Reader, appointment_id: int) -> Appointment:
    """One appointment of the reader's partnership. ``Http404`` for another's as for none."""
    if reader.partnership_id is None or not reader.can(Permission.MANAGE_PEOPLE):
        raise Http404
    return get_object_or_404(
        Appointment.objects.select_related("person", "organisation", "group", "partnership"),
        pk=appointment_id,
        partnership_id=reader.partnership_id,
    )
