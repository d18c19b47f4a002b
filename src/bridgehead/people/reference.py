"""What each role can see and do, made from the role table: for a page of the site, and as
``docs/reference/permissions.md`` (``python -m bridgehead.people.reference``)."""

from dataclasses import dataclass
from enum import StrEnum

from bridgehead.accounts.rules import Permission
from bridgehead.people.rules import Role, Scope, roles


class Reach(StrEnum):
    """How far a role's permission reaches."""

    EVERYWHERE = "yes"
    OWN_SCHOOL = "own school"
    NOWHERE = "no"


@dataclass(frozen=True, slots=True)
class Line:
    """One permission and how far it reaches, role by role in the order of the role table."""

    permission: Permission
    reach: tuple[Reach, ...]


def reach(role: Role, permission: Permission) -> Reach:
    """How far one permission of one role reaches."""
    if permission in role.everywhere:
        return Reach.EVERYWHERE
    if permission not in role.permissions:
        return Reach.NOWHERE
    return Reach.OWN_SCHOOL if role.scope is Scope.SCHOOL else Reach.EVERYWHERE


def table() -> list[Line]:
    """Every permission against every role."""
    return [Line(p, tuple(reach(role, p) for role in roles().values())) for p in Permission]


def duties(role: Role) -> dict[Reach, list[Permission]]:
    """What a role may do, by how far it reaches; only the reaches that it has."""
    found = {r: [p for p in Permission if reach(role, p) is r] for r in Reach}
    return {r: held for r, held in found.items() if held and r is not Reach.NOWHERE}


def markdown() -> str:
    """The reference page."""
    held = list(roles().values())
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
        "| Role | What it is |",
        "|---|---|",
        *(f"| {role.label} | {role.what} |" for role in held),
        "",
        f"| May | {' | '.join(role.label for role in held)} |",
        f"|---|{'---|' * len(held)}",
        *(
            f"| {line.permission.value} | {' | '.join(_cell(r) for r in line.reach)} |"
            for line in table()
        ),
        "",
    ]
    return "\n".join(lines)


def _cell(reach: Reach) -> str:
    return "–" if reach is Reach.NOWHERE else reach.value


if __name__ == "__main__":
    print(markdown(), end="")
