"""Which schools a reader's partnership holds."""

from django.utils.timezone import localdate

from bridgehead.accounts.rules import COMMAND_LINE, Denied, Permission, Reader
from bridgehead.schools.models import Membership, Partnership, held_on


def visible_urns(reader: Reader) -> frozenset[int]:
    """The URNs of the schools that belong to the reader's partnership today, in one query.

    Their published figures may be seen by whoever holds ``SEE_PUBLISHED``; what is held beyond that
    is asked per school: ``reader.can(Permission.SEE_OWN_SCHOOL, urn)``.
    """
    if reader.partnership_id is None:
        return frozenset()
    return frozenset(
        Membership.objects.filter(
            held_on(localdate()), partnership_id=reader.partnership_id
        ).values_list("organisation__urn", flat=True)
    )


def check_can_change_register(reader: Reader, partnership: Partnership) -> None:
    """Raise ``Denied`` unless the reader may load data for this partnership."""
    if reader == COMMAND_LINE:
        return
    if reader.partnership_id != partnership.pk or not reader.can(Permission.MANAGE_DATA):
        raise Denied("register", "Only an administrator may change the register of schools.")
