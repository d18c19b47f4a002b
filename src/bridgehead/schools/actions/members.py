"""Members that no authority's register brings: one by a form, or many by a sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate

from bridgehead.accounts.actions import record
from bridgehead.accounts.rules import Reader
from bridgehead.picture.picture import Picture
from bridgehead.schools.access import check_can_keep_members
from bridgehead.schools.actions.register import facts_of, filled
from bridgehead.schools.models import GroupMember, Membership, Organisation, Partnership, held_on
from bridgehead.schools.rules import MemberKind
from bridgehead.schools.rules.sheet import Fault, MemberRow


class BadRows(ValueError):
    """Rows that cannot be taken, each with what is wrong. Nothing of the sheet was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Added:
    """What a sheet of members comes to: the names of those that join, and of those that were
    members already."""

    joined: tuple[str, ...]
    already: tuple[str, ...]


def look_over(
    *, partnership: Partnership, rows: Iterable[MemberRow], picture: Picture | None
) -> Added:
    """What adding these rows would come to; writes nothing. Raises ``BadRows`` naming every row
    whose URN the register does not hold, or holds as closed."""
    found = _found(partnership, list(rows), picture)
    inside = _members(partnership)
    joined = [o.name for o in found if o.pk not in inside]
    return Added(tuple(joined), tuple(o.name for o in found if o.pk in inside))


@transaction.atomic
def add_members(
    *,
    partnership: Partnership,
    rows: Iterable[MemberRow],
    picture: Picture | None,
    by: Reader,
    joined: date | None = None,
) -> Added:
    """Let members join today, or from another day: all of them or, on ``BadRows``, none. A row that
    is a member already changes nothing, and the same sheet again writes no line."""
    check_can_keep_members(by, partnership)
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    found = _found(partnership, list(rows), picture)
    inside = _members(partnership)
    new = [o for o in found if o.pk not in inside]
    for organisation in new:
        if organisation.pk is None:
            organisation.save()
    Membership.objects.bulk_create(
        Membership(
            partnership=partnership,
            organisation=organisation,
            joined=joined or localdate(),
            by_hand=True,
        )
        for organisation in new
    )
    if new:
        record(
            verb="added members",
            by=by,
            partnership=partnership,
            about=partnership,
            details={"members": [o.name for o in new], "joined": joined or localdate()},
        )
    already = tuple(o.name for o in found if o.pk in inside)
    return Added(tuple(o.name for o in new), already)


@transaction.atomic
def end_membership(*, membership: Membership, by: Reader) -> Membership:
    """Let a member that was entered by hand leave today, and its groups with it. Doing it again
    changes nothing. Raises ``ValueError`` for a school that the register brings: it would be back
    with the next one."""
    check_can_keep_members(by, membership.partnership)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if not held.by_hand:
        raise ValueError(f"{held.organisation} belongs by authority code.")
    if held.left is not None:
        return held
    today = localdate()
    held.left = max(today, held.joined)
    held.save(update_fields=["left"])
    for member in GroupMember.objects.filter(
        partnership=held.partnership, organisation=held.organisation, left=None
    ):
        member.left = max(today, member.joined)
        member.save(update_fields=["left"])
    record(
        verb="let a member leave",
        by=by,
        partnership=held.partnership_id,
        about=held,
        details={"name": held.organisation.name, "left": held.left},
    )
    return held


def _members(partnership: Partnership) -> set[int]:
    """The members of today and those whose first day is to come."""
    held = partnership.memberships.filter(held_on(localdate()))
    coming = partnership.memberships.filter(joined__gt=localdate(), left=None)
    return set((held | coming).values_list("organisation_id", flat=True))


def _found(
    partnership: Partnership, rows: list[MemberRow], picture: Picture | None
) -> list[Organisation]:
    """The organisation of each row, in order; those that are new are not saved yet."""
    schools = _schools({r.urn for r in rows if r.urn is not None}, picture)
    own = {(o.kind, o.name.casefold()): o for o in partnership.own_entries.all()}
    faults: list[Fault] = []
    found: list[Organisation] = []
    taken: set[int | None] = set()
    for row in rows:
        if row.urn is None:
            kind = row.kind or MemberKind.OTHER
            entry = Organisation(
                partnership=partnership,
                kind=kind,
                name=row.name,
                town=row.town,
                postcode=row.postcode,
            )
            found.append(own.get((kind, row.name.casefold()), entry))
        elif (school := schools.get(row.urn)) is None:
            faults.append(_fault(row, "The register that is loaded has no school of this URN."))
        elif school.status == "closed":
            faults.append(_fault(row, f"{school.name} is closed."))
        elif school.urn in taken:
            problem = f"Another row names {school.name} too, by this URN or an older one of it."
            faults.append(_fault(row, problem, "Keep one of the two rows."))
        else:
            taken.add(school.urn)
            found.append(school)
    if faults:
        raise BadRows(faults)
    return found


def _fault(
    row: MemberRow, problem: str, remedy: str = "Check the number in the register."
) -> Fault:
    return Fault(row.number, "urn", str(row.urn), problem, remedy)


def _schools(urns: set[int], picture: Picture | None) -> dict[int, Organisation]:
    """URN as asked → its school: the row that there is, else one filled from the register."""
    newest = {urn: (picture.resolve(urn) if picture else None) or urn for urn in urns}
    wanted = set(newest.values())
    held = {o.urn: o for o in Organisation.objects.filter(urn__in=wanted)}
    if picture is not None and (missing := wanted - held.keys()):
        facts = facts_of(picture, picture.schools["urn"].is_in(sorted(missing)))
        held |= {urn: filled(Organisation(urn=urn), row) for urn, row in facts.items()}
    return {urn: held[known] for urn, known in newest.items() if known in held}
