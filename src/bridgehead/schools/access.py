"""Which schools a reader's partnership holds."""

from django.utils.timezone import localdate

from bridgehead.accounts.rules import Reader
from bridgehead.schools.models import Membership


def visible_urns(reader: Reader) -> frozenset[int]:
    """The URNs of the schools that belong to the reader's partnership today, in one query.

    Their published figures may be seen by whoever holds ``SEE_PUBLISHED``; what is held beyond that
    is asked per school: ``reader.can(Permission.SEE_OWN_SCHOOL, urn)``.
    """
    if reader.partnership_id is None:
        return frozenset()
    return frozenset(
        Membership.objects.on(localdate())
        .filter(partnership_id=reader.partnership_id)
        .values_list("organisation__urn", flat=True)
    )
