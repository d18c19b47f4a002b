"""Where a person is signed in: sessions in the database that know whose they are.

Django's own database sessions with one more column; this module is the ``SESSION_ENGINE``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from bridgehead.accounts.actions import record
from bridgehead.accounts.models import Session, User
from bridgehead.accounts.rules import Reader
from bridgehead.accounts.sign_in.devices import in_words
from bridgehead.accounts.sign_in.lifetimes import SINCE, begin, is_over
from bridgehead.accounts.throttle import know

#: What a session says about itself, beside what Django keeps in it and ``lifetimes``.
DEVICE = "device"


class SessionStore(db.SessionStore):
    """Keeps each session with the person whose it is."""

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        kept: Any = super().create_model_instance(data)
        kept.person_id = data.get(SESSION_KEY)
        return kept


@dataclass(frozen=True, slots=True)
class SignedInAt:
    """One browser in which a person is signed in. ``id`` names it in a form and is not its key."""

    id: str
    device: str
    since: datetime | None
    current: bool


def enter(request: HttpRequest, person: User, onward: str) -> HttpResponse:
    """Sign a person in, under a new session key, once every factor has been shown; then on to where
    the person was going, which has been looked at (``get_success_url``)."""
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session[DEVICE] = in_words(request.headers.get("User-Agent", ""))
    response = redirect(onward)
    know(request, response, person)
    return response


@receiver(user_logged_in, dispatch_uid="bridgehead.sessions.begin")
def _begin(request: HttpRequest, **_: Any) -> None:
    """However somebody is signed in, the session says since when."""
    begin(request.session, timezone.now())


def since(request: HttpRequest) -> datetime | None:
    """When the person of this session signed in, where the session says so."""
    said = request.session.get(SINCE)
    return datetime.fromisoformat(said) if said else None


def sessions_of(person: User, current: str | None) -> list[SignedInAt]:
    """Where a person is signed in, this browser first, then the newest. ``current`` is the key of
    the session that asks."""
    found = [_told(session, session.get_decoded(), current) for session in _live(person)]
    return sorted(found, key=lambda s: (not s.current, -(s.since.timestamp() if s.since else 0)))


@transaction.atomic
def end_session(*, person: User, chosen: str, by: Reader) -> bool:
    """End one of a person's own sessions, by its id. False where the person has none of that id."""
    for session in _live(person):
        if constant_time_compare(_id(session.session_key), chosen):
            session.delete()
            record(verb="ended a session", by=by, partnership=by.partnership_id, about=person)
            return True
    return False


@transaction.atomic
def end_other_sessions(*, person: User, current: str | None, by: Reader) -> int:
    """End all of a person's sessions but the present one; gives how many there were."""
    others = [s.session_key for s in _live(person) if s.session_key != current]
    Session.objects.filter(person=person).exclude(session_key=current).delete()
    if others:
        record(
            verb="ended other sessions",
            by=by,
            partnership=by.partnership_id,
            about=person,
            details={"sessions": len(others)},
        )
    return len(others)


def _live(person: User) -> list[Session]:
    """Sessions that still let the person in: not run out, nor ended by a new password or stamp."""
    now, bound = timezone.now(), person.get_session_auth_hash()
    kept = [(s, s.get_decoded()) for s in Session.objects.filter(person=person)]
    return [
        session
        for session, said in kept
        if session.expire_date > now
        and not is_over(said, now)
        and constant_time_compare(said.get(HASH_SESSION_KEY, ""), bound)
    ]


def _told(session: Session, data: dict[str, Any], current: str | None) -> SignedInAt:
    said = data.get(SINCE)
    return SignedInAt(
        id=_id(session.session_key),
        device=data.get(DEVICE, in_words("")),
        since=datetime.fromisoformat(said) if said else None,
        current=session.session_key == current,
    )


def _id(key: str) -> str:
    return salted_hmac("bridgehead.accounts.session-id", key, algorithm="sha256").hexdigest()[:32]
