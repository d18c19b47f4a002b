"""Roles as data: what each is called, what it may do and where (``roles.yaml``)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bridgehead.accounts.rules import Grant, Permission


class Scope(StrEnum):
    """Where a role's permissions hold."""

    SCHOOL = "school"
    PARTNERSHIP = "partnership"


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

    def grants(self, urns: Iterable[int]) -> frozenset[Grant]:
        """What an appointment in this role gives. ``urns`` are the schools of its place."""
        wide = {Grant(p) for p in self.everywhere}
        if self.scope is Scope.PARTNERSHIP:
            return frozenset(wide | {Grant(p) for p in self.permissions})
        return frozenset(wide | {Grant(p, urn) for p in self.permissions for urn in urns})


def read_roles(text: str) -> dict[str, Role]:
    """Read a role table. Raises ``BadRole`` on unknown keys, scopes and permissions."""
    return {key: _role(key, fields) for key, fields in yaml.safe_load(text).items()}


@cache
def roles() -> dict[str, Role]:
    """The roles of this installation, in the order in which they are written."""
    return read_roles((files("bridgehead.people") / "roles.yaml").read_text(encoding="utf-8"))


def _role(key: str, fields: dict[str, Any]) -> Role:
    known = {"label", "what", "scope", "permissions", "everywhere"}
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
        )
    except (KeyError, ValueError) as error:
        raise BadRole(f"role {key}: {error}") from error
