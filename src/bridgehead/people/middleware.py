"""Works out, once per request, which partnership is asked and who asks."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from bridgehead.accounts.models import User
from bridgehead.accounts.rules import ANONYMOUS, Reader
from bridgehead.core.home import home
from bridgehead.people.queries import Held, beyond_one_school, held_by, reader_for
from bridgehead.picture.picture import NoPicture, Picture
from bridgehead.schools.queries import partnership_at

#: Where the session keeps the appointment that a person with several acts in.
ACTING_AS = "acting_as"


class ReaderMiddleware:
    """Sets ``request.partnership``, ``request.held`` (the appointments to choose from),
    ``request.reader``, ``request.beyond_one_school`` (whether the appointments together
    reach further, so that a second factor is needed), ``request.synthetic`` (whether the figures
    are invented), and ``request.themselves`` (a person who is not signed in yet, for a line in the
    ledger).

    Each is worked out when it is first asked for: two queries for somebody signed in, at most one
    for anybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: Any = request
        asked.partnership = SimpleLazyObject(lambda: partnership_at(request.get_host()))
        asked.held = SimpleLazyObject(lambda: _held(asked))
        asked.reader = SimpleLazyObject(lambda: _reader(asked))
        asked.beyond_one_school = SimpleLazyObject(lambda: beyond_one_school(asked.held))
        asked.themselves = partial(_themselves, asked)
        asked.synthetic = SimpleLazyObject(_synthetic)
        return self.get_response(request)


def _held(request: Any) -> list[Held]:
    if not request.user.is_authenticated or not request.partnership:
        return []
    return held_by(request.user.pk, request.partnership.pk, localdate())


def _reader(request: Any) -> Reader:
    if not request.user.is_authenticated:
        return ANONYMOUS
    # Nor where somebody holds nothing: what one does at another's host is not that one's affair.
    if not request.held:
        return replace(ANONYMOUS, user_id=request.user.pk, name=request.user.name)
    return reader_for(
        request.user, request.partnership, request.held, request.session.get(ACTING_AS)
    )


def _themselves(request: Any, person: User) -> Reader:
    """A person who is about to sign in, or whose password is set, without any grant. As in
    ``_reader``, there is a partnership only where the person holds something in it."""
    at = request.partnership
    if at and not held_by(person.pk, at.pk, localdate()):
        at = None
    return replace(
        ANONYMOUS, user_id=person.pk, name=person.name, partnership_id=at.pk if at else None
    )


def _synthetic() -> bool:
    """Whether the figures of this site are invented, which every page must then say."""
    try:
        return Picture.open(home()).synthetic
    except NoPicture:
        return False
