"""What failed sign-ins are counted by: the e-mail address typed, and the address it came from."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bridgehead.accounts.models import normalise_email


def username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The e-mail address in the form in which accounts are compared, so that writing it in capitals
    does not start a new count."""
    typed = (credentials or {}).get("username")
    if typed is None and request is not None:
        typed = request.POST.get("username", "")
    return normalise_email(typed or "")


def address(request: HttpRequest) -> str:
    """The network address of the browser: the one that the outermost trusted proxy saw.

    A browser may write what it likes into ``X-Forwarded-For``; only as many entries from its right
    end as there are proxies of our own are believed.
    """
    hops: int = settings.TRUSTED_PROXIES
    forwarded: list[str] = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    ]
    if hops and len(forwarded) >= hops and forwarded[-hops]:
        return forwarded[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))
