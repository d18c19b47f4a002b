"""Telling people by e-mail that what they sign in with has changed: who did not do it can act."""

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from bridgehead.accounts.models import User

log = logging.getLogger(__name__)

_WORDS = """\
Hello {name},

{what}.

If that was you, nothing is to be done. If it was not, somebody else may be able to sign in as you:
tell the administrator of your partnership at once, and choose another password here:
{site}/password/

This letter holds no link that lets anybody in. It was sent because the sign-in is yours.
"""


def tell(person: User, what: str) -> None:
    """Send a notice once what changed has been kept. Where no e-mail goes out, none is sent."""
    if settings.EMAIL_GOES_OUT:
        transaction.on_commit(partial(_send, person, what))


def _send(person: User, what: str) -> None:
    words = _WORDS.format(name=person.name, what=what, site=settings.SITE_URL)
    try:
        send_mail("Your sign-in to Bridgehead has changed", words, None, [person.email])
    except (OSError, SMTPException) as error:
        # The change has been kept: a mail server that is away undoes nothing.
        log.error("a notice to person %s could not be sent: %s", person.pk, type(error).__name__)
