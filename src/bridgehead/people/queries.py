"""Who holds which appointment."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from bridgehead.accounts.models import User
from bridgehead.accounts.rules import Reader
from bridgehead.people.models import Appointment
from bridgehead.people.rules import Role, Scope, roles
from bridgehead.schools.models import Membership, Organisation, Partnership, held_on


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment that gives rights today: its role and the schools that it reaches."""

    id: int
    role: Role
    place: str
    urns: frozenset[int]

    @property
    def beyond_one_school(self) -> bool:
        """Whether it reaches further than one school: such people need a second factor."""
        return self.role.scope is not Scope.SCHOOL or len(self.urns) > 1


def held_by(person_id: int, partnership_id: int, day: date) -> list[Held]:
    """The appointments of a person that give rights on a day, oldest first, in one query.

    An appointment at a group reaches the schools that are its members on that day.
    """
    rows = (
        Appointment.objects.on(day)
        .filter(person_id=person_id, partnership_id=partnership_id)
        .values_list(
            "id",
            "role",
            "organisation__urn",
            "organisation__name",
            "group__name",
            "group__members__organisation__urn",
            "group__members__joined",
            "group__members__left",
            "partnership__name",
        )
        .order_by("starts", "id")
    )
    found: dict[int, Held] = {}
    for id_, key, urn, school, group, member, joined, left, partnership in rows:
        role = roles().get(key)
        if role is None:  # a role that the table no longer has gives nothing
            continue
        reached = {urn} if urn else set()
        if member and joined <= day and (left is None or left > day):
            reached.add(member)
        before = found[id_].urns if id_ in found else frozenset()
        found[id_] = Held(id_, role, school or group or partnership, before | reached)
    return list(found.values())


def reader_for(
    person: User, partnership: Partnership, held: list[Held], acting_as: int | None = None
) -> Reader:
    """The reader that a person is, acting in the appointment named, else in the oldest held."""
    acting = next((h for h in held if h.id == acting_as), held[0] if held else None)
    return Reader(
        user_id=person.pk,
        name=person.name,
        partnership_id=partnership.pk,
        role=acting.role.key if acting else "",
        role_label=acting.role.label if acting else "",
        grants=acting.role.grants(acting.urns) if acting else frozenset(),
    )


def reader_of(person: User, partnership: Partnership, day: date | None = None) -> Reader:
    """The reader that a person is today, as for a request, in one query."""
    return reader_for(person, partnership, held_by(person.pk, partnership.pk, day or localdate()))


def appointments(partnership_id: int, *, day: date, ended: bool = False) -> QuerySet[Appointment]:
    """The appointments of a partnership with person and place, by name: those that hold on a day or
    will, or those that have ended."""
    over = Q(ends__lte=day)
    return (
        Appointment.objects.filter(over if ended else ~over, partnership_id=partnership_id)
        .select_related("person", "organisation", "group", "partnership")
        .order_by("person__name", "starts", "id")
    )


def made_known_here(appointment: Appointment) -> bool:
    """Whether the person was first appointed by this partnership. Only there is the address handed
    over at which the first password is set: whoever holds it can sign in as the person, and act
    in every partnership that has appointed them."""
    first = Appointment.objects.filter(person=appointment.person_id).order_by("id").first()
    return first is not None and first.partnership_id == appointment.partnership_id


def member_schools(partnership: Partnership) -> QuerySet[Organisation]:
    """The schools that belong to a partnership today, by name."""
    held = Membership.objects.filter(held_on(localdate()), partnership=partnership)
    return Organisation.objects.filter(memberships__in=held).order_by("name")
