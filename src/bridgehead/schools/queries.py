"""Reads of partnerships and of the register."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.http.request import split_domain_port

from bridgehead.schools.models import KeptSet, Organisation, Partnership


def partnership_at(host: str) -> Partnership | None:
    """The partnership reached under a host name: the one whose own host it is, else the only one
    that has no host of its own. None where none fits. One query."""
    domain, _ = split_domain_port(host)
    found = list(
        Partnership.objects.filter(Q(host=domain) | Q(host="")).order_by("-host", "id")[:2]
    )
    own = [p for p in found if p.host]
    if own:
        return own[0]
    return found[0] if len(found) == 1 else None


def member_known_as(partnership_id: int, urns: Iterable[int]) -> Organisation | None:
    """The school of a partnership that stands under one of these URNs (of one chain). One query."""
    found = Organisation.objects.filter(urn__in=urns, memberships__partnership_id=partnership_id)
    return found.order_by("-urn").first()


def kept_sets(partnership_id: int) -> QuerySet[KeptSet]:
    """The sets of similar schools that a partnership keeps, newest first, with who kept them."""
    return KeptSet.objects.filter(partnership_id=partnership_id).select_related(
        "kept_by", "organisation"
    )


def kept_sets_of(partnership_id: int, urns: Iterable[int]) -> QuerySet[KeptSet]:
    """The sets kept of one school, by any URN of its chain, for a list: without the schools in
    them, of which each set holds fifty with their differences."""
    found = kept_sets(partnership_id).filter(organisation__urn__in=urns)
    return found.defer("context", "neighbours")
