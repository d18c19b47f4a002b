"""Reads of partnerships and of the register."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.http.request import split_domain_port
from django.utils.timezone import localdate

from bridgehead.schools.models import (
    Group,
    GroupMember,
    GroupPart,
    KeptSet,
    Membership,
    Organisation,
    Partnership,
    held_on,
)
from bridgehead.schools.rules import MemberKind


def partnership_at(host: str) -> Partnership | None:
    """The partnership reached under a host name: the one whose own host it is, else the only one
    that has no host of its own. None where none fits. One query."""
    domain, _ = split_domain_port(host)
    found = list(
        Partnership.objects.filter(Q(host=domain) | Q(host="")).order_by("-host", "id")[:2]
    )
    own = [p for p in found if p.host]
    if own:
        return own[0]
    return found[0] if len(found) == 1 else None


def member_known_as(partnership_id: int, urns: Iterable[int]) -> Organisation | None:
    """The school of a partnership that stands under one of these URNs (of one chain). One query."""
    found = Organisation.objects.filter(urn__in=urns, memberships__partnership_id=partnership_id)
    return found.order_by("-urn").first()


def member_urns(
    partnership_id: int, *, among: Iterable[int] | None = None, by_hand: bool | None = None
) -> frozenset[int]:
    """The URNs of the schools that belong to a partnership today, all or ``among`` these, however
    they came or only those entered one by one (``by_hand``). One query."""
    held = Membership.objects.filter(held_on(localdate()), partnership_id=partnership_id)
    if among is not None:
        held = held.filter(organisation__urn__in=list(among))
    if by_hand is not None:
        held = held.filter(by_hand=by_hand)
    urns = held.values_list("organisation__urn", flat=True)
    return frozenset(urn for urn in urns if urn is not None)


def kept_sets(partnership_id: int) -> QuerySet[KeptSet]:
    """The sets of similar schools that a partnership keeps, newest first, with who kept them."""
    return KeptSet.objects.filter(partnership_id=partnership_id).select_related(
        "kept_by", "organisation"
    )


def kept_sets_of(partnership_id: int, urns: Iterable[int]) -> QuerySet[KeptSet]:
    """The sets kept of one school, by any URN of its chain, for a list: without the schools in
    them, of which each set holds fifty with their differences."""
    found = kept_sets(partnership_id).filter(organisation__urn__in=urns)
    return found.defer("context", "neighbours")


def memberships(
    partnership_id: int, day: date, *, words: str = "", kind: str = "", left: bool = False
) -> QuerySet[Membership]:
    """The members of a partnership on a day, or those that had left by then, by name, with the
    groups that each is in on that day in a second query."""
    inside = held_on(day)
    found = (
        Membership.objects.filter(Q(left__lte=day) if left else inside, partnership=partnership_id)
        .select_related("organisation")
        .order_by("organisation__name", "id")
    )
    if kind:
        found = found.filter(organisation__kind=kind)
    if words:
        by_urn = Q(organisation__urn=int(words)) if words.isdecimal() and len(words) < 9 else Q()
        found = found.filter(
            Q(organisation__name__icontains=words) | Q(organisation__town__icontains=words) | by_urn
        )
    within = GroupMember.objects.filter(inside, partnership=partnership_id).select_related("group")
    return found.prefetch_related(
        Prefetch("organisation__group_members", queryset=within, to_attr="in_groups")
    )


def kinds_there(partnership_id: int, day: date) -> dict[str, int]:
    """How many members of each kind there are on a day; kinds without any are left out."""
    held = Membership.objects.filter(held_on(day), partnership=partnership_id).order_by()
    counts = dict(held.values_list("organisation__kind").annotate(n=Count("id")))
    return {kind: counts[kind] for kind in MemberKind if kind in counts}


def members_today(partnership_id: int, day: date) -> QuerySet[Organisation]:
    """The organisations of every kind that are members on a day, by name."""
    held = Membership.objects.filter(held_on(day), partnership=partnership_id)
    return Organisation.objects.filter(memberships__in=held).order_by("name", "id")


def groups_of(partnership_id: int, day: date) -> QuerySet[Group]:
    """The groups of a partnership, by kind and name; ``size`` counts the members of a day, and in a
    joint group the groups that have joined."""
    inside = Q(members__left=None) | Q(members__left__gt=day)
    joined = Q(parts__left=None) | Q(parts__left__gt=day)
    return Group.objects.filter(partnership=partnership_id).annotate(
        size=Count("members", filter=inside & Q(members__joined__lte=day), distinct=True)
        + Count("parts", filter=joined & Q(parts__joined__lte=day), distinct=True)
    )


def members_over_time(group: Group) -> QuerySet[GroupMember]:
    """Everybody who is, was or will be in a group: those who are in it first."""
    found = group.members.select_related("organisation")
    return found.order_by(F("left").desc(nulls_first=True), "organisation__name", "joined")


def parts_over_time(group: Group) -> QuerySet[GroupPart]:
    """The groups that are, were or will be part of a joint group."""
    found = group.parts.select_related("part")
    return found.order_by(F("left").desc(nulls_first=True), "part__name", "joined")


def in_joint_group(group: Group, day: date) -> QuerySet[Organisation]:
    """The members, on a day, of the groups that form a joint group on that day; each once."""
    parts = group.parts.filter(held_on(day)).values("part_id")
    held = GroupMember.objects.filter(held_on(day), group__in=parts)
    return Organisation.objects.filter(group_members__in=held).distinct().order_by("name", "id")
