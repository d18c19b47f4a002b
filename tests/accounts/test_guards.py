"""Negative controls of the route table: each guard is taken away in turn, and the table sees it.

Of every route the methods it answers, the sign-in it asks for and the permission it asks for; and
each function that fetches one object for a reader. A guard whose absence nobody would notice guards
nothing, or the table does not look where it stands.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from bridgehead.accounts.access import check_may_enter, needs, public
from bridgehead.monitoring.models import Review, ReviewRound
from bridgehead.people.models import Appointment, BuddyRequest, Invitation
from bridgehead.schools.models import (
    Group,
    GroupMember,
    GroupPart,
    KeptSet,
    Membership,
    Organisation,
)
from tests.accounts.test_routes import METHODS, READERS, TABLE, Row, differences, routes
from tests.cast import Site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ROUTES = dict(routes())
ROWS = {row.route: row for row in TABLE}
View = Callable[..., HttpResponseBase]
Cells = Iterable[tuple[str, str]]


def without_methods(view: Any) -> View:
    """Answers every method."""
    if view.door is None:
        return public(methods=METHODS)(view.__wrapped__)  # type: ignore[no-any-return]
    return needs(*view.door, methods=METHODS)(view.__wrapped__)


def without_sign_in(view: Any) -> View:
    """Lets those in who are not signed in."""

    def open_(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = request.reader  # type: ignore[attr-defined]
        if request.method not in view.methods:
            return HttpResponseNotAllowed(view.methods)
        if reader.user_id is not None:
            check_may_enter(reader, view.door)
        return view.__wrapped__(request, *args, **kwargs)  # type: ignore[no-any-return]

    open_.door, open_.methods = view.door, view.methods  # type: ignore[attr-defined]
    return open_


def without_permission(view: Any) -> View:
    """Lets everybody in who is signed in."""
    return needs(methods=view.methods)(view.__wrapped__)


#: Guards behind which a second one stands, so that the first alone is not missed, and which it is.
TWICE = {
    ("accounts:change-password", "without_sign_in"): "Django's own view asks for a sign-in",
    ("accounts:password-changed", "without_sign_in"): "Django's own view asks for a sign-in",
    ("accounts:password-changed", "without_methods"): "Django's own view answers GET alone",
    ("accounts:sign-out", "without_methods"): "Django's own view answers POST alone",
    ("monitoring:open", "without_permission"): "the view asks monitoring.access.check_can_open",
}


def controls() -> list[Any]:
    """Every route with each of its guards."""
    found = []
    for name, pattern in sorted(ROUTES.items()):
        door: Any = getattr(pattern.callback, "door", None)
        guards = [without_methods]
        guards += [without_sign_in] if door is not None else []
        guards += [without_permission] if door else []
        found += [pytest.param(name, guard, id=f"{name} {guard.__name__}") for guard in guards]
    return found


@pytest.mark.parametrize(("name", "guard"), controls())
def test_a_route_without_a_guard_is_seen(
    name: str, guard: Any, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, pattern = ROWS[name], ROUTES[name]
    monkeypatch.setattr(pattern, "callback", guard(pattern.callback))
    seen = is_red(row, site, cells_of(row, guard))
    twice = (name, guard.__name__) in TWICE
    assert seen is not twice, f"{name}: nobody would notice {guard.__name__}"


def cells_of(row: Row, guard: Any) -> list[tuple[str, str]]:
    """Where the absence of a guard would show."""
    answered = [m for m in METHODS if row.passes(m) is not None]
    if guard is without_sign_in:
        return [("nobody", method) for method in answered]
    if guard is without_methods:
        passing = row.passes(answered[0]) or []
        return [(passing[0], method) for method in METHODS if method not in answered]
    absent = row.absent.split()
    refused = [r for r in READERS[1:] if r not in (row.passes(answered[0]) or []) + absent]
    return [(reader, method) for method in answered for reader in refused]


def is_red(row: Row, site: Site, cells: Cells) -> bool:
    """Whether the table finds a cell that answers otherwise than declared. A view that fails, since
    it was never meant to be reached, has answered otherwise too."""
    try:
        return next(differences(row, site, cells), None) is not None
    except Exception:
        return True


#: Route, what fetches its object, and the same without asking whose it is.
FETCHERS: list[tuple[str, str, Callable[[Any, int], Any]]] = [
    (route, f"bridgehead.{where}", lambda reader, key, model=model: model.objects.get(pk=key))
    for route, where, model in [
        ("people:appointed", "people.views.appointments.get_appointment_for", Appointment),
        ("people:end", "people.views.appointments.get_appointment_to_end", Appointment),
        ("people:invited", "people.views.invitations.get_invitation_for", Invitation),
        ("people:withdraw", "people.views.invitations.get_invitation_for", Invitation),
        ("people:name-buddy", "people.views.buddies.get_buddy_request_for", BuddyRequest),
        ("people:group", "people.views.groups.get_group_for", Group),
        ("people:join-group", "people.views.groups.get_group_for", Group),
        ("people:leave-group", "people.views.groups.get_group_member_for", GroupMember),
        ("people:part-group", "people.views.groups.get_group_part_for", GroupPart),
        ("schools:leave", "schools.views.get_membership_for", Membership),
        ("desk:kept-similar", "desk.views.kept.get_kept_set_for", KeptSet),
        ("monitoring:review", "monitoring.views.frame.get_review_for", Review),
        ("monitoring:round", "monitoring.views.rounds.get_round_for", ReviewRound),
        ("monitoring:send-round", "monitoring.views.rounds.get_round_for", ReviewRound),
    ]
] + [
    (route, f"bridgehead.{where}", lambda reader, urn: Organisation.objects.get(urn=urn))
    for route, where in [
        ("people:own", "people.views.invitations.get_own_school_for"),
        ("people:invite-own", "people.views.invitations.get_own_school_for"),
        ("monitoring:school", "monitoring.views.reviews.get_school_for"),
    ]
]


@pytest.mark.parametrize(
    ("name", "where", "instead"), FETCHERS, ids=[f"{f[0]} {f[1]}" for f in FETCHERS]
)
def test_an_object_that_is_fetched_for_anybody_is_seen(
    name: str,
    where: str,
    instead: Callable[[Any, int], Any],
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = ROWS[name]
    monkeypatch.setattr(where, instead)
    absent = [(reader, method) for method in ("GET", "POST") for reader in row.absent.split()]
    answered = [cell for cell in absent if row.passes(cell[1]) is not None]
    assert is_red(row, site, answered), f"{name}: nobody would notice {where}"
