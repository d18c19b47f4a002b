"""Groups of members: who is in them since when, and who leads and speaks for them."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs
from bridgehead.accounts.rules import Permission
from bridgehead.people.forms import GroupForm, JoinForm, LeaveForm
from bridgehead.people.queries import at_group, speakers
from bridgehead.people.rules import Scope, roles
from bridgehead.schools.access import get_group_for, get_group_member_for, get_group_part_for
from bridgehead.schools.actions import (
    Unfit,
    create_group,
    join_group,
    join_groups,
    leave_group,
    part_groups,
)
from bridgehead.schools.models import Group, GroupMember, GroupPart
from bridgehead.schools.queries import (
    groups_of,
    in_joint_group,
    members_over_time,
    members_today,
    parts_over_time,
)
from bridgehead.schools.rules import GroupKind


@needs(Permission.MANAGE_MEMBERS)
def groups(request: SignedIn) -> HttpResponse:
    """Every group with its size and those who lead and speak for it."""
    today = localdate()
    said = speakers(request.partnership.pk, today)
    found = groups_of(request.partnership.pk, today)
    context = {"rows": [(group, GroupKind(group.kind), said.get(group.pk, [])) for group in found]}
    return render(request, "people/groups.html", context)


@needs(Permission.MANAGE_MEMBERS, methods=GET_AND_POST)
def add_group(request: SignedIn) -> HttpResponse:
    """A new group, empty; a kind and name that are there lead to the group that has them."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = create_group(
            partnership=request.partnership,
            kind=GroupKind(form.cleaned_data["kind"]),
            name=form.cleaned_data["name"],
            schools=[],
            by=request.reader,
        )
        return redirect("people:group", made.pk)
    return render(request, "people/add_group.html", {"form": form})


@needs(Permission.MANAGE_MEMBERS)
def one_group(request: SignedIn, group_id: int) -> HttpResponse:
    """A group: its members over time, and the people who have led and spoken for it."""
    group, today = get_group_for(request.reader, group_id), localdate()
    appointed = list(at_group(group))
    held = {each.role for each in appointed if each.holds_on(today)}
    wanted = [r for r in roles().values() if r.scope is Scope.GROUP and r.key not in held]
    joint = group.kind == GroupKind.JOINT
    context = {
        "group": group,
        "kind": GroupKind(group.kind),
        "joint": joint,
        "members": members_over_time(group),
        "parts": parts_over_time(group) if joint else [],
        "together": in_joint_group(group, today) if joint else [],
        "appointed": appointed,
        "wanted": wanted,
        "today": today,
        "can_appoint": request.reader.can(Permission.MANAGE_PEOPLE),
    }
    return render(request, "people/group.html", context)


@needs(Permission.MANAGE_MEMBERS, methods=GET_AND_POST)
def join(request: SignedIn, group_id: int) -> HttpResponse:
    """A member joins a group, or a group a joint one, for good or for a while."""
    group = get_group_for(request.reader, group_id)
    form = _join_form(request, group)
    if request.method == "POST" and form.is_valid():
        try:
            _join(request, group, form)
            return redirect("people:group", group.pk)
        except Unfit as refusal:
            form.add_error(None, str(refusal))
    return render(request, "people/join.html", {"form": form, "group": group})


@needs(Permission.MANAGE_MEMBERS, methods=GET_AND_POST)
def leave(request: SignedIn, member_id: int) -> HttpResponse:
    """A member leaves a group on a day."""
    return _leave(request, get_group_member_for(request.reader, member_id))


@needs(Permission.MANAGE_MEMBERS, methods=GET_AND_POST)
def part(request: SignedIn, part_id: int) -> HttpResponse:
    """A group leaves a joint group on a day."""
    return _leave(request, get_group_part_for(request.reader, part_id))


def _join_form(request: SignedIn, group: Group) -> JoinForm:
    joint = group.kind == GroupKind.JOINT
    others = request.partnership.groups.exclude(kind=GroupKind.JOINT)
    return JoinForm(
        request.POST or None,
        label="Group" if joint else "Member",
        offered=others if joint else members_today(request.partnership.pk, localdate()),
        initial={"joined": localdate()},
    )


def _join(request: SignedIn, group: Group, form: JoinForm) -> None:
    who, joined, left = (form.cleaned_data[name] for name in ("who", "joined", "left"))
    if group.kind == GroupKind.JOINT:
        join_groups(whole=group, part=who, joined=joined, left=left, by=request.reader)
    else:
        join_group(group=group, organisation=who, joined=joined, left=left, by=request.reader)


def _leave(request: SignedIn, inside: GroupMember | GroupPart) -> HttpResponse:
    form = LeaveForm(request.POST or None, initial={"on": localdate()})
    member = isinstance(inside, GroupMember)
    group = inside.group if isinstance(inside, GroupMember) else inside.whole
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            if isinstance(inside, GroupMember):
                leave_group(member=inside, on=on, by=request.reader)
            else:
                part_groups(part=inside, on=on, by=request.reader)
            return redirect("people:group", group.pk)
        except Unfit as refusal:
            form.add_error("on", str(refusal))
    name = inside.organisation.name if isinstance(inside, GroupMember) else inside.part.name
    context = {"form": form, "group": group, "name": name, "inside": inside, "member": member}
    return render(request, "people/leave_group.html", context)
