"""The named people of the tests, and the partnership that they work in.

Every person is made and appointed by the same actions as on a site; those who work beyond one
school have a second factor. Sign in with ``client.force_login(site.cast.broker)``, or by hand with
``PASSWORD`` and ``code_of(person)``; act with ``by=site.reader("broker")``.
"""

import time
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from bridgehead.accounts.actions import create_person
from bridgehead.accounts.models import Authenticator, User
from bridgehead.accounts.rules import COMMAND_LINE, Reader
from bridgehead.accounts.sign_in import totp
from bridgehead.accounts.sign_in.factor import set_up_app
from bridgehead.people.actions import appoint
from bridgehead.people.models import Appointment
from bridgehead.people.queries import reader_of
from bridgehead.people.rules import Role, Scope, roles
from bridgehead.schools.actions import create_group, create_partnership, import_register
from bridgehead.schools.models import Group, Organisation, Partnership
from bridgehead.schools.rules import GroupKind, MemberKind

PASSWORD = "correct-horse-battery"  # every one of them has this one
SECRET = b"everybody's own phone"  # every app of theirs has this one
LONG_AGO = date(2020, 9, 1)


@dataclass(frozen=True)
class Cast:
    """One person for each role, a second head, and somebody from another partnership."""

    head: User  # Helen Okafor, of ``site.school``
    other_head: User  # Tom Reyes, of ``site.other_school``
    governor: User  # Grace Lind, of ``site.school``
    officer: User  # Samuel Hart, of the authority
    broker: User  # Priya Nair
    board_member: User  # Edith Marsh
    administrator: User  # Owen Pryce
    outsider: User  # Nadia Brandt, broker of another partnership


ROLES = {
    "head": "head",
    "other_head": "head",
    "governor": "governor",
    "officer": "authority_officer",
    "broker": "broker",
    "board_member": "board_member",
    "administrator": "administrator",
    "outsider": "broker",
}

NAMES = {
    "head": "Helen Okafor",
    "other_head": "Tom Reyes",
    "governor": "Grace Lind",
    "officer": "Samuel Hart",
    "broker": "Priya Nair",
    "board_member": "Edith Marsh",
    "administrator": "Owen Pryce",
    "outsider": "Nadia Brandt",
}


def person(name: str) -> User:
    """Somebody with a sign-in and no appointment."""
    address = f"{name.lower().replace(' ', '.')}@example.org"
    return create_person(email=address, name=name, password=PASSWORD, by=COMMAND_LINE)


def with_app(person: User) -> User:
    """Let somebody have set up a second factor long ago; the phone is at hand (``code_of``)."""
    set_up_app(person=person, secret=SECRET, step=0, by=COMMAND_LINE)
    person.refresh_from_db()
    return person


def code_of(person: User) -> str:
    """A code that the person's phone shows and that has not been used: of the half minute before,
    this one, or the next one. Up to three sign-ins in half a minute, then, and no waiting. Where
    the half minute is about to end, the one before could be too old on its way."""
    moment = time.time()
    now, ends_soon = totp.step_at(moment), totp.step_at(moment + 5) != totp.step_at(moment)
    used = Authenticator.objects.get(person=person).last_step
    return totp.code_at(SECRET, max(used + 1, now if ends_soon else now - totp.LEEWAY))


def school(partnership: Partnership, *, urn: int, name: str, **facts: Any) -> Organisation:
    """A school that has belonged to a partnership for long."""
    made = Organisation.objects.create(
        urn=urn,
        name=name,
        **{
            "phase": "primary",
            "type_name": "Community school",
            "type_group": "maintained",
            "la": "990",
            "la_name": "Bridgeshire",
            "status": "open",
        }
        | facts,
    )
    made.memberships.create(partnership=partnership, joined=LONG_AGO)
    return made


def cast_in(
    partnership: Partnership, elsewhere: Partnership, first: Organisation, second: Organisation
) -> Cast:
    """Appoint everybody: head and governor at the first school, the other head at the second."""
    people = {who: person(name) for who, name in NAMES.items()}
    places = {"head": first, "governor": first, "other_head": second}
    for who, role in ROLES.items():
        appoint(
            person=people[who],
            role=role,
            partnership=elsewhere if who == "outsider" else partnership,
            organisation=places.get(who),
            starts=LONG_AGO,
            by=COMMAND_LINE,
        )
        if who not in places:
            with_app(people[who])
    return Cast(**people)


class FurtherCast(dict[str, User]):
    """One person for each role that ``Cast`` has nobody for, under the key of the role;
    ``stranger``, who has none; and ``outside_administrator`` of the other partnership. Each is
    appointed when first asked for. Those with a role at a place hold it where ``site.school`` is:
    in its trust, its cluster, or at it; or at a member of the right kind."""

    def __init__(self, site: "Site") -> None:
        super().__init__()
        self.site = site

    def __missing__(self, who: str) -> User:
        self[who] = self._made(who)
        return self[who]

    def all(self) -> "FurtherCast":
        """Appoint everybody."""
        for who in roles().keys() - set(ROLES.values()):
            self[who]
        return self

    def _made(self, who: str) -> User:
        site = self.site
        if who == "stranger":
            return person("Lotte Vane")
        if who == "outside_administrator":
            made, key, home = with_app(person("Otto Fern")), "administrator", site.elsewhere
        else:
            key, home = who, site.partnership
            made = with_app(person(f"Ida {roles()[key].label}"))
        appoint(
            person=made,
            role=key,
            partnership=home,
            organisation=_place(site, roles()[key]),
            group=_group(site, roles()[key]),
            starts=LONG_AGO,
            by=COMMAND_LINE,
        )
        return made


def group(site: "Site", kind: GroupKind, name: str) -> Group:
    """A group of the partnership that has held ``site.school`` for long."""
    return create_group(
        partnership=site.partnership,
        kind=kind,
        name=name,
        schools=[site.school],
        joined=LONG_AGO,
        by=COMMAND_LINE,
    )


def member(partnership: Partnership, kind: MemberKind, name: str) -> Organisation:
    """A member of the partnership that no register knows."""
    made, _ = Organisation.objects.get_or_create(partnership=partnership, kind=kind, name=name)
    made.memberships.get_or_create(partnership=partnership, joined=LONG_AGO, by_hand=True)
    return made


def _group(site: "Site", role: Role) -> Group | None:
    known = {
        Scope.TRUST: (GroupKind.TRUST, "Harbour Trust"),
        Scope.GROUP: (GroupKind.CLUSTER, "Harbour cluster"),
    }.get(role.scope)
    if known is None:
        return None
    return Group.objects.filter(name=known[1]).first() or group(site, *known)


def _place(site: "Site", role: Role) -> Organisation | None:
    if role.scope is Scope.SCHOOL:
        return site.school
    if role.scope is not Scope.MEMBER:
        return None
    kind = MemberKind(min(role.at))
    return member(site.partnership, kind, f"The {kind} of Bridgeshire")


@dataclass
class Site:
    """A partnership, its two best-known schools, and its people."""

    partnership: Partnership
    elsewhere: Partnership
    school: Organisation
    other_school: Organisation
    cast: Cast
    picture: Any = None

    @classmethod
    def of(cls, picture: Any) -> "Site":
        """The site of a picture's authority 990: its open schools are members."""
        partnership = create_partnership(
            name="Bridgeshire Learning Partnership", authority_codes=["990"], by=COMMAND_LINE
        )
        elsewhere = _elsewhere()
        import_register(picture=picture, partnership=partnership, by=COMMAND_LINE)
        primaries = Organisation.objects.filter(
            memberships__partnership=partnership, phase="primary"
        ).order_by("urn")
        first, second = primaries[:2]
        people = cast_in(partnership, elsewhere, first, second)
        return cls(partnership, elsewhere, first, second, people, picture)

    @classmethod
    def small(cls) -> "Site":
        """The same people with two invented schools and no picture: quick."""
        partnership = create_partnership(
            name="Bridgeshire Learning Partnership", authority_codes=["990"], by=COMMAND_LINE
        )
        elsewhere = _elsewhere()
        first = school(partnership, urn=900001, name="Alder Bank Primary School")
        second = school(partnership, urn=900002, name="Beck Side Primary School")
        people = cast_in(partnership, elsewhere, first, second)
        return cls(partnership, elsewhere, first, second, people)

    def alone(self) -> None:
        """Let this be the only partnership of the site."""
        Appointment.objects.filter(partnership=self.elsewhere).delete()
        self.elsewhere.delete()

    def reader(self, who: str) -> Reader:
        """The reader that one of the cast is today, such as ``"broker"``."""
        home = self.elsewhere if who == "outsider" else self.partnership
        return reader_of(getattr(self.cast, who), home)

    @cached_property
    def urns(self) -> list[int]:
        """The members' URNs, in order."""
        return sorted(self.partnership.memberships.values_list("organisation__urn", flat=True))


def _elsewhere() -> Partnership:
    return create_partnership(
        name="Elsewhere Partnership",
        authority_codes=["991"],
        host="elsewhere.localhost",
        by=COMMAND_LINE,
    )
