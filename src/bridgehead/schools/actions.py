"""Writes of the register: partnerships, schools taken from a picture, groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Q
from django.utils.text import slugify
from django.utils.timezone import localdate

from bridgehead.accounts.actions import record
from bridgehead.accounts.rules import Reader
from bridgehead.picture.picture import Picture
from bridgehead.schools.access import check_can_change_register, check_can_keep
from bridgehead.schools.models import (
    Group,
    GroupMember,
    KeptSet,
    Membership,
    Organisation,
    Partnership,
)
from bridgehead.schools.rules import GroupKind, SimilarMethod

#: What is copied from a picture's register, under the same names.
COPIED = (
    "name",
    "laestab",
    "phase",
    "type_name",
    "type_group",
    "la",
    "la_name",
    "status",
    "trust",
    "town",
    "postcode",
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of the register changed, in schools."""

    new: int
    changed: int
    unchanged: int
    joined: int
    left: int


@transaction.atomic
def create_partnership(
    *, name: str, authority_codes: Iterable[str], by: Reader, host: str = "", slug: str = ""
) -> Partnership:
    """Make a partnership of the schools of these authorities, or give back the one of this slug."""
    slug = slug or slugify(name)
    partnership, made = Partnership.objects.get_or_create(
        slug=slug,
        defaults={"name": name, "host": host, "authority_codes": list(authority_codes)},
    )
    if made:
        record(
            verb="made a partnership",
            by=by,
            partnership=partnership,
            about=partnership,
            details={"name": name, "authorities": partnership.authority_codes},
        )
    return partnership


@transaction.atomic
def import_register(*, picture: Picture, partnership: Partnership, by: Reader) -> Imported:
    """Take the schools of the partnership's authorities from a picture's register.

    A school that became an academy keeps its row under its new URN. Open schools that are not
    members join today. Members leave today, and their groups with them, that are closed, that
    belong to another authority now, or that the register no longer knows; but nobody leaves on the
    word of a picture without the authority's register. The same picture again changes nothing.
    """
    check_can_change_register(by, partnership)
    facts = _facts(picture, partnership.authority_codes)
    known = _known(partnership)
    _follow_chains(picture, known, facts)
    new = [_filled(Organisation(urn=urn), row) for urn, row in facts.items() if urn not in known]
    changed = [
        _filled(known[urn], row)
        for urn, row in facts.items()
        if urn in known and any(getattr(known[urn], name) != row[name] for name in COPIED)
    ]
    Organisation.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["urn"], update_fields=COPIED, batch_size=500
    )
    Organisation.objects.bulk_update(changed, COPIED, batch_size=500)
    joined, left = _let_join(partnership, facts), _let_leave(partnership, picture, facts)
    unchanged = len(facts) - len(new) - len(changed)
    done = Imported(len(new), len(changed), unchanged, joined, len(left))
    if new or changed or joined or left:
        record(
            verb="imported the register",
            by=by,
            partnership=partnership,
            about=partnership,
            details={
                "picture": picture.digest,
                "new": len(new),
                "joined": joined,
                "left": len(left),
                "urns that left": left,
            },
        )
    return done


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
    check_can_change_register(by, partnership)
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
            details={"kind": kind, "name": name, "urns": sorted(s.urn for s in added)},
        )
    return group


@transaction.atomic
def keep_similar(
    *,
    partnership: Partnership,
    organisation: Organisation,
    picture: Picture,
    purpose: str,
    token: UUID,
    by: Reader,
) -> KeptSet:
    """Keep the similar schools of a member as this picture has them; the same ``token`` again gives
    back what it kept. Raises ``Denied``, ``KeyError`` where the picture does not hold the school,
    ``ValueError`` where it has nobody similar or no purpose is given."""
    person = check_can_keep(by, partnership.pk)
    if not partnership.memberships.filter(organisation=organisation).exists():
        raise KeyError(organisation.urn)
    # One at a time: of two presses at the same moment, the later must see what the earlier kept.
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    made = KeptSet.objects.filter(partnership=partnership, token=token).first()
    if made is not None:
        return made
    pictured, purpose = picture.school(organisation.urn), purpose.strip()
    if not pictured.similar or not purpose:
        raise ValueError("a kept set has similar schools and a purpose")
    kept = KeptSet.objects.create(
        partnership=partnership,
        organisation=organisation,
        urn=pictured.school.urn,
        name=pictured.school.name[:200],
        method=SimilarMethod.BRIDGEHEAD,
        picture=picture.digest,
        purpose=purpose,
        note=pictured.similar_note,
        context=pictured.context,
        neighbours=[
            {
                "urn": near.urn,
                "name": picture.register(near.urn).name,
                "distance": near.distance,
                "differences": near.differences,
            }
            for near in pictured.similar
        ],
        kept_on=localdate(),
        kept_by_id=person,
        token=token,
    )
    record(
        verb="kept a set of similar schools",
        by=by,
        partnership=partnership,
        about=kept,
        details={
            "urn": kept.urn,
            "method": kept.method,
            "picture": kept.picture,
            "purpose": kept.purpose,
            "schools": len(kept.neighbours),
        },
    )
    return kept


def _facts(picture: Picture, authority_codes: list[str]) -> dict[int, dict[str, Any]]:
    """URN → the copied facts of each school of the authorities, text never null."""
    lengths = {f.name: f.max_length for f in Organisation._meta.fields if isinstance(f, CharField)}
    frame = picture.schools
    rows = frame.filter(frame["la"].is_in(authority_codes)).select("urn", *COPIED).to_dicts()
    return {
        row["urn"]: {
            name: row[name] if name == "laestab" else (row[name] or "")[: lengths[name]]
            for name in COPIED
        }
        for row in rows
    }


def _filled(school: Organisation, row: dict[str, Any]) -> Organisation:
    for name in COPIED:
        setattr(school, name, row[name])
    return school


def _known(partnership: Partnership) -> dict[int, Organisation]:
    """URN → the row we have, of the partnership's authorities and members, in one query."""
    found = Organisation.objects.filter(
        Q(la__in=partnership.authority_codes) | Q(memberships__partnership=partnership)
    ).distinct()
    return {school.urn: school for school in found}


def _follow_chains(
    picture: Picture, known: dict[int, Organisation], facts: dict[int, dict[str, Any]]
) -> None:
    """Give rows that stand under an older URN the newest of their chain, in place."""
    moved = []
    for old in [urn for urn in known if urn not in facts]:
        newest = picture.resolve(old)
        if newest is not None and newest in facts and newest not in known:
            school = known.pop(old)
            school.urn = newest
            known[newest] = school
            moved.append(school)
    Organisation.objects.bulk_update(moved, ["urn"], batch_size=500)


def _let_join(partnership: Partnership, facts: dict[int, dict[str, Any]]) -> int:
    """Let the open schools join that are not members; returns how many did."""
    open_urns = {urn for urn, row in facts.items() if row["status"].startswith("open")}
    joining = Organisation.objects.filter(la__in=partnership.authority_codes).exclude(
        memberships__in=partnership.memberships.filter(left=None)
    )
    joined = Membership.objects.bulk_create(
        [
            Membership(partnership=partnership, organisation=school, joined=localdate())
            for school in joining
            if school.urn in open_urns
        ],
        batch_size=500,
    )
    return len(joined)


def _let_leave(
    partnership: Partnership, picture: Picture, facts: dict[int, dict[str, Any]]
) -> list[int]:
    """Let members leave that are no longer schools of the partnership; returns their URNs.

    A member that is not among ``facts`` has moved to another authority, has been joined to another
    member's URN, or is no longer in the register. That is believed only where the register of its
    authority is loaded: without it schools are known by figures, and a school without figures may
    well be there. An authority of which the picture holds nothing, as after a change of its code,
    loses nobody.
    """
    today, registers = localdate(), _registers(picture, partnership.authority_codes)

    def is_gone(school: Organisation) -> bool:
        if school.urn in facts:
            return bool(facts[school.urn]["status"] == "closed")
        # The row is shared: another partnership may have taken it into its authority already.
        elsewhere = school.la not in partnership.authority_codes
        return school.la in registers or (elsewhere and bool(registers))

    members = partnership.memberships.filter(left=None).select_related("organisation")
    leaving = [member for member in members if is_gone(member.organisation)]
    Membership.objects.filter(pk__in=[m.pk for m in leaving]).update(left=today)
    GroupMember.objects.filter(
        partnership=partnership, left=None, organisation__in=[m.organisation_id for m in leaving]
    ).update(left=today)
    return sorted(m.organisation.urn for m in leaving)


def _registers(picture: Picture, authority_codes: list[str]) -> set[str]:
    """The authorities whose register the picture holds. It alone says where a school stands."""
    frame = picture.schools
    there = frame.filter(frame["la"].is_in(authority_codes) & frame["easting"].is_not_null())
    return set(there["la"])
