"""What each role can see and do, made from the role table: for a page of the site, and as
``docs/reference/permissions.md`` (``python -m bridgehead.people.reference``)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bridgehead.accounts.rules import Permission
from bridgehead.people.rules import Role, Scope, roles


class Reach(StrEnum):
    """How far a role's permission reaches."""

    EVERYWHERE = "yes"
    OWN_SCHOOL = "own school"
    NOWHERE = "no"


@dataclass(frozen=True, slots=True)
class Line:
    """One permission: how far it reaches, role by role in the order of the role table, and who
    holds it, in words."""

    permission: Permission
    reach: tuple[Reach, ...]
    who: str


def reach(role: Role, permission: Permission) -> Reach:
    """How far one permission of one role reaches."""
    if permission in role.everywhere:
        return Reach.EVERYWHERE
    if permission not in role.permissions:
        return Reach.NOWHERE
    return Reach.OWN_SCHOOL if role.scope.at_schools else Reach.EVERYWHERE


def table() -> list[Line]:
    """Every permission against every role."""
    held = roles().values()
    return [Line(p, tuple(reach(role, p) for role in held), who_passes((p,))) for p in Permission]


def duties(role: Role) -> dict[Reach, list[Permission]]:
    """What a role may do, by how far it reaches; only the reaches that it has."""
    found = {r: [p for p in Permission if reach(role, p) is r] for r in Reach}
    return {r: held for r, held in found.items() if held and r is not Reach.NOWHERE}


def who_passes(door: tuple[Permission, ...] | None) -> str:
    """Who can open a page with this door, in words: the roles that hold one of its permissions.
    None is a page for everybody, an empty door one for everybody who is signed in."""
    if door is None:
        return "Everybody, signed in or not"
    if not door:
        return "Everybody who is signed in"
    held = list(roles().values())
    wide = [r for r in held if any(reach(r, p) is Reach.EVERYWHERE for p in door)]
    own = [r for r in held if r not in wide and any(reach(r, p) is Reach.OWN_SCHOOL for p in door)]
    if len(wide) == len(held):
        return "Everybody with a role in this partnership"
    without = [r for r in held if r not in wide and r not in own]
    if not own and len(without) <= len(held) // 4:
        return f"Everybody with a role in this partnership, but for: {_named(without)}"
    said = [_named(wide)] if wide else []
    return "; ".join(said + ([f"{_named(own)} (their own schools only)"] if own else []))


def who_sees(request: HttpRequest) -> dict[str, Any]:
    """For every template: ``who_passes``, by the permission that the route of the page declares;
    empty for what is no page of the site, such as an error."""
    view: Any = request.resolver_match.func if request.resolver_match else None
    if not hasattr(view, "door"):  # as ``accounts.access`` marks it
        return {"who_passes": ""}
    return {"who_passes": SimpleLazyObject(lambda: who_passes(view.door))}


def _named(held: list[Role]) -> str:
    return ", ".join(role.label for role in held)


def markdown() -> str:
    """The reference page."""
    lines = [
        "# What each role can see and do",
        "",
        "Made from `people/roles.yaml` by `python -m bridgehead.people.reference`; a test fails "
        "when it is out of date. The site shows the same at `/who-can-see/`.",
        "",
        "Nobody can see or do what is not listed here. Nobody who works in a school, and no member "
        "of the board, sees another school's direction, proposal, category, need or decision. A "
        "person with several roles acts in one at a time.",
        "",
        "## Role by role",
        "",
        "| Role | Held at | What it is | May |",
        "|---|---|---|---|",
        *(f"| {r.label} | {held_at(r)} | {r.what} | {_may(r)} |" for r in roles().values()),
        "",
        "## Permission by permission",
        "",
        "| May | Who |",
        "|---|---|",
        *(f"| {line.permission.value} | {line.who} |" for line in table()),
        "",
    ]
    return "\n".join(lines)


def held_at(role: Role) -> str:
    """Where a role is held, in words."""
    if role.scope is Scope.MEMBER:
        return " or ".join(f"a {kind}" for kind in sorted(role.at))
    whole = not role.scope.placed
    return f"the {role.scope}" if whole else f"a {role.scope}"


def _may(role: Role) -> str:
    said = {
        Reach.EVERYWHERE: "",
        Reach.OWN_SCHOOL: "for the own school only: ",
    }
    parts = (said[r] + ", ".join(held) for r, held in duties(role).items())
    return "; ".join(parts)


if __name__ == "__main__":
    print(markdown(), end="")
