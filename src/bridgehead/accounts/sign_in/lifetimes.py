"""How long a sign-in lasts: some hours at most, and less where nothing is asked for a while.

Both ends are looked at on the server; the browser's cookie decides nothing. That a person was here
is noted at most every few minutes, so that reading writes next to nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

#: What a session says: when its person signed in, and when something was last asked in it.
SINCE, SEEN = "since", "seen"
NOTED_EVERY = timedelta(minutes=2)


class LifetimeMiddleware:
    """Signs a person out whose sign-in is over; what was asked is then asked by nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        session = request.session
        if session.session_key is None or SESSION_KEY not in session:
            return None
        now = timezone.now()
        if is_over(session, now):
            logout(request)
        elif now - _at(session, SEEN) > NOTED_EVERY:
            session[SEEN] = now.isoformat()
        return None


def begin(session: Any, now: datetime) -> None:
    """A person has just signed in."""
    session[SINCE] = session[SEEN] = now.isoformat()


def is_over(session: Mapping[str, Any], now: datetime) -> bool:
    """Whether a sign-in has lasted too long, or has not been used for too long. One that does not
    say since when it lasts is over."""
    if SINCE not in session:
        return True
    lasted, unused = now - _at(session, SINCE), now - _at(session, SEEN)
    return (
        lasted > timedelta(seconds=settings.SESSION_COOKIE_AGE)
        or unused > timedelta(minutes=settings.SESSION_IDLE_MINUTES) + NOTED_EVERY
    )


def _at(session: Mapping[str, Any], what: str) -> datetime:
    return datetime.fromisoformat(session.get(what) or session[SINCE])
