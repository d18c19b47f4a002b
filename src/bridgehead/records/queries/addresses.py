"""Somebody who was invited and never accepted, or only tried to sign in: known by an address."""

from bridgehead.accounts.models import User, normalise_email
from bridgehead.people.models import Invitation
from bridgehead.records.queries.people import ERASED_AT
from bridgehead.records.queries.person import counts_of


def somebody_at(email: str, partnership_id: int | None) -> User | None:
    """Somebody of whom something is held under an address alone: in a partnership, or with None in
    any. Never saved: it has the address and, where there is one, the name of the newest invitation.
    None where nothing is held."""
    address = normalise_email(email)
    invited = Invitation.objects.filter(email__iexact=address).order_by("-pk")
    if partnership_id is not None:
        invited = invited.filter(partnership=partnership_id)
    name = invited.values_list("name", flat=True).first()
    found = User(email=address, name=name or address)
    if not address or address.endswith(ERASED_AT) or not counts_of(found, partnership_id):
        return None
    return found
