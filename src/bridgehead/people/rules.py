"""Roles as data: what each is called, what it may do and where (``roles.yaml``)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bridgehead.accounts.rules import Grant, Permission
from bridgehead.schools.rules import GroupKind, MemberKind


class Scope(StrEnum):
    """Where a role is held. At a school or a trust its permissions hold there; with every other
    scope they hold for the whole partnership."""

    SCHOOL = "school"
    TRUST = "trust"
    GROUP = "group"
    MEMBER = "member"
    PARTNERSHIP = "partnership"
    AUTHORITY = "authority"
    BOARD = "board"

    @property
    def at_schools(self) -> bool:
        """Whether the permissions hold at single schools only."""
        return self in {Scope.SCHOOL, Scope.TRUST}

    @property
    def placed(self) -> bool:
        """Whether a school, a group or another member has to be named."""
        return self not in {Scope.PARTNERSHIP, Scope.AUTHORITY, Scope.BOARD}


#: What shows more of a school than is published.
UNPUBLISHED = frozenset(
    {
        Permission.SEE_OWN_SCHOOL,
        Permission.SEE_EVERY_SCHOOL,
        Permission.SEE_SUPPORT_REVIEW,
        Permission.OPEN_SUPPORT_REVIEW,
        Permission.JUDGE,
        Permission.EXPORT_PROPOSALS,
        Permission.SUGGEST_SUPPORTERS,
        Permission.KEEP_SIMILAR,
        Permission.REPLY_FOR_SCHOOL,
        Permission.ANSWER_REQUESTS,
    }
)


#: What shows it in the file of a request alone. Whoever works in a school may be appointed to a
#: role with it, and does not have it.
ON_REQUEST = frozenset({Permission.ANSWER_REQUESTS})

#: What a role may say beside where it is held and what it gives.
_FURTHER = ("at", "works_in_school", "head_invites")


class BadRole(Exception):
    """The role table cannot be used; says which role and why."""


@dataclass(frozen=True, slots=True)
class Role:
    """One role. Its ``permissions`` hold where its scope says, those in ``everywhere`` always for
    the whole partnership."""

    key: str
    label: str
    what: str
    scope: Scope
    permissions: frozenset[Permission]
    everywhere: frozenset[Permission]
    at: frozenset[str] = frozenset()
    works_in_school: bool = False
    head_invites: bool = False

    def grants(self, urns: Iterable[int]) -> frozenset[Grant]:
        """What an appointment in this role gives. ``urns`` are the schools of its place."""
        wide = {Grant(p) for p in self.everywhere}
        if not self.scope.at_schools:
            return frozenset(wide | {Grant(p) for p in self.permissions})
        return frozenset(wide | {Grant(p, urn) for p in self.permissions for urn in urns})

    @property
    def watches(self) -> bool:
        """Whether it shows what is unpublished of schools, and is not a role of those schools."""
        held = self.permissions if self.scope is not Scope.SCHOOL else frozenset()
        return bool((held | self.everywhere) & (UNPUBLISHED - ON_REQUEST))


def unwatched(
    role: Role, grants: frozenset[Grant], works_at: frozenset[int] | None
) -> frozenset[Grant]:
    """The grants of a role for somebody who works at these schools (None: at none; empty: at one
    without a URN). Neighbours do not watch, so that whatever shows a school unpublished is gone but
    for those schools. A role of a school, such as governor of another one, keeps what it gives."""
    if works_at is None:
        return grants
    if not role.watches:
        return frozenset(g for g in grants if g.permission not in ON_REQUEST)
    return frozenset(g for g in grants if g.permission not in UNPUBLISHED or g.urn in works_at)


def misplaced(role: Role, member: MemberKind | None, group: GroupKind | None) -> str:
    """Why a role cannot be held at a member of this kind, at a group of that kind, or at neither;
    empty where it can."""
    name = role.label.lower()
    if not role.scope.placed:
        fits = member is None and group is None
        return "" if fits else f"{role.label} is a role of the whole partnership: choose no school."
    if role.scope is Scope.SCHOOL:
        return _no_school(name, member, group)
    wanted, fits = {
        Scope.TRUST: ("trust", group is GroupKind.TRUST),
        Scope.GROUP: ("group", group is not None),
        Scope.MEMBER: (" or ".join(sorted(role.at)), member in role.at),
    }[role.scope]
    return "" if fits else f"Choose the {wanted} of the {name}."


def _no_school(name: str, member: MemberKind | None, group: GroupKind | None) -> str:
    if member is not None:
        return "" if member.teaches else f"Choose a school: nobody is {name} of a {member}."
    if group is None:
        return f"Choose the school of the {name}."
    # At a cluster, the head of one school would see the others.
    run_together = group in {GroupKind.TRUST, GroupKind.FAMILY}
    return "" if run_together else f"Choose one school: a {group.label} is not led as one."


#: Days for which an invitation may be accepted, and for which a head is new.
INVITATION_DAYS = 7
NEW_HEAD_DAYS = 365


def read_roles(text: str) -> dict[str, Role]:
    """Read a role table. Raises ``BadRole`` on unknown keys, scopes and permissions."""
    return {key: _role(key, fields) for key, fields in yaml.safe_load(text).items()}


@cache
def roles() -> dict[str, Role]:
    """The roles of this installation, in the order in which they are written."""
    return read_roles((files("bridgehead.people") / "roles.yaml").read_text(encoding="utf-8"))


def roles_with(permission: Permission) -> list[str]:
    """The keys of the roles that hold a permission somewhere."""
    return [k for k, r in roles().items() if permission in r.permissions | r.everywhere]


def _role(key: str, fields: dict[str, Any]) -> Role:
    known = {"label", "what", "scope", "permissions", "everywhere", *_FURTHER}
    if unknown := set(fields) - known:
        raise BadRole(f"role {key}: unknown {', '.join(sorted(unknown))}")
    try:
        return Role(
            key=key,
            label=fields["label"],
            what=fields["what"],
            scope=Scope(fields["scope"]),
            permissions=frozenset(Permission[p] for p in fields["permissions"]),
            everywhere=frozenset(Permission[p] for p in fields.get("everywhere", [])),
            at=frozenset(fields.get("at", [])),
            works_in_school=fields.get("works_in_school", False) is True,
            head_invites=fields.get("head_invites", False) is True,
        )
    except (KeyError, ValueError) as error:
        raise BadRole(f"role {key}: {error}") from error
