"""Writes of the accounts: people with a sign-in. Lines of the audit ledger are written by
``record``, which is found here too."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from bridgehead.accounts.audit import people
from bridgehead.accounts.audit.ledger import digest_of, record
from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import User, new_stamp, normalise_email
from bridgehead.accounts.notices import changed
from bridgehead.accounts.rules import Reader

__all__ = [
    "create_person",
    "digest_of",
    "disable_person",
    "enable_person",
    "erase_from_audit",
    "record",
    "set_password",
    "verify_chain",
]


@transaction.atomic
def create_person(*, email: str, name: str, password: str | None, by: Reader) -> User:
    """Make a person with a sign-in, or give back the one who has this e-mail address already.

    Raises ``ValidationError`` for a password that is too short or too common. Without a password
    the person cannot sign in yet.
    """
    if found := User.objects.filter(email=normalise_email(email)).first():
        return found
    person = User(email=normalise_email(email), name=name.strip())
    if password is None:
        person.set_unusable_password()
    else:
        validate_password(password, person)
        person.set_password(password)
    person.full_clean(exclude=["password"])
    person.save()
    record(verb="created a person", by=by, partnership=by.partnership_id, about=person)
    return person


@transaction.atomic
def set_password(*, person: User, password: str, by: Reader) -> None:
    """Give a person another password: every session ends, and the person is told by e-mail. Raises
    ``ValidationError`` for one that a person could not choose."""
    person = User.objects.select_for_update().get(pk=person.pk)
    validate_password(password, person)
    person.set_password(password)
    person.session_stamp = new_stamp()
    person.save(update_fields=["password", "session_stamp"])
    changed(person, verb="set a password", what="Your password has been changed", by=by)


@transaction.atomic
def disable_person(*, person: User, by: Reader) -> None:
    """Take a person's sign-in away. Every session ends at once and does not come back. Doing it
    again changes nothing."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        return
    person.is_active = False
    person.session_stamp = new_stamp()
    person.save(update_fields=["is_active", "session_stamp"])
    record(verb="disabled a person", by=by, partnership=by.partnership_id, about=person)


@transaction.atomic
def enable_person(*, person: User, by: Reader) -> None:
    """Give a disabled person the sign-in back. Old sessions stay ended. Doing it again changes
    nothing."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(verb="enabled a person", by=by, partnership=by.partnership_id, about=person)


@transaction.atomic
def erase_from_audit(*, person: User, by: Reader) -> None:
    """Take away what leads from the audit to a person. Lines and sightings stay as they are, under
    a pseudonym that leads to nobody; one more line says so. Doing it again changes nothing."""
    if word := people.delete_pseudonym(person.pk):
        record(verb=people.ERASED, by=by, partnership=None, about=("accounts.pseudonym", word))
