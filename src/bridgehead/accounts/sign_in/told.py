"""What the log tells of signing in and out, right or wrong: which person, by number, and from which
network address. Never what was typed: people type passwords where the e-mail address belongs."""

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from bridgehead.accounts.throttle import address
from bridgehead.core.printable import printable

log = logging.getLogger(__name__)


@receiver(user_logged_in, dispatch_uid="bridgehead.told.in")
def _in(request: HttpRequest, user: Any, **_: Any) -> None:
    log.info("person %s signed in from %s", user.pk, at(request))


@receiver(user_logged_out, dispatch_uid="bridgehead.told.out")
def _out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        log.info("person %s signed out, or was here too long, from %s", user.pk, at(request))


@receiver(user_login_failed, dispatch_uid="bridgehead.told.failed")
def _failed(request: HttpRequest | None = None, **_: Any) -> None:
    log.warning("a sign-in with a password failed from %s", at(request) if request else "here")


def at(request: HttpRequest) -> str:
    """The network address of the browser, as it may stand in a line."""
    return printable(address(request)) or "nowhere"
