"""What each partnership holds that the other could ask for, and every request that asks for it."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

if TYPE_CHECKING:
    from django.test import Client

    from proofs._two import Side

#: Which model's identifier a part of an address is; or the word for another kind of name.
NAMED_BY = {
    "appointment_id": "people.appointment",
    "invitation_id": "people.invitation",
    "request_id": "people.buddyrequest",
    "membership_id": "schools.membership",
    "group_id": "schools.group",
    "member_id": "schools.groupmember",
    "part_id": "schools.grouppart",
    "kept_id": "schools.keptset",
    "round_id": "monitoring.reviewround",
    "review_id": "monitoring.review",
    "passkey_id": "accounts.passkey",
    "person_id": "accounts.user",
    "urn": "urn",
    "uidb64": "uidb64",
    "token": "token",
}
#: Parts of an address that name what is everybody's (published figures and fixed words), and the
#: numbers that each partnership counts for itself.
OPEN = {
    "key": "ks2.rwm_expected",
    "release_id": "",
    "provider": "google",
    "what": "sent",
    "number": "1",
}

#: A route that is sent to and never looked at, and the page on which its form stands.
STANDS_ON = {
    "records:disclosure-file": "records:disclosure",
    "records:own-file": "records:own",
    "records:person-file": "records:person",
    "records:address-file": "records:address",
}
#: Pages that are found by an address to which somebody was invited.
BY_ADDRESS = {"records:address"}


@dataclass(frozen=True)
class Name:
    """An identifier of the other partnership, and one of the same kind that is nowhere."""

    kind: str
    value: str
    nowhere: str


@dataclass(frozen=True)
class Shot:
    """One request. ``where`` is the part that carries the name: ``path``, ``query`` or ``body``."""

    number: int
    attacker: str
    route: str
    method: str
    who: str
    host: str
    where: str
    part: str
    name: Name


@dataclass(frozen=True)
class Answer:
    """What is compared: status and where to, and the text with what differs each time taken out."""

    status: int
    text: str


@dataclass
class Target:
    """A form of one side that goes through, with who sends it, where, and what."""

    route: str
    who: str
    path: str
    fields: dict[str, str]
    through: bool


@dataclass
class Field:
    """Both sides, their names and forms, and a browser for each person at each host."""

    sides: "dict[str, Side]"
    names: dict[str, list[Name]] = field(default_factory=dict)
    own: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    targets: dict[str, list[Target]] = field(default_factory=dict)
    browsers: "dict[tuple[str, str, str], tuple[Client, dict[str, str]]]" = field(
        default_factory=dict
    )
    missing: dict[Any, Answer] = field(default_factory=dict)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: int = 0
    ways: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)

    def other(self, letter: str) -> "Side":
        """The side that is attacked."""
        return self.sides["b" if letter == "a" else "a"]


def field_of(picture: Any, seed: int) -> Field:
    """Fill both partnerships, and look for what there is to attack."""
    from proofs._two import digest, two_partnerships

    a, b = two_partnerships(picture, seed)
    OPEN["release_id"] = picture.releases[0]
    made = Field({"a": a, "b": b})
    for letter, side in made.sides.items():
        made.names[letter] = list(_names(side))
        made.own[letter] = {}
        for name in made.names[letter]:
            made.own[letter].setdefault(name.kind, []).append(name.value)
    for letter, side in made.sides.items():
        for host in {s.host for s in made.sides.values()}:
            for who in ("", *side.people):
                browser(made, letter, who, host)
    for letter, side in made.sides.items():
        made.digests[letter] = digest(side)
        made.targets[letter] = list(_targets(made, letter))
        made.digests[letter] = digest(side)
    return made


def browser(made: Field, letter: str, who: str, host: str) -> "Client":
    """A browser in which a person is signed in at a host, as it was when it had just signed in."""
    from django.test import Client

    key = (letter if who else "", who, host)
    if key not in made.browsers:
        client = Client(headers={"host": host}, raise_request_exception=False)
        if who:
            client.force_login(
                made.sides[letter].people[who],
                backend="django.contrib.auth.backends.ModelBackend",
            )
        made.browsers[key] = (client, {n: m.value for n, m in client.cookies.items()})
    client, kept = made.browsers[key]
    client.cookies.clear()
    client.cookies.load(kept)
    return client


def _names(side: "Side") -> Iterator[Name]:
    """Identifiers of one side: of each model the newest few rows, and all names of other kinds."""
    from django.core.signing import Signer
    from django.db import models
    from django.utils.encoding import force_bytes
    from django.utils.http import urlsafe_base64_encode

    from bridgehead.people.queries import _SALT
    from proofs._two import ours, rows_of

    def nobody(number: int) -> str:
        return str(9_900_000 + number)

    def beside(canary: str) -> str:
        """A word that is nobody's and that a list by name would put in the same place."""
        return re.sub(r"(?<=[0-9a-f]{6})[0-9a-f](?=z)", "g", canary)

    for n, model in enumerate(ours()):
        kind = model._meta.label_lower
        rows = list(rows_of(model, side).order_by("-pk"))
        several = {"monitoring.review": len(rows), "people.appointment": len(rows)}
        for row in rows[: several.get(kind, 3)]:
            key = str(row.pk)
            nowhere = nobody(n) if key.isdigit() else key[:-1] + ("1" if key[-1] == "0" else "0")
            yield Name(kind, str(row.pk), nowhere)
            for each in model._meta.concrete_fields:
                if isinstance(each, models.UUIDField) and not each.primary_key:
                    value: UUID = getattr(row, each.name)
                    yield Name("uuid", str(value), str(UUID(int=value.int ^ 1)))
    for school in side.schools[:5]:
        yield Name("urn", str(school.urn), "199901")
    for who in ("head", "broker", "newcomer"):
        person = side.people[who]
        uid = urlsafe_base64_encode(force_bytes(person.pk))
        yield Name("uidb64", uid, urlsafe_base64_encode(force_bytes(9_900_000)))
        yield Name("email", person.email, beside(person.email))
        yield Name("text", person.name, beside(person.name))
    for invitation in side.partnership.invitations.all():
        signer = Signer(salt=_SALT)
        yield Name("token", signer.sign(invitation.nonce), signer.sign(beside(invitation.nonce)))
        yield Name("text", invitation.nonce, beside(invitation.nonce))
    for group in side.partnership.groups.all():
        yield Name("text", group.name, beside(group.name))
    yield Name("text", side.partnership.slug, beside(side.partnership.slug))


def path_of(route: str, given: dict[str, str]) -> str:
    """The address of a route with these parts."""
    from django.urls import reverse

    return reverse(route, kwargs=given)


def ways(made: Field, letter: str, route: str, parts: list[str]) -> list[dict[str, str]]:
    """The parts of an address with the names of one side: one way for each of the last's."""
    from proofs._two import Unready

    found: list[dict[str, str]] = [{}]
    for part in parts:
        if part in OPEN:
            found = [way | {part: OPEN[part]} for way in found]
            continue
        if part not in NAMED_BY:
            raise Unready(
                f"{route} has a part {part} in its address, and nothing says what it names. Add it "
                "to NAMED_BY of proofs/_shots.py, or to OPEN where it names what is everybody's."
            )
        own = made.own[letter].get(NAMED_BY[part], [])
        found = [way | {part: value} for way in found for value in own]
    return found


def _targets(made: Field, letter: str) -> Iterator[Target]:
    """Of each form on the pages of a side the sending that goes through, else one that does not."""
    from django.urls import resolve

    from proofs._pages import filled, forms_on, parameters, routes

    side, found = made.sides[letter], {}
    roles = ["administrator", "broker", "partnership_director", "head", "fresh_head"]
    every = [*roles, *(who for who in side.people if who.startswith("head_of")), ""]
    for route, pattern in routes():
        if "POST" not in getattr(pattern.callback, "methods", ()):
            continue
        for way in ways(made, letter, route, parameters(pattern)):
            for who in every[:3] if route.startswith("accounts:") else every:
                if route in found and found[route].through:
                    break
                stands_on = STANDS_ON.get(route, route)
                path = path_of(stands_on, way)
                if stands_on in BY_ADDRESS:
                    invited = side.partnership.invitations.filter(accepted_at=None).latest("pk")
                    path = f"{path}?{urlencode({'email': invited.email})}"
                page = browser(made, letter, who, side.host).get(path)
                if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
                    continue
                for form in forms_on(page.content.decode()):
                    at = form.action or path
                    if form.method != "post" or not at.startswith("/"):
                        continue
                    match = resolve(at.split("?")[0])
                    if match.view_name != route:
                        continue
                    fields = filled(form, route, side.people["leaver"].email)
                    through = _goes_through(made, letter, who, at, fields)
                    found[route] = Target(route, who, at, fields, through)
                    if through:
                        break
    yield from found.values()


def _goes_through(made: Field, letter: str, who: str, path: str, fields: dict[str, str]) -> bool:
    """Whether a sending leads on, or gives a file or page without complaint, and writes something;
    undone at once."""
    from proofs._two import digest
    from proofs._undo import undone

    side = made.sides[letter]
    with undone():
        answer = browser(made, letter, who, side.host).post(path, fields)
        taken = answer.status_code == 302 or (
            answer.status_code == 200 and b"govuk-error-summary" not in answer.getvalue()
        )
        return taken and digest(side) != made.digests[letter]


def shots(made: Field, seed: int) -> list[Shot]:
    """Every shot, in an order of the seed. The whole table first: each route × method × person ×
    host, by names that its address or its form asks for. Then each name in each field of each form,
    and each name in each part of each address and in queries."""
    from proofs._pages import METHODS, asked_of_queries, parameters, routes

    table, fields, drawn = [], [], []
    rng, queries = random.Random(f"{seed}/shots"), asked_of_queries()
    for letter, side in made.sides.items():
        victim = made.other(letter)
        names = made.names[victim.letter]
        by_kind: dict[str, list[Name]] = {}
        for name in names:
            by_kind.setdefault(name.kind, []).append(name)
        targets = {t.route: t for t in made.targets[letter]}
        for route, pattern in routes():
            parts = [p for p in parameters(pattern) if p in NAMED_BY]
            for method in METHODS:
                for who in ("", *side.people):
                    for host in (side.host, victim.host):
                        where, part, name = "query", rng.choice(queries), rng.choice(names)
                        if parts:
                            where, part = "path", rng.choice(parts)
                            name = rng.choice(by_kind[NAMED_BY[part]])
                        elif method not in ("GET", "HEAD") and route in targets:
                            where, part = "body", rng.choice([*targets[route].fields])
                        table.append((letter, route, method, who, host, where, part, name))
            for name in names:
                for who in ("administrator", "broker", "head", ""):
                    part = rng.choice(queries)
                    drawn.append((letter, route, "GET", who, side.host, "query", part, name))
                    for part in parts:
                        method = rng.choice(("GET", "POST"))
                        drawn.append((letter, route, method, who, side.host, "path", part, name))
        for target in targets.values():
            for part in target.fields:
                fields += [
                    (letter, target.route, "POST", target.who, side.host, "body", part, name)
                    for name in names
                ]
    for each in (table, fields, drawn):
        rng.shuffle(each)
    # So mixed that any stretch has some of each.
    mixed = [
        each
        for few in zip_longest(table[::2], table[1::2], fields, drawn)
        for each in few
        if each is not None
    ]
    return [Shot(n, *each) for n, each in enumerate(mixed)]
