"""Everything that is held about one person, table by table."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from bridgehead.accounts.models import User
from bridgehead.accounts.throttle import mark_of
from bridgehead.records.queries.mentions import homes_of, named_by, rows_naming
from bridgehead.records.queries.people import word_of
from bridgehead.records.queries.redact import Redaction, in_words, redaction
from bridgehead.records.queries.tables import (
    all_of,
    field_at,
    lookup,
    of_partnership,
    table,
    urn_of,
    with_related,
)
from bridgehead.records.rules import Kind, Rows, kinds


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table, each as words by column. ``urns`` are the schools of those rows that
    tell more of a school than is published."""

    kind: Kind
    name: str
    lines: tuple[dict[str, str], ...]
    urns: frozenset[int]

    @property
    def columns(self) -> tuple[str, ...]:
        """What the columns are called, in order."""
        return tuple(self.lines[0]) if self.lines else ()


def held_of(person: User, partnership_id: int | None) -> list[Sheet]:
    """What is held about a person: in one partnership with what is shared by all, or with None in
    every one. Names of others are roles; tables without such a row are left out."""
    taken_out, word = redaction(partnership_id, person), word_of(person)
    found = []
    for kind in kinds().values():
        for rows in kind.rows:
            held = list(with_related(rows_of(person, rows, partnership_id, word=word)))
            if held:
                found.append(_sheet(kind, rows, held, taken_out))
    return found


def texts_naming(person: User, partnership_id: int | None) -> list[Sheet]:
    """Texts that name a person and that ``held_of`` does not hold: of one partnership, or with None
    of those where the person was. For whoever answers a request to read, never for the person as
    they are: somebody else wrote them, and perhaps of somebody else."""
    taken_out, word = redaction(partnership_id, person), word_of(person)
    named = named_by(person.name, person.email)
    homes = homes_of(person) if partnership_id is None else frozenset({partnership_id})
    found = []
    for kind in kinds().values():
        for rows in kind.rows:
            naming = list(rows_naming(named, rows, homes))
            if not naming:
                continue
            own = rows_of(person, rows, partnership_id, word=word)
            known = set(own.values_list("pk", flat=True))
            if others := [row for row in naming if row.pk not in known]:
                found.append(_sheet(kind, rows, others, taken_out))
    return found


def rows_of(person: User, rows: Rows, partnership_id: int | None, *, word: str) -> QuerySet[Any]:
    """The rows of a table that are linked to a person: by key, by the exact address, by pseudonym.
    Never by what a text says: a name can be chosen or borrowed."""
    links = Q(pk__in=())
    for path in rows.person:
        links |= Q(**{lookup(path): person.pk})
    for name in rows.address:
        links |= Q(**{f"{name}__iexact": person.email})
        links |= Q(**{f"{name}__startswith": mark_of(person.email)})
    if word:
        for name in rows.word:
            links |= Q(**{name: word})
        if field_at(table(rows), "details"):
            links |= Q(details__person=word)
    return of_partnership(all_of(rows).filter(links), rows, partnership_id)


def _sheet(kind: Kind, rows: Rows, held: list[Any], taken_out: Redaction) -> Sheet:
    without = rows.secret | rows.impersonal
    return Sheet(
        kind=kind,
        name=str(table(rows)._meta.verbose_name),
        lines=tuple(in_words(row, taken_out, without=without) for row in held),
        urns=frozenset(urn for row in held if (urn := urn_of(rows, row)) is not None),
    )
