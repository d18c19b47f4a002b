"""Two partnerships of one installation, both with a row of every model of ours, and in every text
that is nobody else's business a word that nobody could guess: a canary."""

import base64
import hashlib
import random
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.utils import timezone
from django.utils.timezone import localdate

from bridgehead.accounts.actions import create_person
from bridgehead.accounts.audit.sightings import saw, seal_views
from bridgehead.accounts.models import AccountElsewhere, Passkey, Session, User, WrongCode
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.monitoring import actions as monitoring
from bridgehead.monitoring.models import Review, View
from bridgehead.monitoring.queries import policy_in_force
from bridgehead.monitoring.rules import Outcome, State
from bridgehead.people import actions as people
from bridgehead.people.models import Appointment
from bridgehead.people.queries import reader_of
from bridgehead.people.rules import Scope, roles
from bridgehead.picture.picture import Picture
from bridgehead.schools.actions import (
    create_group,
    create_partnership,
    import_register,
    join_groups,
    keep_similar,
)
from bridgehead.schools.models import Group, Organisation, Partnership
from bridgehead.schools.rules import GroupKind, MemberKind
from tests.cast import LONG_AGO, with_app

#: A canary: q, the letter of its partnership, seven hex digits, z.
CANARY = re.compile(rb"q[ab][0-9a-f]{7}z")
#: Texts that hold none: words of a fixed list, open figures, and sealed or hashed secrets that no
#: page shows. Every other text of every model of ours must hold one in both partnerships.
NO_CANARY = {
    "schools.partnership": {"host", "authority_codes", "name"},
    "schools.keptset": {"picture", "name", "note", "context", "neighbours"},
    "monitoring.reviewround": {"picture", "policy"},
    "monitoring.review": {"picture", "policy", "phase", "type_group"},
    "monitoring.supportdecision": {"category"},
    "people.appointment": {"role"},
    "people.invitation": {"role"},
    "schools.organisation": {"phase", "type_name", "type_group", "la", "status"},
    "accounts.auditentry": {"actor", "role", "verb", "object_kind", "object_id", "previous", "key"},
    "accounts.auditview": {"actor", "role", "urns", "key"},
    "accounts.pseudonym": {"word", "key"},
    "accounts.authenticator": {"sealed_secret"},
    "accounts.passkey": {"host", "credential", "public_key"},
    "accounts.session": {"session_key", "session_data"},
    "accounts.user": {"password"},
}
NO_CANARY_ANYWHERE = {"digest"}  # of a seal or of a code
#: The database refuses to change their rows: what is in them went through an action.
WRITTEN_ONCE = {"accounts.auditentry", "accounts.auditview", "schools.keptset"}


class Unready(Exception):
    """The campaign does not know something new on the site; the message says what to add."""


@dataclass
class Side:
    """One partnership with its people, by what stands for them in a shot."""

    letter: str
    partnership: Partnership
    host: str
    people: dict[str, User] = field(default_factory=dict)
    schools: list[Organisation] = field(default_factory=list)
    rng: random.Random = field(default_factory=random.Random)
    canaries: set[bytes] = field(default_factory=set)

    def word(self) -> str:
        """A new canary of this side."""
        made = f"q{self.letter}{self.rng.getrandbits(28):07x}z"
        self.canaries.add(made.encode())
        return made

    def reader(self, who: str) -> Any:
        """The reader that one of its people is."""
        return reader_of(self.people[who], self.partnership)


def ours() -> list[type[models.Model]]:
    """Every model with a table that this program declares."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("bridgehead.")
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed
    ]


def rows_of(model: type[models.Model], side: Side) -> models.QuerySet[Any]:
    """The rows of a model that belong to one side. Raises ``Unready`` where nothing says whose they
    are."""
    names = {f.name for f in model._meta.get_fields()}
    ids = [person.pk for person in side.people.values()]
    every = model._base_manager.all()
    if model is Partnership:
        return every.filter(pk=side.partnership.pk)
    if model is User:
        return every.filter(pk__in=ids)
    if "partnership" in names or "partnership_id" in names:
        return every.filter(partnership_id=side.partnership.pk)
    if "person" in names:
        return every.filter(person_id__in=ids)
    raise Unready(
        f"{model._meta.label} has neither partnership nor person: nothing says to which "
        "partnership its rows belong. Say so in rows_of of proofs/_two.py."
    )


def digest(side: Side, tables: Collection[str] | None = None) -> dict[str, str]:
    """Table → a digest over every row that belongs to a side; of every table, or of some."""
    return {
        model._meta.db_table: hashlib.sha256(
            repr(list(rows_of(model, side).order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in ours()
        if tables is None or model._meta.db_table in tables
    }


def two_partnerships(picture: Picture, seed: int) -> tuple[Side, Side]:
    """Write both, the second with identifiers far from the first one's."""
    made = []
    for n, (letter, authority, host) in enumerate(
        (("a", "502", "localhost"), ("b", "501", "elsewhere.localhost"))
    ):
        _number_from(1_000_000 * (3 + 3 * n))
        rng = random.Random(f"{seed}/{letter}")
        name = f"Partnership {letter.upper()}"
        partnership = create_partnership(
            name=name,
            authority_codes=[authority],
            host="" if host == "localhost" else host,
            by=COMMAND_LINE,
        )
        side = Side(letter, partnership, host, rng=rng)
        _fill(side, picture)
        made.append(side)
    for side in made:
        _stuff(side)
        check_populated(side)
    return made[0], made[1]


def _number_from(start: int) -> None:
    """Let every table number its rows from here, each from another place, so that no identifier
    means one thing in one table and another in the next."""
    with connection.cursor() as cursor:
        for n, model in enumerate(ours()):
            if not isinstance(model._meta.pk, models.AutoField):
                continue
            at, table = start + n * 17_000 + 113, model._meta.db_table
            if connection.vendor != "sqlite":
                where = f"pg_get_serial_sequence('{table}', '{model._meta.pk.column}')"
                cursor.execute(f"SELECT setval({where}, %s)", [at])
                continue
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, at])


def _fill(side: Side, picture: Picture) -> None:
    """People of every role, members, groups, invitations, buddies, reviews in every state."""
    p, word = side.partnership, side.word
    import_register(picture=picture, partnership=p, by=COMMAND_LINE)
    side.schools = list(
        Organisation.objects.filter(memberships__partnership=p, urn__isnull=False).order_by("urn")
    )
    first, second, third = side.schools[:3]
    groups = {
        kind: create_group(
            partnership=p, kind=kind, name=word(), schools=[first], joined=LONG_AGO, by=COMMAND_LINE
        )
        for kind in (GroupKind.TRUST, GroupKind.CLUSTER)
    }
    both = create_group(
        partnership=p, kind=GroupKind.JOINT, name=word(), schools=[], by=COMMAND_LINE
    )
    join_groups(whole=both, part=groups[GroupKind.CLUSTER], joined=LONG_AGO, by=COMMAND_LINE)
    for key in roles():
        _appoint(side, key, key, first, groups)
    _appoint(side, "other_head", "head", second, groups)
    _appoint(side, "new_head", "head", third, groups, starts=localdate() - timedelta(days=40))
    _appoint(
        side, "fresh_head", "head", side.schools[6], groups, starts=localdate() - timedelta(days=20)
    )
    _appoint(
        side,
        "asking_head",
        "head",
        side.schools[7],
        groups,
        starts=localdate() - timedelta(days=20),
    )
    _appoint(side, "leaver", "governor", second, groups, ends=localdate() - timedelta(days=1))
    by = {who: side.reader(who) for who in side.people}
    member = _own(side, MemberKind.CHARITY)
    member.memberships.create(partnership=p, joined=LONG_AGO, by_hand=True)
    _, accepted, withdrawn = (
        people.invite(
            name=word(),
            email=f"{word()}@example.org",
            role="governor",
            partnership=p,
            organisation=first,
            by=by["head" if n else "administrator"],
        )
        for n in range(3)
    )
    newcomer = create_person(
        email=accepted.email, name=accepted.name, password=None, by=COMMAND_LINE
    )
    people.accept(invitation=accepted, person=newcomer)
    side.people["newcomer"] = newcomer
    people.withdraw(invitation=withdrawn, by=by["head"])
    people.name_buddy(
        request=people.ask_for_buddy(by=by["new_head"]),
        buddy=Appointment.objects.get(person=side.people["head"]),
        by=by["broker"],
    )
    people.ask_for_buddy(by=by["asking_head"])
    _review(side, picture, by)
    for n, school in enumerate((first, second)):
        keep_similar(
            partnership=p, organisation=school, picture=picture, purpose=word(),
            token=UUID(int=side.rng.getrandbits(128)), by=by["broker"],
        )  # fmt: skip
        saw(by=by["broker"], what=word(), urns=[school.urn or 0])
        if not n:
            seal_views(p.pk)
    head = side.people["head"]
    Passkey.objects.create(
        person=head, host=side.host, name=word(), public_key=base64.b64encode(b"none").decode(),
        credential=base64.urlsafe_b64encode(side.rng.randbytes(24)).decode(),
    )  # fmt: skip
    AccountElsewhere.objects.create(person=head, issuer=word(), subject=word())
    WrongCode.objects.create(person=head, address=word(), at=timezone.now())
    Session.objects.create(
        person=side.people["leaver"], session_key=side.rng.randbytes(16).hex(), session_data="",
        expire_date=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def _own(side: Side, kind: MemberKind) -> Organisation:
    made: Organisation = Organisation.objects.create(
        partnership=side.partnership,
        kind=kind,
        name=side.word(),
        status="open",
        **{name: side.word() for name in ("la_name", "trust", "town", "postcode")},
    )
    return made


def _appoint(
    side: Side,
    who: str,
    key: str,
    school: Organisation,
    groups: dict[GroupKind, Group],
    **dates: Any,
) -> None:
    role = roles()[key]
    place: dict[str, Any] = {}
    if role.scope is Scope.SCHOOL:
        place["organisation"] = school
    elif role.scope in (Scope.TRUST, Scope.GROUP):
        place["group"] = groups[GroupKind.TRUST if role.scope is Scope.TRUST else GroupKind.CLUSTER]
    elif role.scope is Scope.MEMBER:
        place["organisation"] = _own(side, MemberKind(min(role.at)))
        place["organisation"].memberships.create(
            partnership=side.partnership, joined=LONG_AGO, by_hand=True
        )
    person = create_person(
        email=f"{side.word()}@example.org", name=side.word(), password=None, by=COMMAND_LINE
    )
    side.people[who] = with_app(person)
    people.appoint(
        person=person, role=key, partnership=side.partnership, by=COMMAND_LINE,
        **{"starts": LONG_AGO} | place | dates,
    )  # fmt: skip


def _review(side: Side, picture: Picture, by: dict[str, Any]) -> None:
    """Two rounds; in the second a review in each state, that of the first school waiting for the
    judgement, and one of each kind that is still to be told or sent."""
    opened = [
        monitoring.open_round(
            partnership=side.partnership, name=side.word(), picture=picture,
            token=UUID(int=side.rng.getrandbits(128)), by=by["broker"],
        )
        for _ in range(2)
    ][1]  # fmt: skip
    told = opened.reviews.order_by("-pk")[0]
    Review.objects.filter(pk=told.pk).update(outcome=Outcome.PRIORITY)
    told.refresh_from_db()
    monitoring.tell(review=told, on=localdate(), how=side.word(), by=by["broker"])
    untold = opened.reviews.order_by("-pk")[1]
    Review.objects.filter(pk=untold.pk).update(outcome=Outcome.PRIORITY)
    # Each further on than the one before; the second and third are replied for by their own heads.
    urns = [school.urn for school in side.schools[:5]]
    kept = {r.organisation.urn: r for r in opened.reviews.select_related("organisation")}
    steps = [kept[urn] for urn in urns]
    Review.objects.filter(pk__in=[r.pk for r in steps]).update(outcome=Outcome.KEEP_IN_TOUCH)
    for review in steps:
        review.refresh_from_db()
    monitoring.send(reviews=steps, by=by["broker"])
    heads = ["head", "other_head", "new_head"]
    for n, (who, review) in enumerate(zip(heads, steps, strict=False)):
        if n == 0:
            continue  # the head of the first school has still to reply
        reply = monitoring.reply(
            review=review, view=View.DISAGREES, text=side.word(), help_with=side.word(),
            in_confidence=side.word(), confided_to=[side.people["broker"].pk],
            token=UUID(int=side.rng.getrandbits(128)), by=by[who],
        )  # fmt: skip
        if n == 2:
            _judge(side, review, reply.pk, by, decide=True)
    for review, decide in ((steps[3], False), (steps[4], None)):
        head = f"head_of_{review.urn}"
        person = create_person(
            email=f"{side.word()}@example.org", name=side.word(), password=None, by=COMMAND_LINE
        )
        side.people[head] = person
        people.appoint(
            person=person, role="head", partnership=side.partnership,
            organisation=review.organisation, starts=LONG_AGO, by=COMMAND_LINE,
        )  # fmt: skip
        if decide is not None:
            said = monitoring.reply(
                review=review, view=View.PARTLY, text=side.word(), help_with="",
                token=UUID(int=side.rng.getrandbits(128)), by=side.reader(head),
            )  # fmt: skip
            _judge(side, review, said.pk, by, decide=decide)
    assert {r.state for r in opened.reviews.all()} >= {s.value for s in State} - {"superseded"}


def _judge(side: Side, review: Review, heard: int, by: dict[str, Any], *, decide: bool) -> None:
    monitoring.judge(
        review=review, outcome=Outcome.CELEBRATE, reasons=side.word(), heard=heard,
        token=UUID(int=side.rng.getrandbits(128)), by=by["authority_officer"],
    )  # fmt: skip
    if decide:
        monitoring.decide(
            review=review, category=policy_in_force().support[0].key, reasons=side.word(),
            review_on=localdate() + timedelta(days=90),
            token=UUID(int=side.rng.getrandbits(128)), by=by["authority_officer"],
        )  # fmt: skip


def private_texts(model: type[models.Model]) -> Iterator[Any]:
    """The fields of a model that must hold canaries."""
    without = NO_CANARY.get(model._meta.label_lower, set()) | NO_CANARY_ANYWHERE
    for each in model._meta.concrete_fields:
        kind = each.get_internal_type()
        text = kind in {"CharField", "TextField", "SlugField", "JSONField"}
        if text and not each.choices and not each.is_relation and each.name not in without:
            yield each


def _stuff(side: Side) -> None:
    """Put a canary into every private text of every row that may be changed: one that is new on the
    site is covered by itself."""
    for model in ours():
        if model._meta.label_lower in WRITTEN_ONCE:
            continue
        fields = list(private_texts(model))
        rows = rows_of(model, side)
        for row in rows if fields else ():
            model._base_manager.filter(pk=row.pk).update(
                **{
                    each.attname: _with_canary(side, each, getattr(row, each.name))
                    for each in fields
                    if getattr(row, each.name) != ""  # what is not said is not said
                }
            )
    for person in side.people.values():
        person.refresh_from_db()
    side.partnership.refresh_from_db()


def _with_canary(side: Side, each: Any, value: Any) -> Any:
    kind, word = each.get_internal_type(), side.word()
    if kind == "JSONField":
        return _inside(side, value) if value else {"safeguarding_contact": word}
    if isinstance(each, models.EmailField):
        return f"{word}@example.org"
    return word


def _inside(side: Side, value: Any, key: str = "") -> Any:
    """A proposal with a canary after each sentence, and everything that is counted as it was."""
    if isinstance(value, dict):
        return {k: _inside(side, v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_inside(side, each, key) for each in value]
    sentences = {"words", "arm", "inspection", "safeguarding_contact"}
    return f"{value} {side.word()}" if isinstance(value, str) and key in sentences else value


def check_populated(side: Side) -> None:
    """Raise ``Unready`` where a model of ours has no row here, or a text of its own no canary."""
    for model in ours():
        rows = list(rows_of(model, side))
        if not rows:
            raise Unready(
                f"{model._meta.label} has no row in partnership {side.letter.upper()}: write one "
                "in _fill of proofs/_two.py, or nothing is proved about it."
            )
        for each in private_texts(model):
            if not any(CANARY.search(repr(getattr(row, each.name)).encode()) for row in rows):
                raise Unready(
                    f"{model._meta.label}.{each.name} holds no canary in partnership "
                    f"{side.letter.upper()}: write one in _fill of proofs/_two.py, or say in "
                    "NO_CANARY that it holds nothing of anybody's."
                )
