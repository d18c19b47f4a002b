"""Letters by e-mail, and telling people by one that what they sign in with has changed: who did not
do it can act."""

import logging
from functools import partial
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from bridgehead.accounts.audit.ledger import record
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import Reader

log = logging.getLogger(__name__)

_WORDS = """\
Hello {name},

{what}.

If that was you, nothing is to be done. If it was not, somebody else may be able to sign in as you:
tell the administrator of your partnership at once, and choose another password here:
{site}/password/

This letter holds no link that lets anybody in. It was sent because the sign-in is yours.
"""


def changed(
    person: User, *, verb: str, what: str, by: Reader, details: dict[str, Any] | None = None
) -> None:
    """Leave the line that somebody's way of signing in was changed, and tell the person ``what``.
    Call it in the transaction of the change."""
    record(verb=verb, by=by, partnership=by.partnership_id, about=person, details=details)
    tell(person, what)


def tell(person: User, what: str) -> None:
    """Send a notice once what changed has been kept. Where no e-mail goes out, none is sent."""
    if settings.EMAIL_GOES_OUT:
        transaction.on_commit(partial(_send, person, what))


def _send(person: User, what: str) -> None:
    words = _WORDS.format(name=person.name, what=what, site=settings.SITE_URL)
    # The change has been kept: a mail server that is away undoes nothing.
    subject = "Your sign-in to Bridgehead has changed"
    letter(subject, words, person.email, what=f"a notice to person {person.pk}")


def letter(subject: str, words: str, to: str, *, what: str) -> bool:
    """Send one letter; whether the server took it. ``what`` names it in the log by numbers alone,
    never by the address or a link: the log is read by people whom neither concerns."""
    try:
        send_mail(subject, words, None, [to])
    except (OSError, SMTPException) as error:
        log.error("%s could not be sent: %s", what, type(error).__name__)
        return False
    return True
