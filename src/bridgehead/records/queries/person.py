"""Everything that is held about one person, table by table."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import JSONField, Q, QuerySet

from bridgehead.accounts.models import User
from bridgehead.accounts.throttle import mark_of
from bridgehead.records.queries.people import word_of
from bridgehead.records.queries.redact import in_words, redaction
from bridgehead.records.queries.tables import all_of, field_at, lookup, of_partnership, table
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
            held = list(rows_of(person, rows, partnership_id, word=word))
            if held:
                without = rows.secret | rows.impersonal
                found.append(
                    Sheet(
                        kind=kind,
                        name=str(table(rows)._meta.verbose_name),
                        lines=tuple(in_words(row, taken_out, without=without) for row in held),
                        urns=_urns(rows, held),
                    )
                )
    return found


def rows_of(person: User, rows: Rows, partnership_id: int | None, *, word: str) -> QuerySet[Any]:
    """The rows of a table that name a person: by key, by address, by pseudonym, or in a text."""
    names = Q(pk__in=())
    for path in rows.person:
        names |= Q(**{lookup(path): person.pk})
    for name in rows.address:
        names |= Q(**{f"{name}__iexact": person.email})
        names |= Q(**{f"{name}__startswith": mark_of(person.email)})
    if word:
        for name in rows.word:
            names |= Q(**{name: word})
        if field_at(table(rows), "details"):
            names |= Q(details__person=word)
    names |= mentions(person, rows)
    return of_partnership(all_of(rows).filter(names), rows, partnership_id).distinct()


def mentions(person: User, rows: Rows) -> Q:
    """Rows in whose texts a person is named in full, or by address."""
    found = Q(pk__in=())
    for name in rows.text:
        for word in (person.name, person.email):
            found |= Q(**{f"{name}__icontains": word})
            if isinstance(field_at(table(rows), name), JSONField):
                # SQLite keeps other letters than those of English as their numbers there.
                found |= Q(**{f"{name}__icontains": json.dumps(word)[1:-1]})
    return found


def _urns(rows: Rows, held: list[Any]) -> frozenset[int]:
    """The schools of rows that the public does not see."""
    if not rows.urn or not rows.model.startswith("monitoring."):
        return frozenset()
    pks = [row.pk for row in held]
    urns = all_of(rows).filter(pk__in=pks).values_list(lookup(rows.urn), flat=True)
    return frozenset(urn for urn in urns if urn is not None)
