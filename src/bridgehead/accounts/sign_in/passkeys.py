"""Passkeys (WebAuthn): the device itself shows that it is there, in place of a code from the app.

A passkey is a second factor beside the app, for those who have set the app up: so everybody has
recovery codes. It works under one host name alone, which is why no false site can use it.
"""

from dataclasses import dataclass

import webauthn
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from bridgehead.accounts.models import Passkey, User
from bridgehead.accounts.notices import changed
from bridgehead.accounts.rules import Denied, Reader
from bridgehead.accounts.sign_in import wrong_codes
from bridgehead.accounts.sign_in.factor import Shown

#: What a browser may send that is no answer of a passkey.
_NO_ANSWER = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Place:
    """The host name that a passkey belongs to, and the origin that a browser must name."""

    host: str
    origin: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Place":
        host = request.get_host()
        return cls(host.rsplit(":", 1)[0], f"{request.scheme}://{host}")


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked: ``options`` for its script, ``challenge`` for the session."""

    options: str
    challenge: str


def ask_to_make(person: User, place: Place, site: str) -> Question:
    """Ask the browser to make a passkey that this person does not have yet."""
    asked = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=site,
        user_id=salted_hmac("bridgehead.accounts.passkey", str(person.pk)).digest(),
        user_name=person.email,
        user_display_name=person.name,
        exclude_credentials=_known(person, place),
    )
    return Question(webauthn.options_to_json(asked), bytes_to_base64url(asked.challenge))


def ask_to_show(person: User, place: Place) -> Question | None:
    """Ask the browser to show one of the person's passkeys; None where there is none for here."""
    if not (known := _known(person, place)):
        return None
    asked = webauthn.generate_authentication_options(rp_id=place.host, allow_credentials=known)
    return Question(webauthn.options_to_json(asked), bytes_to_base64url(asked.challenge))


@transaction.atomic
def add_passkey(
    *, person: User, name: str, answer: str, challenge: str, place: Place, by: Reader
) -> Passkey:
    """Keep the passkey that a browser has made. Raises ``Denied`` where the answer is none."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
        )
        with transaction.atomic():
            passkey = Passkey.objects.create(
                person=person,
                host=place.host,
                name=name,
                credential=bytes_to_base64url(made.credential_id),
                public_key=bytes_to_base64url(made.credential_public_key),
                uses=made.sign_count,
            )
    except (*_NO_ANSWER, IntegrityError) as error:
        raise Denied("passkey", "The browser did not make a passkey. Try again.") from error
    changed(person, verb="added a passkey", what="A passkey has been added", by=by)
    return passkey


@transaction.atomic
def accept_passkey(
    *, person: User, answer: str, challenge: str, place: Place, address: str, by: Reader
) -> Shown:
    """Look at what a browser shows in place of a code. A wrong answer counts like a wrong code."""
    person, now = User.objects.select_for_update().get(pk=person.pk), timezone.now()
    if wrong_codes.too_many(person, address, now):
        return Shown.TOO_MANY
    try:
        kept = person.passkeys.get(
            host=place.host,
            credential=webauthn.helpers.parse_authentication_credential_json(answer).id,
        )
        shown = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=base64url_to_bytes(kept.public_key),
            credential_current_sign_count=kept.uses,
        )
    except (*_NO_ANSWER, Passkey.DoesNotExist):
        wrong_codes.note(person, address, now)
        return Shown.WRONG
    kept.uses = shown.new_sign_count
    kept.save(update_fields=["uses"])
    wrong_codes.forget(person, address)
    return Shown.PASSKEY


@transaction.atomic
def remove_passkey(*, person: User, passkey_id: int, by: Reader) -> bool:
    """Take one of a person's own passkeys away. False where the person has none of that id."""
    if not person.passkeys.filter(pk=passkey_id).delete()[0]:
        return False
    changed(person, verb="removed a passkey", what="A passkey has been removed", by=by)
    return True


def _known(person: User, place: Place) -> list[PublicKeyCredentialDescriptor]:
    kept = person.passkeys.filter(host=place.host).values_list("credential", flat=True)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in kept]
