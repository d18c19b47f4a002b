"""What a request for information meets: records by kind, time and school, each with its stance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from bridgehead.monitoring.models import Review
from bridgehead.records.queries.redact import Redaction, in_words, redaction
from bridgehead.records.queries.tables import (
    all_of,
    is_owned,
    lookup,
    of_partnership,
    since,
    table,
    until,
    with_related,
)
from bridgehead.records.rules import Kind, Rows, Stance, kinds
from bridgehead.schools.models import KeptSet, Membership

_FIRST = {
    Stance.RELEASE: "Release, unless something speaks against it",
    Stance.CONSIDER: "Consider before releasing",
    Stance.WITHHOLD: "Hold",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a disclosure. ``urn`` is its school's, or None; ``stance`` what to do first and
    ``why`` the exemptions to look at, in words; ``committee`` the paragraphs."""

    number: int
    kind: Kind
    table: str
    dated: str
    urn: int | None
    said: dict[str, str]
    stance: str
    why: str
    committee: str


def disclosable() -> list[Kind]:
    """The kinds that a disclosure can hold: those of which each row belongs to a partnership and
    has a date."""
    return [k for k in kinds().values() if any(is_owned(r) and r.made for r in k.rows)]


def urns_known(partnership_id: int) -> dict[int, int]:
    """Any URN under which a school of a partnership stands or was written down → its newest."""
    newest = "organisation__urn"
    members = Membership.objects.filter(partnership=partnership_id).values_list(newest, newest)
    reviews = Review.objects.filter(partnership=partnership_id).values_list("urn", newest)
    kept = KeptSet.objects.filter(partnership=partnership_id).values_list("urn", newest)
    # What is newest counts last: an old URN may be another member's own today.
    found = [pair for each in (reviews, kept, members) for pair in each.order_by().distinct()]
    return {urn: now for urn, now in found if urn is not None and now is not None}


def items(
    partnership_id: int, *, keys: Iterable[str], first: date, last: date, urns: frozenset[int]
) -> list[Item]:
    """The records of some kinds from a first to a last day, of the schools that stand under these
    URNs today (of all where none is named), whatever their URN was then; oldest first within each
    table. People are roles throughout."""
    taken_out, found, wanted = redaction(partnership_id), list[Item](), set(keys)
    for kind in disclosable():
        for rows in kind.rows if kind.key in wanted else ():
            if rows.made and is_owned(rows) and (rows.urn or not urns):
                held = of_partnership(all_of(rows), rows, partnership_id)
                held = held.filter(since(rows, rows.made, first) & until(rows, rows.made, last))
                if urns:
                    held = held.filter(**{f"{lookup(rows.urn)}__in": urns})
                found += _in_table(kind, rows, held, taken_out, len(found))
    return found


def _in_table(
    kind: Kind, rows: Rows, held: QuerySet[Any], taken_out: Redaction, before: int
) -> list[Item]:
    """The items of one table, numbered on from those before."""
    school = dict(held.values_list("pk", lookup(rows.urn))) if rows.urn else {}
    dated = dict(held.values_list("pk", lookup(rows.made)))
    ordered = with_related(held).order_by(lookup(rows.made), "pk")
    return [
        Item(
            number=before + n,
            kind=kind,
            table=str(table(rows)._meta.verbose_name),
            dated=f"{dated[row.pk]:%Y-%m-%d}",
            urn=school.get(row.pk),
            said=in_words(row, taken_out, without=rows.secret),
            stance=_FIRST[kind.stance],
            why="; ".join(f"{section}: {words}" for section, words in kind.exemptions),
            committee="; ".join(f"paragraph {n}: {words}" for n, words in kind.committee),
        )
        for n, row in enumerate(ordered.iterator(), 1)
    ]


def urns_shown(found: Iterable[Item]) -> set[int]:
    """The schools of which a disclosure tells more than is published."""
    return {
        item.urn
        for item in found
        if item.urn is not None and item.kind.stance is not Stance.RELEASE
    }
