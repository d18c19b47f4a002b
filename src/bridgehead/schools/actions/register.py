"""Making a partnership, and taking its schools from a picture's register."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import CharField, DateField, F, Q, Value
from django.db.models.functions import Greatest
from django.utils.text import slugify
from django.utils.timezone import localdate

from bridgehead.accounts.actions import record
from bridgehead.accounts.rules import Reader
from bridgehead.picture.picture import Picture
from bridgehead.schools.access import check_can_change_register
from bridgehead.schools.models import GroupMember, Membership, Organisation, Partnership
from bridgehead.schools.rules import kind_of

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
#: What follows from it is written beside it.
KEPT = (*COPIED, "kind")


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
    slug, host = slug or slugify(name), host.lower()
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
    word of a picture without the authority's register, and nobody who was entered by hand. The same
    picture again changes nothing.
    """
    check_can_change_register(by, partnership)
    facts = facts_of(picture, picture.schools["la"].is_in(partnership.authority_codes))
    known = _known(partnership)
    _follow_chains(picture, known, facts)
    new = [filled(Organisation(urn=urn), row) for urn, row in facts.items() if urn not in known]
    changed = [
        filled(known[urn], row)
        for urn, row in facts.items()
        if urn in known and any(getattr(known[urn], name) != row[name] for name in COPIED)
    ]
    Organisation.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["urn"], update_fields=KEPT, batch_size=500
    )
    Organisation.objects.bulk_update(changed, KEPT, batch_size=500)
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


def facts_of(picture: Picture, chosen: pl.Series) -> dict[int, dict[str, Any]]:
    """URN → the copied facts of the schools of the register that are chosen, one truth value for
    each of its rows; text never null."""
    lengths = {f.name: f.max_length for f in Organisation._meta.fields if isinstance(f, CharField)}
    rows = picture.schools.filter(chosen).select("urn", *COPIED).to_dicts()
    return {
        row["urn"]: {
            name: row[name] if name == "laestab" else (row[name] or "")[: lengths[name]]
            for name in COPIED
        }
        for row in rows
    }


def filled(school: Organisation, row: dict[str, Any]) -> Organisation:
    """A school with the copied facts, and the kind that follows from them."""
    for name in COPIED:
        setattr(school, name, row[name])
    school.kind = kind_of(school.type_group, school.phase, school.type_name)
    return school


def _known(partnership: Partnership) -> dict[int, Organisation]:
    """URN → the row we have, of the partnership's authorities and members, in one query."""
    found = Organisation.objects.filter(
        Q(la__in=partnership.authority_codes) | Q(memberships__partnership=partnership),
        urn__isnull=False,
    ).distinct()
    return {school.urn: school for school in found if school.urn is not None}


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

    members = partnership.memberships.filter(left=None, by_hand=False).select_related(
        "organisation"
    )
    leaving = [member for member in members if is_gone(member.organisation)]
    ended = Greatest(F("joined"), Value(today, output_field=DateField()))
    Membership.objects.filter(pk__in=[m.pk for m in leaving]).update(left=ended)
    # One that is to begin or to end later ends with it all the same, and never before it began.
    GroupMember.objects.filter(
        Q(left=None) | Q(left__gt=today),
        partnership=partnership,
        organisation__in=[m.organisation_id for m in leaving],
    ).update(left=ended)
    return sorted(m.organisation.urn for m in leaving if m.organisation.urn is not None)


def _registers(picture: Picture, authority_codes: list[str]) -> set[str]:
    """The authorities whose register the picture holds. It alone says where a school stands."""
    frame = picture.schools
    there = frame.filter(frame["la"].is_in(authority_codes) & frame["easting"].is_not_null())
    return set(there["la"])
