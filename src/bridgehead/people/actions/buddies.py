"""A buddy for a new head: asked for by the head, named by a broker."""

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from bridgehead.accounts.actions import record
from bridgehead.accounts.rules import Denied, Reader
from bridgehead.people.access import check_can_name_buddy
from bridgehead.people.models import Appointment, BuddyRequest
from bridgehead.people.queries import experienced_heads, new_headship


@transaction.atomic
def ask_for_buddy(*, by: Reader) -> BuddyRequest:
    """Ask for a buddy, as a head whose appointment began within a year. Asking again changes
    nothing. Raises ``Denied`` for everybody else."""
    appointment = new_headship(by, localdate())
    if appointment is None:
        raise Denied("buddy", "A buddy is for heads in their first year.")
    asked, made = BuddyRequest.objects.get_or_create(
        appointment=appointment, defaults={"partnership": appointment.partnership}
    )
    if made:
        record(
            verb="asked for a buddy",
            by=by,
            partnership=asked.partnership_id,
            about=asked,
            details={"person": appointment.person_id},
        )
    return asked


@transaction.atomic
def name_buddy(*, request: BuddyRequest, buddy: Appointment, by: Reader) -> BuddyRequest:
    """Name an experienced head, or another in place of the one named. The same again changes
    nothing. Raises ``Denied``, and ``ValueError`` for somebody who is no experienced head here."""
    person = check_can_name_buddy(by, request.partnership_id)
    asked = BuddyRequest.objects.select_for_update().get(pk=request.pk)
    if not experienced_heads(asked, localdate()).filter(pk=buddy.pk).exists():
        raise ValueError("a buddy has been head of another school for more than a year")
    if asked.buddy_id == buddy.pk:
        return asked
    asked.buddy, asked.named_by_id, asked.named_at = buddy, person, timezone.now()
    asked.save(update_fields=["buddy", "named_by", "named_at"])
    record(
        verb="named a buddy",
        by=by,
        partnership=asked.partnership_id,
        about=asked,
        details={"person": buddy.person_id},
    )
    return asked
