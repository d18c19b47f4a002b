"""``/.well-known/security.txt`` (RFC 9116): where whoever finds a weakness can say so."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from bridgehead.accounts.access import public

#: What it says is made anew at each answer; the form asks for a day until which it holds.
_HOLDS = timedelta(days=90)


@public
def security_txt(request: HttpRequest) -> HttpResponse:
    """The contact of ``SECURITY_CONTACT``; without one there is nothing here."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = datetime.now(UTC).replace(microsecond=0) + _HOLDS
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    )
    return HttpResponse("".join(f"{line}\n" for line in lines), "text/plain; charset=utf-8")
