"""What failed sign-ins are counted by: the e-mail address typed, the network address it came from,
and whether the person has signed in with this browser before.

A stranger can make counts grow, even behind the same network address as the person (a school has
one for all its staff). So a browser in which the person has signed in is counted apart: whatever
strangers do, it can still sign in.
"""

import secrets
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from bridgehead.accounts.models import User, normalise_email

#: From one network address so many different people may fail to sign in, within so long a time.
PEOPLE, WITHIN = 20, timedelta(hours=settings.AXES_COOLOFF_TIME)

#: A browser is known for half a year after the last sign-in, to the last few people who used it.
KNOWN_FOR, KNOWN_TO = timedelta(days=180), 5
_SALT = "bridgehead.accounts.known-browser"


def username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The e-mail address in the form in which accounts are compared, so that writing it in capitals
    does not start a new count; of a browser that the person is known by, with its mark."""
    typed = (credentials or {}).get("username")
    if typed is None and request is not None:
        typed = request.POST.get("username", "")
    email = normalise_email(typed or "")
    if request is not None and is_known_by(request, email):
        return f"{_digest(email)} in browser {_known(request)['browser']}"
    return email


def sprays(request: HttpRequest) -> bool:
    """Whether so many different people have just failed to sign in from this network address that
    somebody seems to try one password on them all. Known browsers are let through."""
    if is_known_by(request, normalise_email(request.POST.get("username", ""))):
        return False
    failed = AccessAttempt.objects.filter(
        ip_address=address(request), attempt_time__gt=timezone.now() - WITHIN
    )
    return bool(failed.values("username").distinct().count() >= PEOPLE)


def is_known_by(request: HttpRequest, email: str) -> bool:
    """Whether the person of an e-mail address has signed in with this browser before."""
    people: list[str] = _known(request)["people"]
    return _digest(email) in people


def know(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Let the browser keep a mark that the person has signed in with it. It opens nothing."""
    known = _known(request)
    people = [_digest(person.email), *(p for p in known["people"] if p != _digest(person.email))]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps({"browser": known["browser"], "people": people[:KNOWN_TO]}, salt=_SALT),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def mark_of(email: str) -> str:
    """What tries in a browser that a person is known by begin with, in place of the address."""
    return _digest(normalise_email(email))


def _known(request: HttpRequest) -> dict[str, Any]:
    """What the browser's mark says; a new one where it has none of ours."""
    kept = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        said: dict[str, Any] = signing.loads(kept, salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return {"browser": secrets.token_hex(8), "people": []}
    return said


def _digest(email: str) -> str:
    """Names a person in the mark, so that it tells nobody whose browser it is."""
    return salted_hmac(_SALT, email, algorithm="sha256").hexdigest()[:32]


def address(request: HttpRequest) -> str:
    """What failed tries are counted by: the network address of the browser (``exact_address``), but
    of IPv6 only the network, since whoever has one address of it has all of its 2⁶⁴."""
    said = exact_address(request)
    try:
        found = ip_address(said)
    except ValueError:
        return said
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, 64), strict=False).network_address)


def exact_address(request: HttpRequest) -> str:
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
