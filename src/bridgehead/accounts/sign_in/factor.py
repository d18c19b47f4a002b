"""The second factor: an app on the phone, and recovery codes for when the phone is lost."""

import hashlib
import logging
import secrets
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from bridgehead.accounts.models import Authenticator, Passkey, RecoveryCode, User, new_stamp
from bridgehead.accounts.notices import changed
from bridgehead.accounts.rules import Denied, Reader
from bridgehead.accounts.sign_in import totp, wrong_codes
from bridgehead.accounts.sign_in.sealed import Unreadable, opened, seal

log = logging.getLogger(__name__)

RECOVERY_CODES = 10
#: Letters and digits that nobody takes for another; 24 of them are 118 bits, more than
#: anybody can guess from a copy of the database, so that a plain digest keeps them safe and they
#: outlive a lost secret key.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 24


class Shown(StrEnum):
    """What a code turned out to be."""

    APP = "app"
    RECOVERY = "recovery code"
    PASSKEY = "passkey"
    TYPED = "password"
    WRONG = "wrong"
    TOO_MANY = "too many"

    @property
    def right(self) -> bool:
        return self in {Shown.APP, Shown.RECOVERY, Shown.PASSKEY, Shown.TYPED}


@transaction.atomic
def set_up_app(*, person: User, secret: bytes, step: int, by: Reader) -> list[str]:
    """Ask for a code of this secret at every sign-in from now on; gives the recovery codes.

    ``step`` is the half minute whose code proved that the app has the secret: it is used up. Every
    session of the person ends, since none of them showed this factor. Raises ``Denied`` where there
    is an app already: it is removed first, with a code.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if Authenticator.objects.filter(person=person).exists():
        raise Denied("second factor", "An app is set up already. Remove it first.")
    Authenticator.objects.create(person=person, sealed_secret=seal(secret), last_step=step)
    person.second_factor_at = timezone.now()
    person.session_stamp = new_stamp()
    person.save(update_fields=["second_factor_at", "session_stamp"])
    words = "A second factor has been set up: an app on a phone"
    changed(person, verb="set up a second factor", what=words, by=by)
    return _made_anew(person)


@transaction.atomic
def accept(*, person: User, given: str, address: str, by: Reader) -> Shown:
    """Look at a code that a person shows. A right one is used up; a wrong one is counted.

    The person's row is locked, so that many tries at one moment are counted one by one.
    """
    person, now = User.objects.select_for_update().get(pk=person.pk), timezone.now()
    if wrong_codes.too_many(person, address, now):
        return Shown.TOO_MANY
    code = normalised(given)
    if _is_of_app(person, code, totp.step_at(now.timestamp())):
        shown = Shown.APP
    elif RecoveryCode.objects.filter(person=person, digest=_digest(code)).delete()[0]:
        shown = Shown.RECOVERY
        left = person.recovery_codes.count()
        changed(
            person,
            verb="used a recovery code",
            what=f"A recovery code of yours has been used; {left} are left",
            by=by,
            details={"left": left},
        )
    else:
        wrong_codes.note(person, address, now)
        return Shown.WRONG
    wrong_codes.forget(person, address)
    return shown


@transaction.atomic
def make_recovery_codes(*, person: User, by: Reader) -> list[str]:
    """Ten new recovery codes; the ones before work no longer."""
    person = User.objects.select_for_update().get(pk=person.pk)
    words = "New recovery codes have been made, and the ones before work no longer"
    changed(person, verb="made new recovery codes", what=words, by=by)
    return _made_anew(person)


@transaction.atomic
def remove_second_factor(*, person: User, by: Reader) -> bool:
    """Take app, recovery codes and passkeys away, such as when the phone is lost. Every session
    ends. False where there was none."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.second_factor_at is None:
        return False
    Authenticator.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    Passkey.objects.filter(person=person).delete()
    person.second_factor_at = None
    person.session_stamp = new_stamp()
    person.save(update_fields=["second_factor_at", "session_stamp"])
    words = "Your second factor has been removed"
    changed(person, verb="removed a second factor", what=words, by=by)
    return True


def normalised(given: str) -> str:
    """A code without the spaces and hyphens that make it readable, in small letters."""
    return "".join(given.split()).replace("-", "").lower()


def _is_of_app(person: User, code: str, now: int) -> bool:
    """Whether it is a code of the person's app that has not been used, nor one after it."""
    app = Authenticator.objects.filter(person=person).first()
    if app is None:
        return False
    try:
        secret = opened(app.sealed_secret)
    except Unreadable:
        log.error("the secret of %s's app cannot be read: was SECRET_KEY changed?", person.pk)
        return False
    step = totp.matching_step(secret, code, now)
    if step is None:
        return False
    # In one statement, so that of two requests with the same code one is refused.
    unused = Authenticator.objects.filter(pk=app.pk, last_step__lt=step)
    return unused.update(last_step=step) == 1


def _made_anew(person: User) -> list[str]:
    RecoveryCode.objects.filter(person=person).delete()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, digest=_digest(normalised(code))) for code in codes
    )
    return codes


def _new_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[n : n + 4] for n in range(0, _LENGTH, 4))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
