"""Every route × reader × method: who passes, declared in one table. Whatever is not declared here
fails, and so does whatever answers otherwise than declared.

A row names a route and, for each method that it answers, who passes. HEAD goes with GET. Everybody
else is sent to sign in (nobody) or told that the role does not include it (403). ``ABSENT`` names
those who pass the door but for whom the object is missing (404): another school's, or another
partnership's. Methods that a row does not name answer 405.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
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

from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.monitoring import actions as monitoring
from bridgehead.monitoring.models import Review
from bridgehead.monitoring.rules import Outcome
from bridgehead.people.actions import ask_for_buddy, invite
from bridgehead.people.models import Appointment, BuddyRequest, Invitation
from bridgehead.people.queries import invitation_address
from bridgehead.people.rules import roles
from bridgehead.records.actions import Erased, erase_address
from bridgehead.schools.actions import join_groups, keep_similar
from bridgehead.schools.models import GroupPart, KeptSet
from bridgehead.schools.rules import GroupKind
from tests.cast import LONG_AGO, ROLES, FurtherCast, Site, group

pytestmark = pytest.mark.django_db

_TOKEN = uuid4()
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

#: Readers: ``nobody`` is not signed in, ``stranger`` is and holds no role; the others hold each one
#: role. ``outsider`` is a broker and
#: ``outside_administrator`` an administrator at the host of another partnership.
READERS = (
    "nobody",
    "stranger",
    "head",
    "other_head",
    "senior_leader",
    "governor",
    "chair_of_governors",
    "clerk",
    "staff_member",
    "trust_improvement_lead",
    "diocesan_officer",
    "hub_broker",
    "officer",
    "broker",
    "partnership_director",
    "cluster_lead",
    "data_officer",
    "fund_officer",
    "link_officer",
    "authority_director",
    "board_member",
    "chair",
    "board_representative",
    "peer_reviewer",
    "supporter",
    "observer",
    "administrator",
    "outside_administrator",
    "outsider",
)
OUTSIDE = "outsider outside_administrator"


def but(readers: str, *without: str) -> str:
    """Readers without some of them."""
    gone = {each for names in without for each in names.split()}
    return " ".join(each for each in readers.split() if each not in gone)


EVERYBODY = " ".join(READERS)
SIGNED_IN = but(EVERYBODY, "nobody")
WITH_ROLE = but(SIGNED_IN, "stranger")
HERE = but(WITH_ROLE, OUTSIDE)
#: Who sees published figures of single schools: all but the observer.
PUBLISHED = but(WITH_ROLE, "observer")
MEMBERS = but(HERE, "observer")
ADMINISTRATORS = "administrator outside_administrator"
OFFICERS = "officer broker"
#: Who works on support reviews, or looks on by office.
REVIEWERS = f"{OFFICERS} partnership_director authority_director"
OWN = "head senior_leader governor chair_of_governors trust_improvement_lead"
IN_FULL = f"{OWN} {REVIEWERS}"
NEIGHBOURS = but(MEMBERS, IN_FULL)
DATA = f"{REVIEWERS} data_officer {ADMINISTRATORS} outsider"
#: An appointment or an invitation at Helen Okafor's school.
BOTH = "head administrator"
OUTSIDE_ADMINISTRATOR = "outside_administrator"
#: An invitation's link is for whoever has it, at the partnership that it is of.
WITH_LINK = but(EVERYBODY, OUTSIDE)
HEADS = "head other_head"
NAMERS = "broker partnership_director"
#: A member, a group or a belonging of this partnership.
KEPT = {"get": "administrator", "post": "administrator", "absent": "outside_administrator"}


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
    # No contact is set: nothing is there (``test_contact``)
    Row("security-txt", get=EVERYBODY, absent=EVERYBODY),
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
    Row("accounts:remove-passkey", get=SIGNED_IN, post=SIGNED_IN, absent=SIGNED_IN),
    Row("accounts:sessions", get=SIGNED_IN, post=SIGNED_IN),
    Row("accounts:show-again", get=SIGNED_IN, post=SIGNED_IN),
    Row("accounts:sign-out", post=EVERYBODY),
    Row("accounts:set-password", get=EVERYBODY, post=EVERYBODY),
    Row("accounts:change-password", get=SIGNED_IN, post=SIGNED_IN),
    Row("accounts:password-changed", get=SIGNED_IN),
    Row("accounts:audit", get=ADMINISTRATORS),
    # People: a head looks after those of the own school, and sees nobody's else
    Row("people:list", get=ADMINISTRATORS),
    Row("people:appoint", get=ADMINISTRATORS, post=ADMINISTRATORS),
    Row(
        "people:appointed",
        get="administrator",
        post="administrator",
        absent="outside_administrator",
    ),
    Row("people:end", get=BOTH, post=BOTH, absent=f"other_head {OUTSIDE_ADMINISTRATOR}"),
    Row("people:invite", get=ADMINISTRATORS, post=ADMINISTRATORS),
    Row("people:invited", get=BOTH, absent=f"other_head {OUTSIDE_ADMINISTRATOR}"),
    Row("people:withdraw", get=BOTH, post=BOTH, absent=f"other_head {OUTSIDE_ADMINISTRATOR}"),
    Row("people:own", get="head", absent="other_head"),
    Row("people:invite-own", get="head", post="head", absent="other_head"),
    Row("people:accept", get=WITH_LINK, post=WITH_LINK, absent=OUTSIDE),
    Row("people:buddy", get=HEADS, post=HEADS),
    Row("people:buddies", get=f"{NAMERS} outsider"),
    Row("people:name-buddy", get=NAMERS, post=NAMERS, absent="outsider"),
    Row("people:choose-role", get=SIGNED_IN, post=SIGNED_IN),
    Row("people:signed-in", get=SIGNED_IN),
    Row("people:who-can-see", get=EVERYBODY),
    # Members and groups
    Row("schools:members", get=ADMINISTRATORS),
    Row("schools:add-member", get=ADMINISTRATORS, post=ADMINISTRATORS),
    Row("schools:add-sheet", get=ADMINISTRATORS, post=ADMINISTRATORS),
    Row("schools:leave", **KEPT),
    Row("people:groups", get=ADMINISTRATORS),
    Row("people:add-group", get=ADMINISTRATORS, post=ADMINISTRATORS),
    Row("people:group", get="administrator", absent="outside_administrator"),
    Row("people:join-group", **KEPT),
    Row("people:leave-group", **KEPT),
    Row("people:part-group", **KEPT),
    # The desk: published figures for all; a school's own people and the officers see it in full
    Row("desk:home", get=SIGNED_IN),
    Row("desk:area", get=WITH_ROLE),
    Row("desk:schools", get=PUBLISHED),
    Row("desk:schools-csv", get=PUBLISHED),
    Row("desk:school", get=MEMBERS, absent=OUTSIDE),
    Row("desk:standards", get=MEMBERS, absent=OUTSIDE),
    Row("desk:inspections", get=MEMBERS, absent=OUTSIDE),
    Row("desk:inspections-csv", get=MEMBERS, absent=OUTSIDE),
    Row("desk:sources", get=MEMBERS, absent=OUTSIDE),
    Row("desk:series", get=MEMBERS, absent=OUTSIDE),
    Row("desk:series-csv", get=MEMBERS, absent=OUTSIDE),
    Row("desk:similar", get=IN_FULL, absent=f"{NEIGHBOURS} {OUTSIDE}"),
    Row("desk:seen", get=OWN, absent="other_head"),
    Row("desk:keep-similar", get=OFFICERS, post=OFFICERS, absent="outsider"),
    Row("desk:kept-similar", get=IN_FULL, absent="other_head outsider"),
    Row("desk:data", get=DATA),
    Row("desk:release", get=DATA),
    Row("desk:measures", get=SIGNED_IN),
    Row("desk:measure", get=SIGNED_IN),
    Row("desk:direction", get=EVERYBODY),
    Row("desk:estimated", get=EVERYBODY),
    Row("desk:accessibility", get=EVERYBODY),
    # What is kept: told to everybody; one's own; requests are for administrators
    Row("records:kept", get=EVERYBODY),
    Row("records:processing", get=SIGNED_IN),
    Row("records:agreement", get=SIGNED_IN),
    Row("records:impact", get=SIGNED_IN),
    Row("records:own", get=SIGNED_IN),
    Row("records:own-file", post=SIGNED_IN),
    Row("records:requests", get=ADMINISTRATORS),
    Row("records:person", get="administrator", absent="outside_administrator"),
    Row("records:person-file", post="administrator", absent="outside_administrator"),
    Row("records:erase", **KEPT),
    Row("records:address", get=ADMINISTRATORS, post=ADMINISTRATORS),
    Row("records:address-file", post=ADMINISTRATORS),
    Row("records:erased", get="administrator", absent="outside_administrator"),
    Row("records:disclosure", get=ADMINISTRATORS),
    Row("records:disclosure-file", post=ADMINISTRATORS),
    Row("records:contacts", get=ADMINISTRATORS, post=ADMINISTRATORS),
    # Possible supporters: the need of a school is for officers and brokers
    Row("brokerage:supporters", get=OFFICERS, absent="outsider"),
    # The support review: officers and brokers; of a school, its own people once it has been sent
    Row("monitoring:board", get=f"{REVIEWERS} outsider"),
    Row("monitoring:board-csv", get=f"{OFFICERS} outsider"),
    Row("monitoring:how", get=SIGNED_IN),
    Row("monitoring:own", get=f"{OWN} other_head"),
    Row("monitoring:rounds", get=f"{REVIEWERS} outsider"),
    Row("monitoring:open", get=f"{OFFICERS} outsider", post=f"{OFFICERS} outsider"),
    Row("monitoring:round", get=REVIEWERS, absent="outsider"),
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
    "appointment_id": lambda site: Appointment.objects.get(person=site.cast.governor).pk,
    "invitation_id": lambda site: _invitation(site).pk,
    "request_id": lambda site: _asked_for_buddy(site).pk,
    "membership_id": lambda site: site.school.memberships.get().pk,
    "group_id": lambda site: group(site, GroupKind.CLUSTER, "Harbour cluster").pk,
    "member_id": lambda site: group(site, GroupKind.CLUSTER, "Harbour cluster").members.get().pk,
    "part_id": lambda site: _part(site).pk,
    "uidb64": lambda site: urlsafe_base64_encode(force_bytes(site.cast.head.pk)),
    "token": lambda site: default_token_generator.make_token(site.cast.head),
    "urn": lambda site: site.school.urn,
    "key": lambda site: "ks2.rwm_expected",
    "release_id": lambda site: site.picture.releases[0],
    "person_id": lambda site: site.cast.governor.pk,
    "kept_id": lambda site: _kept(site).pk,
    "round_id": lambda site: _sent(site).round_id,
    "review_id": lambda site: _sent(site).pk,
    "what": lambda site: "sent",
    "passkey_id": lambda site: 1,
    "provider": lambda site: "google",
    "number": lambda site: _erased(site).line,
}


def _invitation(site: Site) -> Invitation:
    """Somebody new is invited to ``site.school`` by its head."""
    return invite(
        name="Noor Aziz",
        email="noor.aziz@example.org",
        role="clerk",
        organisation=site.school,
        partnership=site.partnership,
        by=site.reader("head"),
    )


def _erased(site: Site) -> Erased:
    """Somebody who was invited is erased; a line says so."""
    address, by = _invitation(site).email, site.reader("administrator")
    return erase_address(address=address, why="asked for it", by=by)


def _asked_for_buddy(site: Site) -> BuddyRequest:
    """The other head asks, as if appointed yesterday."""
    held = Appointment.objects.filter(person=site.cast.other_head)
    held.update(starts=localdate() - timedelta(days=1))
    return ask_for_buddy(by=site.reader("other_head"))


def _part(site: Site) -> GroupPart:
    """The cluster's part in a joint group."""
    return join_groups(
        whole=group(site, GroupKind.JOINT, "Both banks"),
        part=group(site, GroupKind.CLUSTER, "Harbour cluster"),
        joined=LONG_AGO,
        by=COMMAND_LINE,
    )


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


def test_every_role_is_a_reader() -> None:
    missing = {ROLES.get(reader, reader) for reader in READERS} ^ roles().keys()
    assert missing == {"nobody", "stranger", "outside_administrator"}, (
        f"{missing}: put one reader of each role into READERS, and into the rows of the pages that "
        "the role may open."
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
    cells = [(reader, method) for reader in READERS for method in METHODS]
    other = list(differences(row, site, cells))
    assert not other, "\n".join(other)


@pytest.mark.parametrize("row", [row for row in TABLE if row.post], ids=lambda row: row.route)
def test_nothing_is_sent_without_a_token(row: Row, site: Site) -> None:
    """A page elsewhere that makes a browser send a form here is turned away."""
    reader = (row.passes("POST") or [""])[-1]
    people = FurtherCast(site)
    client, address = _client(reader, site, people), _address(row, site)
    client.handler.enforce_csrf_checks = True
    answer = client.post(address)
    assert answer.status_code == 403
    assert b"This page was open for too long" in answer.content
    client.handler.enforce_csrf_checks = False
    assert _fate(client.post(address)) == _declared(row, reader, "POST")


def differences(row: Row, site: Site, cells: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The cells that answer otherwise than declared. A page that is shown also has to say who can
    see it."""
    address, cells = _address(row, site), list(cells)
    people = FurtherCast(site)
    clients: dict[str, Client] = {}
    for reader, method in cells:
        if reader not in clients or row.route == "accounts:sign-out":
            clients[reader] = _client(reader, site, people)
        answer = clients[reader].generic(method, address)
        found, said = _fate(answer), _declared(row, reader, method)
        if found != said:
            yield f"{reader} {method} {address}: {found}, declared: {said}"
        elif not _says_who(answer):
            yield f"{reader} {method} {address}: the page does not say who can see it"


def _says_who(answer: HttpResponseBase) -> bool:
    page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    if not page or answer.request["REQUEST_METHOD"] == "HEAD":
        return True
    return b"Who can see this" in answer.content


def _address(row: Row, site: Site) -> str:
    pattern = dict(routes())[row.route].pattern
    named = [*pattern.converters, *getattr(pattern, "regex", re.compile("")).groupindex]
    parts = {name: ARGUMENTS[name](site) for name in named if name not in row.arguments}
    if row.route == "people:accept":
        return invitation_address(_invitation(site))
    return reverse(row.route, kwargs=parts | row.arguments)


def _client(reader: str, site: Site, people: FurtherCast | None = None) -> Client:
    host = "elsewhere.localhost" if reader in OUTSIDE.split() else "localhost"
    client = Client(headers={"host": host})
    if reader != "nobody":
        people = FurtherCast(site) if people is None else people
        who = getattr(site.cast, reader, None) or people[reader]
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _fate(response: HttpResponseBase) -> str:
    """What became of a request, in a word."""
    if response.status_code == 302 and response["Location"].startswith("/sign-in/?next="):
        return "to sign-in"
    fates = {403: "refused", 404: "missing", 405: "not answered"}
    assert response.status_code < 500, response.status_code
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
