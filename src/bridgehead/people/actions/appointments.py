"""Appointing people, and ending appointments."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import localdate

from bridgehead.accounts.actions import create_person, record
from bridgehead.accounts.audit.people import pseudonym_of
from bridgehead.accounts.models import AuditEntry, User
from bridgehead.accounts.notices import letter
from bridgehead.accounts.rules import Denied, Reader
from bridgehead.people.access import check_can_end, check_can_manage_people
from bridgehead.people.models import Appointment
from bridgehead.people.queries import known_here
from bridgehead.people.rules import Role, misplaced, roles
from bridgehead.schools.models import Group, Organisation, Partnership, held_on
from bridgehead.schools.rules import GroupKind, MemberKind

SENT = "sent a link to a first password"
MOST_LETTERS_AN_HOUR = 3


class Misplaced(ValueError):
    """The role does not fit the place; the message says what is needed."""


class NotHere(ValueError):
    """Nobody of this partnership has the address that was given."""


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
    """Give a person a role at a school, at the schools of a group, or for the partnership, from
    ``starts`` (today) until ``ends``, the first day on which it gives nothing.

    Gives back the appointment where there is the same already. Raises ``Misplaced`` where role and
    place do not fit, or the days (``give_role``), and ``Denied`` where ``by`` may not appoint:
    nobody appoints themselves, or an administrator, who sees no proposal, could become a broker,
    who sees all.
    """
    check_can_manage_people(by, partnership)
    if by.user_id is not None and person.pk == by.user_id:
        raise Denied("own appointment", "You cannot appoint yourself. Another administrator can.")
    return give_role(
        person=person,
        role=role,
        partnership=partnership,
        by=by,
        organisation=organisation,
        group=group,
        starts=starts,
        ends=ends,
    )


@transaction.atomic
def appoint_newcomer(
    *,
    name: str,
    email: str,
    role: str,
    partnership: Partnership,
    by: Reader,
    organisation: Organisation | None = None,
    group: Group | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> Appointment:
    """Appoint the person of this e-mail address, who is made known to the site where need be and
    then has no password yet.

    Raises ``NotHere`` for an address of which this partnership has had nobody, where the site has
    other partnerships too: whoever appoints must not learn who is known to those. An invitation is
    accepted by the person.
    """
    check_can_manage_people(by, partnership)
    others = Partnership.objects.exclude(pk=partnership.pk).exists()
    if by.user_id is not None and others and not known_here(partnership.pk, email):
        raise NotHere("Nobody here has this address. Invite them instead.")
    person = create_person(email=email, name=name, password=None, by=by)
    return appoint(
        person=person,
        role=role,
        partnership=partnership,
        organisation=organisation,
        group=group,
        starts=starts,
        ends=ends,
        by=by,
    )


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: Reader) -> Appointment:
    """End an appointment today; its rights are gone at once. Ending it again changes nothing."""
    check_can_end(by, appointment)
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


@transaction.atomic
def _one_more_letter(appointment: Appointment, by: Reader) -> None:
    """Leave a line that tells of a letter. Raises ``Denied`` where the person has had enough."""
    person = User.objects.select_for_update().get(pk=appointment.person_id)
    lately = AuditEntry.objects.filter(
        verb=SENT, object_id=pseudonym_of(person.pk), at__gt=timezone.now() - timedelta(hours=1)
    )
    if lately.count() >= MOST_LETTERS_AN_HOUR:
        raise Denied(
            "too many letters", f"{person.name} has been sent {MOST_LETTERS_AN_HOUR} in this hour."
        )
    record(verb=SENT, by=by, partnership=appointment.partnership_id, about=person)


def send_first_password(*, appointment: Appointment, link: str, by: Reader) -> bool:
    """Send somebody the link to a first password by e-mail; whether it went out. The line in the
    audit stands in either case. Raises ``Denied``, also where the person has been sent so many
    already that the next would be somebody's nuisance."""
    check_can_manage_people(by, appointment.partnership)
    _one_more_letter(appointment, by)
    words = render_to_string(
        "people/first_password.txt", {"appointment": appointment, "link": link}
    )
    subject = f"{appointment.partnership}: your password"
    what = f"the first password of appointment {appointment.pk}"
    return letter(subject, words, appointment.person.email, what=what)


def give_role(
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
    """Write an appointment that may be made: for those who have asked who may.

    Gives back the one of the same days where there is one already; where no start is named, the one
    that runs today to the same end. Raises ``Misplaced``, also where the days overlap with those of
    another appointment of this person to the same role and place: of two that run at once, ending
    one would not end the role.
    """
    check_place(role, partnership, organisation, group)
    _check_neighbours(person, roles()[role], partnership)
    begins = starts or localdate()
    if ends is not None and ends <= begins:
        raise Misplaced("The end must come after the start.")
    User.objects.select_for_update().get(pk=person.pk)  # one at a time, or two would overlap
    others = Appointment.objects.filter(
        partnership=partnership, person=person, role=role, organisation=organisation, group=group
    )
    for other in _overlapping(others, begins, ends):
        if other.ends == ends and (other.starts == begins or starts is None):
            return other
        raise Misplaced(_already(other))
    appointment = Appointment.objects.create(
        partnership=partnership,
        person=person,
        role=role,
        organisation=organisation,
        group=group,
        starts=begins,
        ends=ends,
    )
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
            "starts": begins,
            "ends": ends,
        },
    )
    return appointment


def _overlapping(
    rows: QuerySet[Appointment], starts: date, ends: date | None
) -> QuerySet[Appointment]:
    """Those that run on some day of a span; one that ended before it began runs on none."""
    found = rows.filter(Q(ends=None) | Q(ends__gt=starts) & Q(ends__gt=F("starts")))
    return found if ends is None else found.filter(starts__lt=ends)


def _already(other: Appointment) -> str:
    """Why another appointment is in the way, and what to do."""
    who, since = f"{other.person.name} is {other.label}, {other.place}", f"{other.starts:%-d %B %Y}"
    if other.ends is None:
        return f"{who} already, from {since} with no end set. End that appointment first."
    until = f"{other.ends:%-d %B %Y}"
    return (
        f"{who} already, from {since} until {until}. End that appointment first, or choose days "
        f"that do not overlap: {until} could be the start."
    )


def check_place(
    key: str, partnership: Partnership, organisation: Organisation | None, group: Group | None
) -> None:
    """Raise ``Misplaced`` unless the role can be held at this place of the partnership today."""
    role = roles().get(key)
    if role is None:
        raise Misplaced(f"There is no role {key!r}. Roles: {', '.join(roles())}.")
    kind = MemberKind(organisation.kind) if organisation else None
    fault = misplaced(role, kind, GroupKind(group.kind) if group else None)
    if fault:
        raise Misplaced(fault)
    if organisation:
        memberships = organisation.memberships.filter(partnership=partnership)
        if not memberships.exists():
            raise Misplaced(f"{organisation.name} is not in this partnership.")
        if not memberships.filter(held_on(localdate())).exists():
            raise Misplaced(f"{organisation.name} does not belong to this partnership today.")
    if group and group.partnership_id != partnership.pk:
        raise Misplaced("That group is not in this partnership.")


def _check_neighbours(person: User, role: Role, partnership: Partnership) -> None:
    """Whoever works in a school sees nothing unpublished of another one, so the two kinds of role
    do not go together. (``queries.reader_for`` would take the rights away in any case.)"""
    today = localdate()
    rows = Appointment.objects.filter(Q(ends=None) | Q(ends__gt=today), partnership=partnership)
    keys = set(rows.filter(person=person).values_list("role", flat=True))
    held = [roles()[key] for key in sorted(keys) if key in roles()]
    works = next((r for r in held if r.works_in_school), None)
    watches = next((r for r in held if r.watches), None)
    if role.watches and works:
        raise Misplaced(
            f"{person.name} works in a school ({works.label.lower()}). Whoever works in a school "
            f"sees nothing unpublished of another one, so cannot be {role.label.lower()}. End the "
            "other appointment first."
        )
    if role.works_in_school and watches:
        raise Misplaced(
            f"{person.name} sees what is unpublished of schools ({watches.label.lower()}). Whoever "
            "works in a school does not: end that appointment first."
        )
