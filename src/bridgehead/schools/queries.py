"""Reads of partnerships and of the register."""

from django.db.models import Q
from django.http.request import split_domain_port

from bridgehead.schools.models import Partnership


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
