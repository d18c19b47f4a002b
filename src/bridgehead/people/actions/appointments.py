"""Appointing people, and ending appointments."""

from datetime import date

from django.db import transaction
from django.utils.timezone import localdate

from bridgehead.accounts.actions import create_person, record
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import Denied, Reader
from bridgehead.people.access import check_can_manage_people
from bridgehead.people.models import Appointment
from bridgehead.people.rules import Scope, roles
from bridgehead.schools.models import Group, Organisation, Partnership, held_on


class Misplaced(ValueError):
    """The role does not fit the place; the message says what is needed."""


@transaction.atomic
def appoint(
    *,
    person: User,
    role: str,
    partnership: Partnership,
    by: Reader,
    organisation: Organisation | None = None,
    group: Group | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> Appointment:
    """Give a person a role at a school, at the schools of a group, or for the partnership.

    Gives back the open appointment where there is one already. Raises ``Misplaced`` where role and
    place do not fit, and ``Denied`` where ``by`` may not appoint: nobody appoints themselves, or an
    administrator, who sees no proposal, could become a broker, who sees all.
    """
    check_can_manage_people(by, partnership)
    if by.user_id is not None and person.pk == by.user_id:
        raise Denied("own appointment", "You cannot appoint yourself. Another administrator can.")
    _check_place(role, partnership, organisation, group)
    appointment, made = Appointment.objects.get_or_create(
        partnership=partnership,
        person=person,
        role=role,
        organisation=organisation,
        group=group,
        ends=ends,
        defaults={"starts": starts or localdate()},
    )
    if made:
        record(
            verb="appointed a person",
            by=by,
            partnership=partnership,
            about=appointment,
            details={
                "person": person.pk,
                "role": role,
                "urn": organisation.urn if organisation else None,
                "group": group.pk if group else None,
                "starts": appointment.starts,
                "ends": ends,
            },
        )
    return appointment


@transaction.atomic
def appoint_newcomer(
    *,
    name: str,
    email: str,
    role: str,
    partnership: Partnership,
    by: Reader,
    organisation: Organisation | None = None,
) -> Appointment:
    """Appoint the person of this e-mail address, who is made known to the site where need be and
    then has no password yet."""
    check_can_manage_people(by, partnership)
    person = create_person(email=email, name=name, password=None, by=by)
    return appoint(
        person=person, role=role, partnership=partnership, organisation=organisation, by=by
    )


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: Reader) -> Appointment:
    """End an appointment today; its rights are gone at once. Ending it again changes nothing."""
    check_can_manage_people(by, appointment.partnership)
    if by.user_id is not None and appointment.person_id == by.user_id:
        raise Denied("own appointment", "You cannot end your own appointment.")
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    today = localdate()
    if held.ends is not None and held.ends <= today:
        return held
    # One that has not started yet ends on the day it would have started.
    held.ends = max(today, held.starts)
    held.save(update_fields=["ends"])
    record(
        verb="ended an appointment",
        by=by,
        partnership=held.partnership_id,
        about=held,
        details={"person": held.person_id, "role": held.role},
    )
    return held


def _check_place(
    key: str, partnership: Partnership, organisation: Organisation | None, group: Group | None
) -> None:
    role = roles().get(key)
    if role is None:
        raise Misplaced(f"There is no role {key!r}. Roles: {', '.join(roles())}.")
    placed = organisation is not None or group is not None
    if role.scope is Scope.SCHOOL and not placed:
        raise Misplaced(f"Choose the school at which the person is {role.label.lower()}.")
    if role.scope is Scope.PARTNERSHIP and placed:
        raise Misplaced(f"{role.label} is a role of the whole partnership: choose no school.")
    if organisation:
        memberships = organisation.memberships.filter(partnership=partnership)
        if not memberships.exists():
            raise Misplaced(f"{organisation.name} is not in this partnership.")
        if not memberships.filter(held_on(localdate())).exists():
            raise Misplaced(f"{organisation.name} does not belong to this partnership today.")
    if group and group.partnership_id != partnership.pk:
        raise Misplaced("That group is not in this partnership.")
