"""Who holds which appointment."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from bridgehead.accounts.models import User, normalise_email
from bridgehead.accounts.rules import Grant, Permission, Reader
from bridgehead.people.models import Appointment, BuddyRequest, Invitation
from bridgehead.people.rules import NEW_HEAD_DAYS, Role, Scope, roles, roles_with, unwatched
from bridgehead.schools.models import Group, Membership, Organisation, Partnership, held_on
from bridgehead.schools.queries import members_today
from bridgehead.schools.rules import MemberKind


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment that gives rights today: its role and the schools that it reaches."""

    id: int
    role: Role
    place: str
    urns: frozenset[int]
    starts: date


def beyond_one_school(held: list[Held]) -> bool:
    """Whether appointments together reach further than one school, as those of a governor of two
    schools do: such people need a second factor."""
    reached = frozenset[int]().union(*(each.urns for each in held))
    return len(reached) > 1 or any(each.role.scope is not Scope.SCHOOL for each in held)


def held_by(person_id: int, partnership_id: int, day: date) -> list[Held]:
    """The appointments of a person that give rights on a day, oldest first, in one query.

    An appointment at a group reaches the schools that are its members, and the partnership's, on
    that day; one at a school gives nothing while the school does not belong to the partnership.
    """
    belongs = Membership.objects.filter(
        held_on(day),
        partnership=OuterRef("partnership"),
        organisation=OuterRef("group__members__organisation"),
    )
    rows = (
        Appointment.objects.on(day)
        .filter(person_id=person_id, partnership_id=partnership_id)
        .annotate(member_belongs=Exists(belongs))
        .values_list(
            "id",
            "role",
            "organisation__urn",
            "organisation__name",
            "group__name",
            "group__members__organisation__urn",
            "group__members__joined",
            "group__members__left",
            "member_belongs",
            "partnership__name",
            "starts",
        )
        .order_by("starts", "id")
    )
    found: dict[int, Held] = {}
    for id_, key, urn, school, group, member, joined, left, belong, partnership, starts in rows:
        role = roles().get(key)
        if role is None:  # a role that the table no longer has gives nothing
            continue
        reached = {urn} if urn else set()
        if member and belong and joined <= day and (left is None or left > day):
            reached.add(member)
        before = found[id_].urns if id_ in found else frozenset()
        place = school or group or partnership
        found[id_] = Held(id_, role, place, before | reached, starts)
    return list(found.values())


def choices(held: list[Held]) -> list[Held]:
    """The appointments to choose from: one that speaks for a group, such as that of a cluster's
    lead, gives no more than any other and conflicts with none, so it is not acted in beside one."""
    proper = [h for h in held if h.role.scope is not Scope.GROUP]
    return proper or held


def reader_for(
    person: User, partnership: Partnership, held: list[Held], acting_as: int | None = None
) -> Reader:
    """The reader that a person is, acting in the appointment named, else in the oldest held.

    Neighbours do not watch: whatever is acted in, somebody who works in a school sees nothing
    unpublished of another one by it.
    """
    offered = choices(held)
    acting = next((h for h in offered if h.id == acting_as), offered[0] if offered else None)
    at_work = [h.urns for h in held if h.role.works_in_school]
    works_at = frozenset().union(*at_work) if at_work else None
    return Reader(
        user_id=person.pk,
        name=person.name,
        partnership_id=partnership.pk,
        role=acting.role.key if acting else "",
        role_label=acting.role.label if acting else "",
        grants=unwatched(acting.role, acting.role.grants(acting.urns), works_at)
        if acting
        else frozenset(),
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


def holders(partnership_id: int, permission: Permission, day: date) -> dict[int, str]:
    """Person → name and role, of everybody who holds a permission for a whole partnership on a day,
    by name. One query."""
    held = Appointment.objects.on(day).filter(
        partnership_id=partnership_id,
        role__in=[k for k, r in roles().items() if Grant(permission) in r.grants(frozenset())],
    )
    rows = held.order_by("person__name", "id").values_list("person_id", "person__name", "role")
    found: dict[int, str] = {}
    for person, name, role in rows:
        found.setdefault(person, f"{name}, {roles()[role].label}")
    return found


def known_here(partnership_id: int, email: str) -> User | None:
    """The person of an e-mail address, where that person holds, held or will hold a role in a
    partnership."""
    found = User.objects.filter(
        email=normalise_email(email), appointments__partnership=partnership_id
    )
    return found.distinct().first()


def made_known_here(appointment: Appointment) -> bool:
    """Whether the person was first appointed by this partnership. Only there is the address handed
    over at which the first password is set: whoever holds it can sign in as the person, and act
    in every partnership that has appointed them."""
    first = Appointment.objects.filter(person=appointment.person_id).order_by("id").first()
    return first is not None and first.partnership_id == appointment.partnership_id


def shown_on_page(partnership_id: int) -> bool:
    """Whether a page may show an administrator the link that is meant for somebody else, to be
    handed over. Not where e-mail goes out and the site has other partnerships too: whoever opened
    it could act as that person in every partnership that appoints the person later."""
    others = Partnership.objects.exclude(pk=partnership_id).exists()
    return not (others and settings.EMAIL_GOES_OUT)


def member_schools(partnership: Partnership) -> QuerySet[Organisation]:
    """The schools and colleges that belong to a partnership today, by name."""
    teaching = [kind for kind in MemberKind if kind.teaches]
    return members_today(partnership.pk, localdate()).filter(kind__in=teaching)


def other_members(partnership: Partnership) -> QuerySet[Organisation]:
    """The members of today that teach nobody: the authority, trusts, dioceses, employers …"""
    teaching = [kind for kind in MemberKind if kind.teaches]
    return members_today(partnership.pk, localdate()).exclude(kind__in=teaching)


def at_group(group: Group) -> QuerySet[Appointment]:
    """Who holds, held or will hold a role at a group, those who hold one first."""
    found = Appointment.objects.filter(group=group).select_related("person")
    return found.order_by(F("ends").desc(nulls_first=True), "role", "starts")


def speakers(partnership_id: int, day: date) -> dict[int, list[Appointment]]:
    """Group → the appointments at it that hold on a day, in one query."""
    found: dict[int, list[Appointment]] = {}
    rows = Appointment.objects.on(day).filter(partnership=partnership_id, group__isnull=False)
    for each in rows.select_related("person").order_by("role", "starts"):
        found.setdefault(each.group_id or 0, []).append(each)
    return found


def at_school(partnership_id: int, urn: int) -> QuerySet[Appointment]:
    """Everybody who holds, held or will hold a role at one school, those who hold one first."""
    found = Appointment.objects.filter(partnership=partnership_id, organisation__urn=urn)
    return found.select_related("person", "organisation").order_by(
        F("ends").desc(nulls_first=True), "person__name", "starts"
    )


def invitations(partnership_id: int, day: date) -> QuerySet[Invitation]:
    """The invitations of a partnership that nobody has answered or withdrawn and that may still be
    accepted, newest first."""
    return (
        Invitation.objects.filter(
            partnership=partnership_id, accepted_at=None, withdrawn_at=None, last_day__gte=day
        )
        .select_related("organisation", "group", "partnership", "invited_by")
        .order_by("-id")
    )


def invitation_at(token: str, partnership_id: int) -> Invitation | None:
    """The invitation that a link names, in this partnership; None for a link that is not ours."""
    try:
        nonce = Signer(salt=_SALT).unsign(token)
    except BadSignature:
        return None
    found = Invitation.objects.filter(nonce=nonce, partnership=partnership_id)
    return found.select_related("organisation", "group", "partnership", "invited_by").first()


def invitation_address(invitation: Invitation) -> str:
    """Where an invitation is accepted: its nonce, signed, so that no address can be made up even by
    somebody who reads the database."""
    return reverse("people:accept", args=[Signer(salt=_SALT).sign(invitation.nonce)])


_SALT = "bridgehead.people.invitation"


def new_headship(reader: Reader, day: date) -> Appointment | None:
    """The reader's own appointment as a head, where it began within a year; the newest of them."""
    if reader.user_id is None or not reader.can_somewhere(Permission.ASK_FOR_BUDDY):
        return None
    found = Appointment.objects.on(day).filter(
        person=reader.user_id,
        partnership=reader.partnership_id,
        role=reader.role,
        starts__gt=day - timedelta(days=NEW_HEAD_DAYS),
    )
    return found.select_related("organisation", "group").order_by("-starts", "-id").first()


def buddy_request(appointment: Appointment) -> BuddyRequest | None:
    """What a new head has asked, with who was named."""
    found = BuddyRequest.objects.filter(appointment=appointment)
    return found.select_related("buddy__person", "buddy__organisation").first()


def buddy_requests(partnership_id: int) -> QuerySet[BuddyRequest]:
    """Every request for a buddy in a partnership: those that wait first, then the newest."""
    found = BuddyRequest.objects.filter(partnership=partnership_id).select_related(
        "appointment__person",
        "appointment__organisation",
        "appointment__group",
        "buddy__person",
        "buddy__organisation",
        "named_by",
    )
    return found.order_by(F("named_at").desc(nulls_first=True), "-asked_at")


def buddy_to(reader: Reader) -> QuerySet[BuddyRequest]:
    """The new heads to whom the reader has been named as buddy, while both hold their roles."""
    holds = Appointment.objects.on(localdate())
    found = BuddyRequest.objects.filter(
        partnership=reader.partnership_id,
        buddy__person=reader.user_id,
        buddy__in=holds,
        appointment__in=holds,
    )
    return found.select_related("appointment__person", "appointment__organisation")


def experienced_heads(asked: BuddyRequest, day: date) -> QuerySet[Appointment]:
    """Who could be a new head's buddy: heads of other schools for more than a year, by name."""
    new = asked.appointment
    found = Appointment.objects.on(day).filter(
        partnership=asked.partnership_id,
        role__in=roles_with(Permission.ASK_FOR_BUDDY),
        starts__lte=day - timedelta(days=NEW_HEAD_DAYS),
    )
    if new.organisation_id:
        found = found.exclude(organisation=new.organisation_id)
    return (
        found.exclude(person=new.person_id)
        .select_related("person", "organisation", "group", "partnership")
        .order_by("person__name", "id")
    )
