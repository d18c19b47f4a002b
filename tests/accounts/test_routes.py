"""Every route × reader × method: who passes, declared in one table. Whatever is not declared here
fails, and so does whatever answers otherwise than declared.

A row names a route and, for each method that it answers, who passes. HEAD goes with GET. Everybody
else is sent to sign in (nobody) or told that the role does not include it (403). ``ABSENT`` names
those who pass the door but for whom the object is missing (404): another school's, or another
partnership's. Methods that a row does not name answer 405.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from bridgehead.people.models import Appointment
from tests.cast import Site

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

#: Readers, in the order of the roles. ``nobody`` is not signed in; ``outsider`` is a broker at the
#: host of another partnership.
READERS = (
    "nobody",
    "head",
    "other_head",
    "governor",
    "officer",
    "broker",
    "board_member",
    "administrator",
    "outsider",
)
EVERYBODY = " ".join(READERS)
SIGNED_IN = " ".join(READERS[1:])
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Row:
    """One route. ``get`` and ``post`` name who passes with that method; ``absent`` those for whom
    what they ask for is missing; ``arguments`` replaces the usual ones of ``ARGUMENTS``."""

    route: str
    get: str | None = None
    post: str | None = None
    absent: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)

    def passes(self, method: str) -> list[str] | None:
        """Who passes with a method; None where the route does not answer it."""
        named = {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method)
        return None if named is None else named.split()


TABLE = (
    # The machine that watches the site
    Row("healthz", get=EVERYBODY),
    Row("readyz", get=EVERYBODY),
    # Signing in
    Row("accounts:sign-in", get=EVERYBODY, post=EVERYBODY),
    Row("accounts:sign-out", post=EVERYBODY),
    Row("accounts:set-password", get=EVERYBODY, post=EVERYBODY),
    Row("accounts:change-password", get=SIGNED_IN, post=SIGNED_IN),
    Row("accounts:password-changed", get=SIGNED_IN),
    Row("accounts:audit", get=ADMINISTRATOR),
    # People
    Row("people:list", get=ADMINISTRATOR),
    Row("people:appoint", get=ADMINISTRATOR, post=ADMINISTRATOR),
    Row("people:appointed", get=ADMINISTRATOR),
    Row("people:end", get=ADMINISTRATOR, post=ADMINISTRATOR),
    Row("people:choose-role", get=SIGNED_IN, post=SIGNED_IN),
    Row("people:signed-in", get=SIGNED_IN),
    Row("people:who-can-see", get=EVERYBODY),
)

#: What stands for each part of an address, unless the row says otherwise.
ARGUMENTS: dict[str, Callable[[Site], Any]] = {
    "appointment_id": lambda site: Appointment.objects.get(person=site.cast.board_member).pk,
    "uidb64": lambda site: urlsafe_base64_encode(force_bytes(site.cast.head.pk)),
    "token": lambda site: default_token_generator.make_token(site.cast.head),
    "urn": lambda site: site.school.urn,
}


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site with its full name."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inner = f"{prefix}{each.namespace}:" if each.namespace else prefix
            yield from routes(each.url_patterns, inner)
        else:
            yield f"{prefix}{each.name}", each


def test_every_route_is_declared() -> None:
    undeclared = {name for name, _ in routes()} - {row.route for row in TABLE}
    assert not undeclared, (
        f"Not declared: {', '.join(sorted(undeclared))}. Nobody has said who may pass there. Add a "
        "Row to TABLE in this file with the route's name and, for each method that it answers, who "
        "passes; ask yourself what a neighbouring school's head would see."
    )


def test_every_declared_route_exists() -> None:
    gone = {row.route for row in TABLE} - {name for name, _ in routes()}
    assert not gone, f"No longer there: {', '.join(sorted(gone))}. Take the rows out of TABLE."


@pytest.mark.parametrize("name", sorted({name for name, _ in routes()}))
def test_every_route_is_guarded(name: str) -> None:
    view = dict(routes())[name].callback
    assert hasattr(view, "door"), f"{name} carries neither @needs(…) nor @public"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.route)
@pytest.mark.parametrize("reader", READERS)
def test_who_passes(row: Row, reader: str, small_site: Site) -> None:
    address = _address(row, small_site)
    for method in METHODS:
        client = _client(reader, small_site)
        response = client.generic(method, address)
        assert _fate(response) == _declared(row, reader, method), f"{method} {address}"


def _address(row: Row, site: Site) -> str:
    pattern = dict(routes())[row.route].pattern
    parts = {name: ARGUMENTS[name](site) for name in pattern.converters}
    return reverse(row.route, kwargs=parts | row.arguments)


def _client(reader: str, site: Site) -> Client:
    host = "elsewhere.localhost" if reader == "outsider" else "localhost"
    client = Client(headers={"host": host})
    if reader != "nobody":
        client.force_login(
            getattr(site.cast, reader), backend="django.contrib.auth.backends.ModelBackend"
        )
    return client


def _fate(response: HttpResponseBase) -> str:
    """What became of a request, in a word."""
    if response.status_code == 302 and response["Location"].startswith("/sign-in/?next="):
        return "to sign-in"
    fates = {403: "refused", 404: "missing", 405: "not answered"}
    assert response.status_code < 500
    return fates.get(response.status_code, "passes")


def _declared(row: Row, reader: str, method: str) -> str:
    passes = row.passes(method)
    if passes is None:
        return "not answered"
    if reader in row.absent.split():
        return "missing"
    if reader in passes:
        return "passes"
    return "to sign-in" if reader == "nobody" else "refused"
