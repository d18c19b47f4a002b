"""Every route × reader × method: who passes, declared in one table. Whatever is not declared here
fails, and so does whatever answers otherwise than declared.

A row names a route and, for each method that it answers, who passes. HEAD goes with GET. Everybody
else is sent to sign in (nobody) or told that the role does not include it (403). ``ABSENT`` names
those who pass the door but for whom the object is missing (404): another school's, or another
partnership's. Methods that a row does not name answer 405.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.timezone import localdate

from bridgehead.monitoring import actions as monitoring
from bridgehead.monitoring.models import Review
from bridgehead.monitoring.rules import Outcome
from bridgehead.people.models import Appointment
from bridgehead.schools.actions import keep_similar
from bridgehead.schools.models import KeptSet
from tests.cast import Site

pytestmark = pytest.mark.django_db

_TOKEN = uuid4()
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
MEMBERS = " ".join(READERS[1:-1])
OFFICERS = "officer broker"
IN_FULL = f"head governor {OFFICERS}"
NEIGHBOURS = "other_head board_member administrator"


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
    Row("metrics", get=EVERYBODY, absent=EVERYBODY),  # for whom the environment names
    # Signing in
    Row("accounts:sign-in", get=EVERYBODY, post=EVERYBODY),
    Row("accounts:code", get=EVERYBODY, post=EVERYBODY),
    # No provider is set: nothing is there (``test_elsewhere``)
    Row("accounts:sign-in-with", get=EVERYBODY, absent=EVERYBODY),
    Row("accounts:back-from", get=EVERYBODY, absent=EVERYBODY),
    Row("accounts:second-factor", get=SIGNED_IN),
    Row("accounts:set-up-second-factor", get=SIGNED_IN, post=SIGNED_IN),
    Row("accounts:remove-second-factor", get=SIGNED_IN, post=SIGNED_IN),
    Row("accounts:recovery-codes", get=SIGNED_IN, post=SIGNED_IN),
    Row("accounts:new-recovery-codes", get=SIGNED_IN, post=SIGNED_IN),
    Row("accounts:add-passkey", get=SIGNED_IN, post=SIGNED_IN),
    # Everybody removes their own alone; nobody here has this one (``test_passkeys``)
    Row("accounts:remove-passkey", post=SIGNED_IN, absent=SIGNED_IN),
    Row("accounts:sessions", get=SIGNED_IN, post=SIGNED_IN),
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
    # The desk: published figures for all; a school's own people and the officers see it in full
    Row("desk:home", get=SIGNED_IN),
    Row("desk:area", get=SIGNED_IN),
    Row("desk:schools", get=SIGNED_IN),
    Row("desk:schools-csv", get=SIGNED_IN),
    Row("desk:school", get=MEMBERS, absent="outsider"),
    Row("desk:standards", get=MEMBERS, absent="outsider"),
    Row("desk:inspections", get=MEMBERS, absent="outsider"),
    Row("desk:inspections-csv", get=MEMBERS, absent="outsider"),
    Row("desk:sources", get=MEMBERS, absent="outsider"),
    Row("desk:series", get=MEMBERS, absent="outsider"),
    Row("desk:series-csv", get=MEMBERS, absent="outsider"),
    Row("desk:similar", get=IN_FULL, absent=f"{NEIGHBOURS} outsider"),
    Row("desk:seen", get="head governor", absent="other_head"),
    Row("desk:keep-similar", get=OFFICERS, post=OFFICERS, absent="outsider"),
    Row("desk:kept-similar", get=IN_FULL, absent="other_head outsider"),
    Row("desk:data", get=f"{OFFICERS} administrator outsider"),
    Row("desk:release", get=f"{OFFICERS} administrator outsider"),
    Row("desk:measures", get=SIGNED_IN),
    Row("desk:measure", get=SIGNED_IN),
    Row("desk:direction", get=EVERYBODY),
    Row("desk:estimated", get=EVERYBODY),
    Row("desk:accessibility", get=EVERYBODY),
    # Possible supporters: the need of a school is for officers and brokers
    Row("brokerage:supporters", get=OFFICERS, absent="outsider"),
    # The support review: officers and brokers; of a school, its own people once it has been sent
    Row("monitoring:board", get=f"{OFFICERS} outsider"),
    Row("monitoring:board-csv", get=f"{OFFICERS} outsider"),
    Row("monitoring:how", get=SIGNED_IN),
    Row("monitoring:own", get="head other_head governor"),
    Row("monitoring:rounds", get=f"{OFFICERS} outsider"),
    Row("monitoring:open", get=f"{OFFICERS} outsider", post=f"{OFFICERS} outsider"),
    Row("monitoring:round", get=OFFICERS, absent="outsider"),
    Row("monitoring:send-round", get=OFFICERS, post=OFFICERS, absent="outsider"),
    Row("monitoring:school", get=IN_FULL, absent="other_head outsider"),
    Row("monitoring:review", get=IN_FULL, absent="other_head outsider"),
    Row("monitoring:done", get=IN_FULL, absent="other_head outsider"),
    Row("monitoring:tell", get=OFFICERS, post=OFFICERS, absent="outsider"),
    Row("monitoring:send", get=OFFICERS, post=OFFICERS, absent="outsider"),
    Row("monitoring:reply", get="head", post="head", absent="other_head"),
    Row("monitoring:judge", get=OFFICERS, post=OFFICERS, absent="outsider"),
    Row("monitoring:decide", get=OFFICERS, post=OFFICERS, absent="outsider"),
)

#: What stands for each part of an address, unless the row says otherwise.
ARGUMENTS: dict[str, Callable[[Site], Any]] = {
    "appointment_id": lambda site: Appointment.objects.get(person=site.cast.board_member).pk,
    "uidb64": lambda site: urlsafe_base64_encode(force_bytes(site.cast.head.pk)),
    "token": lambda site: default_token_generator.make_token(site.cast.head),
    "urn": lambda site: site.school.urn,
    "key": lambda site: "ks2.rwm_expected",
    "release_id": lambda site: site.picture.releases[0],
    "kept_id": lambda site: _kept(site).pk,
    "round_id": lambda site: _sent(site).round_id,
    "review_id": lambda site: _sent(site).pk,
    "what": lambda site: "sent",
    "passkey_id": lambda site: 1,
    "provider": lambda site: "google",
}


def _kept(site: Site) -> KeptSet:
    """A kept set of the schools similar to ``site.school``."""
    return keep_similar(
        partnership=site.partnership,
        organisation=site.school,
        picture=site.picture,
        purpose="Maths plan",
        token=_TOKEN,
        by=site.reader("officer"),
    )


def _sent(site: Site) -> Review:
    """The review of ``site.school`` in a round that has been opened; its proposal has been sent."""
    officer = site.reader("officer")
    kept = Review.objects.filter(organisation=site.school).first()
    if kept is not None:
        return kept
    opened = monitoring.open_round(
        partnership=site.partnership,
        name="Spring term 2027",
        picture=site.picture,
        token=uuid4(),
        by=officer,
    )
    review = Review.objects.get(round=opened, organisation=site.school)
    if review.outcome == Outcome.PRIORITY:
        monitoring.tell(review=review, on=localdate(), how="a meeting", by=officer)
    monitoring.send(reviews=[review], by=officer)
    return review


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
def test_who_passes(row: Row, site: Site) -> None:
    address = _address(row, site)
    cells = [(reader, method) for reader in READERS for method in METHODS]
    clients = {reader: _client(reader, site) for reader in READERS}
    declared = {cell: _declared(row, *cell) for cell in cells}
    found = {
        (reader, method): _fate(_client(reader, site).generic(method, address))
        if row.route == "accounts:sign-out"
        else _fate(clients[reader].generic(method, address))
        for reader, method in cells
    }
    other = [
        f"{reader} {method} {address}: {found[reader, method]}, declared: {said}"
        for (reader, method), said in declared.items()
        if found[reader, method] != said
    ]
    assert not other, "\n".join(other)


def _address(row: Row, site: Site) -> str:
    pattern = dict(routes())[row.route].pattern
    named = [*pattern.converters, *getattr(pattern, "regex", re.compile("")).groupindex]
    parts = {name: ARGUMENTS[name](site) for name in named}
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
