"""Groups of members: making them, who joins and leaves when, and groups that join for a while."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate

from bridgehead.accounts.actions import record
from bridgehead.accounts.rules import Reader
from bridgehead.schools.access import check_can_keep_members
from bridgehead.schools.models import Group, GroupMember, GroupPart, Organisation, Partnership
from bridgehead.schools.rules import GroupKind


class Unfit(ValueError):
    """What is asked does not fit what there is; the message says what and why."""


@transaction.atomic
def create_group(
    *,
    partnership: Partnership,
    kind: GroupKind,
    name: str,
    schools: Iterable[Organisation],
    by: Reader,
    joined: date | None = None,
) -> Group:
    """Make a group of schools, or add the schools to the group of this kind and name. Where that
    changes nothing no line is written."""
    check_can_keep_members(by, partnership)
    group, made = Group.objects.get_or_create(partnership=partnership, kind=kind, name=name)
    inside = set(group.members.filter(left=None).values_list("organisation_id", flat=True))
    added = [school for school in schools if school.pk not in inside]
    GroupMember.objects.bulk_create(
        GroupMember(
            partnership=partnership,
            group=group,
            organisation=school,
            joined=joined or localdate(),
        )
        for school in added
    )
    if made or added:
        record(
            verb="put schools in a group",
            by=by,
            partnership=partnership,
            about=group,
            details={
                "kind": kind,
                "name": name,
                "urns": sorted(s.urn for s in added if s.urn is not None),
            },
        )
    return group


@transaction.atomic
def join_group(
    *,
    group: Group,
    organisation: Organisation,
    joined: date,
    by: Reader,
    left: date | None = None,
) -> GroupMember:
    """Put a member of the partnership in a group from a day, for good or until the day ``left``.

    The same again gives back the row that there is. Raises ``Unfit`` for a joint group, for an
    organisation that is no member, and for days on which it is in the group already.
    """
    check_can_keep_members(by, group.partnership)
    _lock(group.partnership_id)
    if group.kind == GroupKind.JOINT:
        raise Unfit(f"{group} is made of groups: put {organisation} in one of those.")
    if not group.partnership.memberships.filter(organisation=organisation).exists():
        raise Unfit(f"{organisation} is not a member of this partnership.")
    _check_days(joined, left)
    within = group.members.filter(organisation=organisation)
    if same := within.filter(joined=joined, left=left).first():
        return same
    if overlapping := within.filter(_overlaps(joined, left)).first():
        raise Unfit(
            f"{organisation} is in {group} from {overlapping.joined:%-d %B %Y} already: end that "
            "first, or choose other days."
        )
    made = group.members.create(
        partnership_id=group.partnership_id, organisation=organisation, joined=joined, left=left
    )
    _told("put a member in a group", group, by, member=organisation, joined=joined, left=left)
    return made


@transaction.atomic
def leave_group(*, member: GroupMember, on: date, by: Reader) -> GroupMember:
    """Let a member leave a group; ``on`` is the first day after it. The row stays. Raises ``Unfit``
    for a day before it joined."""
    check_can_keep_members(by, member.group.partnership)
    held = GroupMember.objects.select_for_update().get(pk=member.pk)
    if _ended(held, on, held.organisation, held.group):
        _told("took a member out of a group", held.group, by, member=held.organisation, left=on)
    return held


@transaction.atomic
def join_groups(
    *, whole: Group, part: Group, joined: date, by: Reader, left: date | None = None
) -> GroupPart:
    """Let a group take part in a joint group, for good or until the day ``left``. The same again
    gives back the row that there is. Raises ``Unfit`` where the two do not go together."""
    check_can_keep_members(by, whole.partnership)
    _lock(whole.partnership_id)
    if part.partnership_id != whole.partnership_id:
        raise Unfit("Both groups belong to one partnership.")
    if whole.kind != GroupKind.JOINT or part.kind == GroupKind.JOINT:
        raise Unfit("Groups join in a joint group, and a joint group joins no other.")
    _check_days(joined, left)
    if same := whole.parts.filter(part=part, joined=joined, left=left).first():
        return same
    if overlapping := whole.parts.filter(_overlaps(joined, left), part=part).first():
        raise Unfit(f"{part} is in {whole} from {overlapping.joined:%-d %B %Y} already.")
    made = whole.parts.create(
        partnership_id=whole.partnership_id, part=part, joined=joined, left=left
    )
    _told("joined groups", whole, by, member=part, joined=joined, left=left)
    return made


@transaction.atomic
def part_groups(*, part: GroupPart, on: date, by: Reader) -> GroupPart:
    """Let a group leave a joint group; ``on`` is the first day after it. Raises ``Unfit``."""
    check_can_keep_members(by, part.whole.partnership)
    held = GroupPart.objects.select_for_update().get(pk=part.pk)
    if _ended(held, on, held.part, held.whole):
        _told("parted groups", held.whole, by, member=held.part, left=on)
    return held


def _ended(held: GroupMember | GroupPart, on: date, who: object, whole: Group) -> bool:
    """Write the first day after a span that still runs; whether that changed anything. Raises
    ``Unfit`` for a day before the span, and for a span that is over."""
    _check_days(held.joined, on)
    if held.left == on:
        return False
    if held.left is not None and held.left <= localdate():
        raise Unfit(f"{who} left {whole} on {held.left:%-d %B %Y}.")
    held.left = on
    held.save(update_fields=["left"])
    return True


def _check_days(joined: date, left: date | None) -> None:
    if left is not None and left < joined:
        raise Unfit("The day of leaving is before the day of joining.")


def _overlaps(joined: date, left: date | None) -> Q:
    """Rows that share a day with the span. One that ended on the day that it began holds none."""
    holds = (Q(left=None) | Q(left__gt=joined)) & (Q(left=None) | Q(left__gt=F("joined")))
    return holds if left is None else holds & Q(joined__lt=left)


def _lock(partnership_id: int) -> None:
    """One at a time, so that of two presses the later sees what the earlier wrote."""
    Partnership.objects.select_for_update().get(pk=partnership_id)


def _told(
    verb: str,
    group: Group,
    by: Reader,
    *,
    member: Organisation | Group,
    **days: date | None,
) -> None:
    record(
        verb=verb,
        by=by,
        partnership=group.partnership_id,
        about=group,
        details={"name": group.name, "member": member.name, **days},
    )
