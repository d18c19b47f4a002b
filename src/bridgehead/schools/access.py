"""Which schools a reader's partnership holds."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from bridgehead.accounts.rules import COMMAND_LINE, Denied, Permission, Reader
from bridgehead.schools.models import (
    Group,
    GroupMember,
    GroupPart,
    KeptSet,
    Membership,
    Partnership,
)
from bridgehead.schools.queries import kept_sets, member_urns


def visible_urns(reader: Reader) -> frozenset[int]:
    """The URNs of the schools that belong to the reader's partnership today, in one query.

    Their published figures may be seen by whoever holds ``SEE_PUBLISHED``; what is held beyond that
    is asked per school: ``reader.can(Permission.SEE_OWN_SCHOOL, urn)``.
    """
    if reader.partnership_id is None:
        return frozenset()
    return member_urns(reader.partnership_id)


def check_can_change_register(reader: Reader, partnership: Partnership) -> None:
    """Raise ``Denied`` unless the reader may load data for this partnership."""
    if reader == COMMAND_LINE:
        return
    if reader.partnership_id != partnership.pk or not reader.can(Permission.MANAGE_DATA):
        raise Denied("register", "Only an administrator may change the register of schools.")


def check_can_keep_members(reader: Reader, partnership: Partnership) -> None:
    """Raise ``Denied`` unless the reader may keep this partnership's members and groups."""
    if reader == COMMAND_LINE:
        return
    if reader.partnership_id != partnership.pk or not reader.can(Permission.MANAGE_MEMBERS):
        raise Denied("members", "Your role does not let you keep members and groups.")


def get_membership_for(reader: Reader, membership_id: int) -> Membership:
    """A membership of the reader's partnership. ``Http404`` for another's as for none."""
    return get_object_or_404(
        Membership.objects.select_related("organisation", "partnership"),
        pk=membership_id,
        partnership_id=_keeps(reader),
    )


def get_group_for(reader: Reader, group_id: int) -> Group:
    """A group of the reader's partnership. ``Http404`` for another's as for none."""
    return get_object_or_404(
        Group.objects.select_related("partnership"), pk=group_id, partnership_id=_keeps(reader)
    )


def get_group_member_for(reader: Reader, member_id: int) -> GroupMember:
    """A belonging to a group of the reader's partnership. ``Http404`` for another's as for none."""
    return get_object_or_404(
        GroupMember.objects.select_related("organisation", "group__partnership"),
        pk=member_id,
        partnership_id=_keeps(reader),
    )


def get_group_part_for(reader: Reader, part_id: int) -> GroupPart:
    """A part of a joint group of the reader's partnership. ``Http404`` for another's as for
    none."""
    return get_object_or_404(
        GroupPart.objects.select_related("part", "whole__partnership"),
        pk=part_id,
        partnership_id=_keeps(reader),
    )


def _keeps(reader: Reader) -> int:
    if reader.partnership_id is None or not reader.can(Permission.MANAGE_MEMBERS):
        raise Http404
    return reader.partnership_id


def get_kept_set_for(reader: Reader, kept_id: int) -> KeptSet:
    """A kept set of the reader's partnership, for those who see its school in full: officers and
    brokers, and the school itself. Everything else is "not found"."""
    found = kept_sets(reader.partnership_id or 0).filter(pk=kept_id).first()
    if found is None or not (
        reader.can(Permission.SEE_EVERY_SCHOOL)
        or reader.can(Permission.SEE_OWN_SCHOOL, found.organisation.urn)
    ):
        raise Http404("There is no such set.")
    return found


def check_can_keep(reader: Reader, partnership_id: int) -> int:
    """The person who keeps a set. Raises ``Denied`` unless the reader may keep one."""
    if reader.partnership_id != partnership_id or not reader.can(Permission.KEEP_SIMILAR):
        raise Denied("keep_similar", "Your role does not let you keep a set of similar schools.")
    if reader.user_id is None:
        raise Denied("nobody", "A named person does this, signed in.")
    return reader.user_id
