"""Everything that is held about one person, table by table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from bridgehead.accounts.models import User
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.throttle import mark_of
from bridgehead.records.queries.mentions import homes_of, named_by, rows_naming
from bridgehead.records.queries.people import word_of
from bridgehead.records.queries.redact import Redaction, in_words, redaction
from bridgehead.records.queries.tables import (
    all_of,
    field_at,
    is_owned,
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


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of one table are linked to a person."""

    kind: Kind
    name: str
    many: int


def counts_of(person: User, partnership_id: int | None) -> list[Count]:
    """How much ``held_of`` holds, counted by the database: for a page, however much it is."""
    word = word_of(person)
    found = [
        Count(kind, _called(rows), rows_of(person, rows, partnership_id, word=word).count())
        for kind in kinds().values()
        for rows in kind.rows
        if _can_link(rows)
    ]
    return [count for count in found if count.many]


def held_of(person: User, partnership_id: int | None) -> list[Sheet]:
    """What is held about a person: in one partnership with what is shared by all, or with None in
    every one. Names of others are roles; tables without such a row are left out."""
    taken_out, word = redaction(partnership_id, person), word_of(person)
    found = []
    for kind in kinds().values():
        for rows in kind.rows:
            if _can_link(rows):
                held = with_related(rows_of(person, rows, partnership_id, word=word))
                found.append(_sheet(kind, rows, held.iterator(), taken_out))
    return [sheet for sheet in found if sheet.lines]


def texts_naming(person: User, partnership_id: int | None) -> list[Sheet]:
    """Texts that name a person and that ``held_of`` does not hold: of one partnership, or with None
    of those where the person was. For whoever answers a request to read, never for the person as
    they are: somebody else wrote them, and perhaps of somebody else."""
    taken_out = redaction(partnership_id, person)
    found = [
        _sheet(kind, rows, naming, taken_out)
        for kind, rows, naming in _naming(person, partnership_id)
    ]
    return [sheet for sheet in found if sheet.lines]


def count_naming(person: User, partnership_id: int) -> int:
    """How many rows ``texts_naming`` holds."""
    return sum(1 for *_, naming in _naming(person, partnership_id) for _ in naming)


def _naming(
    person: User, partnership_id: int | None
) -> Iterator[tuple[Kind, Rows, Iterator[Model]]]:
    """The rows of each table with texts that name a person and are not linked to the person."""
    named, word = named_by(person.name, person.email), word_of(person)
    homes = homes_of(person) if partnership_id is None else frozenset({partnership_id})
    for kind in kinds().values():
        for rows in kind.rows:
            if rows.text:
                own = rows_of(person, rows, partnership_id, word=word)
                known = frozenset(own.values_list("pk", flat=True))
                naming = rows_naming(named, rows, homes)
                yield kind, rows, (row for row in naming if row.pk not in known)


def rows_of(person: User, rows: Rows, partnership_id: int | None, *, word: str) -> QuerySet[Any]:
    """The rows of a table that are linked to a person: by key, by the exact address, by pseudonym.
    Never by what a text says: a name can be chosen or borrowed. Of somebody without an account
    (``addresses.somebody_at``) by the address alone; in one partnership not of tables that all
    share, where somebody elsewhere signs in with it."""
    shared = partnership_id is not None and not is_owned(rows)
    if person.pk is None and shared and person_at(person.email) is not None:
        return all_of(rows).none()
    links = Q(pk__in=())
    for path in rows.person if person.pk is not None else ():
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


def _can_link(rows: Rows) -> bool:
    """Whether a row of a table can be linked to anybody."""
    return bool(rows.person or rows.address or rows.word)


def _called(rows: Rows) -> str:
    return str(table(rows)._meta.verbose_name)


def _sheet(kind: Kind, rows: Rows, held: Iterable[Model], taken_out: Redaction) -> Sheet:
    """The rows in words, one after the other, so that no more than one lies whole in memory."""
    without, lines, urns = rows.secret | rows.impersonal, list[dict[str, str]](), set[int]()
    for row in held:
        lines.append(in_words(row, taken_out, without=without))
        if (urn := urn_of(rows, row)) is not None:
            urns.add(urn)
    return Sheet(kind=kind, name=_called(rows), lines=tuple(lines), urns=frozenset(urns))
