"""Erasing a person: what names them goes, what they decided stays under their role."""

import re
import secrets
from collections import Counter
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
from bridgehead.accounts.rules import Reader
from bridgehead.accounts.throttle import mark_of
from bridgehead.people.actions import end_appointment
from bridgehead.people.models import Appointment, Invitation
from bridgehead.records.access import check_can_erase
from bridgehead.records.queries.mentions import homes_of, named_by, rows_naming
from bridgehead.records.queries.people import ERASED_AT, is_erased, name_left
from bridgehead.records.queries.tables import all_of, field_at, table
from bridgehead.records.rules import kinds

ERASED = "erased a person"
GONE = "[name erased]"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: how many appointments ended, how often the name was taken out of which kind of
    record, and which kinds still name the person because they never change."""

    ended: int
    replaced: dict[str, int]
    left: dict[str, int]


@transaction.atomic
def erase_person(*, person: User, why: str, by: Reader) -> Erased:
    """Take a person's name and address out of everything that lives, and what leads to the person
    out of the audit. Appointments, sessions and second factors end. Doing it again changes nothing.

    Raises ``Denied`` where the reader may not.
    """
    check_can_erase(by, person)
    person = User.objects.select_for_update().get(pk=person.pk)
    if is_erased(person):
        return Erased(0, {}, {})
    name, address, left = person.name, person.email, name_left(person)
    ended = _end_appointments(person, by)
    replaced, stays = _take_out(person)
    replaced += _invitations(address)
    _sign_in_ends(person)
    # Before the pseudonym goes: this line would give the person a new one.
    record(
        verb=ERASED,
        by=by,
        partnership=by.partnership_id,
        about=person,
        details={"why": _without(why, name, address), "appointments ended": ended},
    )
    erase_from_audit(person=person, by=by)
    person.name, person.email = left[:150], f"erased-{secrets.token_hex(8)}{ERASED_AT}"
    person.is_active, person.second_factor_at, person.session_stamp = False, None, new_stamp()
    person.set_unusable_password()
    person.save()
    return Erased(ended, dict(replaced), stays)


def _end_appointments(person: User, by: Reader) -> int:
    today = localdate()
    rows = Appointment.objects.filter(Q(ends=None) | Q(ends__gt=today), person=person)
    found = list(rows)
    for appointment in found:
        end_appointment(appointment=appointment, by=by)
    return len(found)


def _take_out(person: User) -> tuple[Counter[str], dict[str, int]]:
    """Take the name out of what people wrote; gives how often, and where it stays."""
    replaced, stays = Counter[str](), {}
    for kind in kinds().values():
        for rows in kind.rows:
            found = (
                list(rows_naming(named_by(person.name, person.email), rows, homes_of(person)))
                if rows.text
                else []
            )
            if kind.fixed and found:
                stays[kind.name] = len(found)
                continue
            for row in found:
                for field in rows.text:
                    text = _without(getattr(row, field), person.name, person.email)
                    most = getattr(field_at(table(rows), field), "max_length", None)
                    setattr(row, field, text[:most])
                row.save(update_fields=list(rows.text))
                replaced[kind.name] += 1
    return replaced, stays


def _invitations(address: str) -> Counter[str]:
    """Those that were sent to the person no longer say so."""
    gone = f"erased{ERASED_AT}"
    count = Invitation.objects.filter(email__iexact=address).update(email=gone, name=GONE)
    return Counter({"Invitations": count} if count else {})


def _sign_in_ends(person: User) -> None:
    """Sessions, devices and tries go."""
    for model in (AccountElsewhere, Session, Passkey, Authenticator, RecoveryCode, WrongCode):
        model._base_manager.filter(person=person).delete()
    for rows in kinds()["failed_sign_ins"].rows:
        for field in rows.address:
            mark = Q(**{f"{field}__startswith": mark_of(person.email)})
            all_of(rows).filter(Q(**{f"{field}__iexact": person.email}) | mark).delete()


def _without(text: str, name: str, address: str) -> str:
    """A text in which neither stands any more."""
    for word in (address, name):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", GONE, text, flags=re.IGNORECASE)
    return text
