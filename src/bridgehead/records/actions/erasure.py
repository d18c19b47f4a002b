"""Erasing a person: what names them goes, what they decided stays under their role."""

import re
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from bridgehead.accounts.actions import erase_from_audit, record
from bridgehead.accounts.models import (
    AccountElsewhere,
    Authenticator,
    Passkey,
    RecoveryCode,
    Session,
    User,
    WrongCode,
    new_stamp,
)
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import COMMAND_LINE, Reader
from bridgehead.accounts.throttle import mark_of
from bridgehead.people.actions import end_appointment
from bridgehead.people.models import Appointment
from bridgehead.records.access import check_can_erase, check_can_erase_address
from bridgehead.records.queries.addresses import somebody_at
from bridgehead.records.queries.changes import GONE, Changes, changes_of, invitations_to
from bridgehead.records.queries.mentions import homes_of
from bridgehead.records.queries.people import ERASED_AT, is_erased, name_left
from bridgehead.records.queries.tables import all_of
from bridgehead.records.rules import kinds

#: The line in the ledger of each partnership whose texts are changed.
TAKEN_OUT = "took an erased person out of texts"
ERASED = "erased a person"
#: Of somebody without an account: whom it is about, the line cannot say without the address.
ADDRESS_ERASED = "erased an address"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: how many appointments ended, how often the name was taken out of which kind of
    record, and which kinds still name the person because they never change. ``line`` is the number
    of the line that tells it in the reader's ledger; None where there was nothing to do."""

    ended: int
    replaced: dict[str, int]
    left: dict[str, int]
    line: int | None = None


@transaction.atomic
def erase_person(
    *, person: User, why: str, by: Reader, leave: frozenset[str] = frozenset()
) -> Erased:
    """Take a person's name and address out of everything that lives, and what leads to the person
    out of the audit. Appointments, sessions and second factors end. Of what others wrote only that
    of the reader's partnership is changed, and at the terminal that of those where the person was
    (``changes_of``), without those that it is told to ``leave``. Doing it again changes nothing.

    Raises ``Denied`` where the reader may not.
    """
    check_can_erase(by, person)
    person = User.objects.select_for_update().get(pk=person.pk)
    if is_erased(person):
        return Erased(0, {}, {})
    name, address, left = person.name, person.email, name_left(person)
    ended = _end_appointments(person, by)
    home = None if by == COMMAND_LINE else by.partnership_id or 0
    changes = changes_of(person, home, leave)
    _make(changes, person, by)
    _sign_in_ends(person)
    # Before the pseudonym goes: this line would give the person a new one.
    told = {"why": _without(why, name, address), "appointments ended": ended}
    line = record(
        verb=ERASED,
        by=by,
        partnership=by.partnership_id,
        about=person,
        details=told | _told(changes.replaced, changes.left),
    )
    erase_from_audit(person=person, by=by)
    person.name, person.email = left[:150], f"erased-{secrets.token_hex(8)}{ERASED_AT}"
    person.is_active, person.second_factor_at, person.session_stamp = False, None, new_stamp()
    person.set_unusable_password()
    person.save()
    return Erased(ended, changes.replaced, changes.left, line.number)


@transaction.atomic
def erase_address(*, address: str, why: str, by: Reader) -> Erased:
    """Take an address under which nobody has an account out of the invitations of the reader's
    partnership (at the terminal, of all), with the name that stands beside it, and delete failed
    sign-ins. An open invitation can be accepted no more. Doing it again changes nothing.

    Raises ``Denied`` where the reader may not, or where it is somebody's account.
    """
    check_can_erase_address(by, address)
    home = None if by == COMMAND_LINE else by.partnership_id or 0
    somebody = somebody_at(address, home)
    if somebody is None:
        return Erased(0, {}, {})
    homes = homes_of(somebody) if home is None else {home}
    changes = Changes(tuple(invitations_to(somebody.email, homes)), {})
    said = {"why": _without(why, somebody.name, somebody.email)}
    tries = 0 if person_at(somebody.email) else _delete_tries(somebody.email)
    for change in changes.made:
        change.make()
    replaced = changes.replaced | ({kinds()["failed_sign_ins"].name: tries} if tries else {})
    told = said | _told(replaced, {})
    line = record(verb=ADDRESS_ERASED, by=by, partnership=home, details=told)
    for other, counts in changes.by_ledger.items():
        if other != home:
            record(verb=ADDRESS_ERASED, by=by, partnership=other, details=said | counts)
    return Erased(0, replaced, {}, line.number)


def _told(replaced: dict[str, int], left: dict[str, int]) -> dict[str, list[str]]:
    """What was changed and what was not, as a line tells it and a page shows it again."""
    found = {"changed": replaced, "stays": left}
    return {key: [f"{name}: {n}" for name, n in counts.items()] for key, counts in found.items()}


def _end_appointments(person: User, by: Reader) -> int:
    today = localdate()
    rows = Appointment.objects.filter(Q(ends=None) | Q(ends__gt=today), person=person)
    found = list(rows)
    for appointment in found:
        end_appointment(appointment=appointment, by=by)
    return len(found)


def _make(changes: Changes, person: User, by: Reader) -> None:
    """Write all of them, with a line in each ledger concerned."""
    for change in changes.made:
        change.make()
    for home, counts in changes.by_ledger.items():
        record(verb=TAKEN_OUT, by=by, partnership=home, about=person, details=counts)


def _sign_in_ends(person: User) -> None:
    """Sessions, devices and tries go."""
    for model in (AccountElsewhere, Session, Passkey, Authenticator, RecoveryCode, WrongCode):
        model._base_manager.filter(person=person).delete()
    _delete_tries(person.email)


def _delete_tries(address: str) -> int:
    """Sign-ins and failed ones by an address go; gives how many."""
    gone = 0
    for rows in kinds()["failed_sign_ins"].rows:
        for field in rows.address:
            mark = Q(**{f"{field}__startswith": mark_of(address)})
            gone += all_of(rows).filter(Q(**{f"{field}__iexact": address}) | mark).delete()[0]
    return gone


def _without(text: str, name: str, address: str) -> str:
    """What was typed as the reason, in which neither stands any more, of however many words."""
    for word in (address, name):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", GONE, text, flags=re.IGNORECASE)
    return text
