"""Whose data a reader may hand out or erase."""

from django.http import Http404

from bridgehead.accounts.models import User
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import COMMAND_LINE, Denied, Permission, Reader
from bridgehead.people.models import Appointment
from bridgehead.people.queries import known_here
from bridgehead.records.queries.people import works_elsewhere


def get_person_for(reader: Reader, person_id: int) -> User:
    """Somebody who holds or held a role in the reader's partnership. ``Http404`` for anybody else
    as for nobody."""
    if reader.partnership_id is None or not reader.can(Permission.ANSWER_REQUESTS):
        raise Http404
    # By the key itself: a number that no database holds is then nobody's, and no error.
    held = User.objects.filter(pk=person_id, appointments__partnership=reader.partnership_id)
    found = held.first()
    if found is None:
        raise Http404
    return found


def check_can_answer(reader: Reader) -> int:
    """The partnership of a reader who may answer requests. Raises ``Denied`` for others."""
    if reader.partnership_id is None or not reader.can(Permission.ANSWER_REQUESTS):
        raise Denied("requests", "Only an administrator answers requests.")
    return reader.partnership_id


def check_can_hand_out(reader: Reader, person: User) -> None:
    """Raise ``Denied`` unless it is the reader's own data, or an administrator's to hand out. Of
    somebody without an account an administrator hands out what the partnership holds."""
    if reader == COMMAND_LINE or (person.pk is not None and reader.user_id == person.pk):
        return
    partnership = check_can_answer(reader)
    if person.pk is None:
        return
    if not Appointment.objects.filter(partnership=partnership, person=person).exists():
        raise Denied("person", "Nobody of this partnership has that account.")


def check_can_erase_address(reader: Reader, address: str) -> None:
    """Raise ``Denied`` unless the reader may erase what is held under an address alone."""
    taken = person_at(address) if reader == COMMAND_LINE else None
    if reader != COMMAND_LINE:
        taken = known_here(check_can_answer(reader), address)
    if taken is not None:
        raise Denied("address", "Somebody signs in with that address. Erase the person instead.")


def check_can_erase(reader: Reader, person: User) -> None:
    """Raise ``Denied`` unless the reader may erase a person: an administrator anybody else of the
    partnership who works in no other; whoever keeps the machine, anybody."""
    if reader == COMMAND_LINE:
        return
    check_can_hand_out(reader, person)
    if reader.user_id == person.pk:
        raise Denied("own erasure", "You cannot erase yourself. Another administrator can.")
    if works_elsewhere(person, reader.partnership_id or 0):
        raise Denied(
            "erasure",
            "This person holds or held a role in another partnership too. Whoever keeps the "
            "machine erases them, once both agree: bridgehead manage erase_person.",
        )
