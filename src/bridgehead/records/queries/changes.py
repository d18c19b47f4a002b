"""What erasing somebody changes in what others wrote: worked out once, shown, and then done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Model
from django.utils import timezone

from bridgehead.accounts.models import User
from bridgehead.people.models import Invitation
from bridgehead.records.queries.mentions import Named, homes_of, named_by, rows_naming
from bridgehead.records.queries.people import ERASED_AT
from bridgehead.records.queries.tables import field_at, table, urn_of, with_related
from bridgehead.records.rules import Kind, Rows, kind_of, kinds

GONE = "[name erased]"


@dataclass(frozen=True, slots=True)
class Change:
    """One row that will say somebody's name no more. ``where`` names it, ``passages`` are what
    stands there now, ``after`` leads from a field to what it will hold; ``urn`` is the school's
    where the public does not see the row."""

    kind: Kind
    row: Any
    where: str
    passages: tuple[str, ...]
    after: dict[str, Any]
    urn: int | None

    @property
    def key(self) -> str:
        """Names it on the page where it can be left as it is."""
        return f"{self.row._meta.label}:{self.row.pk}"

    def make(self) -> None:
        """Write it."""
        type(self.row)._base_manager.filter(pk=self.row.pk).update(**self.after)


@dataclass(frozen=True, slots=True)
class Changes:
    """All of them; and kind → in how many rows the name stays, because they never change."""

    made: tuple[Change, ...]
    left: dict[str, int]

    @property
    def replaced(self) -> dict[str, int]:
        """Kind → how many rows change."""
        return dict(Counter(change.kind.name for change in self.made))

    @property
    def by_ledger(self) -> dict[int, dict[str, int]]:
        """Partnership → kind → how many rows change."""
        found: dict[int, Counter[str]] = {}
        for change in self.made:
            found.setdefault(change.row.partnership_id, Counter())[change.kind.key] += 1
        return {home: dict(counts) for home, counts in sorted(found.items())}


def changes_of(
    person: User, partnership_id: int | None, leave: frozenset[str] = frozenset()
) -> Changes:
    """What erasing a person changes: in one partnership, or with None in those where the person was
    (``homes_of``). The texts that name the person by whole words, and invitations to the person's
    address; ``leave`` are the keys of those that were looked at and mean somebody else."""
    homes = homes_of(person) if partnership_id is None else frozenset({partnership_id})
    named = named_by(person.name, person.email)
    made, left = invitations_to(person.email, homes), dict[str, int]()
    done = {change.row.pk for change in made}
    for kind in kinds().values():
        for rows in kind.rows:
            found = rows_naming(named, rows, homes)
            if kind.fixed:
                if count := sum(1 for _ in found):
                    left[kind.name] = left.get(kind.name, 0) + count
            else:
                invited = rows.model == Invitation._meta.label
                made += [
                    _without_name(kind, rows, row, named)
                    for row in found
                    if not (invited and row.pk in done)
                ]
    return Changes(tuple(change for change in made if change.key not in leave), left)


def invitations_to(address: str, homes: Iterable[int]) -> list[Change]:
    """Invitations that were sent to an address will say neither it nor the name; one that is open
    can be accepted no more."""
    kind = kind_of(Invitation._meta.label)
    assert kind is not None
    found = Invitation.objects.filter(email__iexact=address, partnership__in=set(homes))
    gone: dict[str, Any] = {"email": f"erased{ERASED_AT}", "name": GONE}
    over = {"withdrawn_at": timezone.now()}
    return [
        Change(
            kind=kind,
            row=row,
            where=_where(row),
            passages=(f"{row.name}, {row.email}",),
            after=gone if row.accepted_at or row.withdrawn_at else gone | over,
            urn=None,
        )
        for row in with_related(found).order_by("pk")
    ]


def _without_name(kind: Kind, rows: Rows, row: Model, named: Named) -> Change:
    after, passages = {}, list[str]()
    for field in rows.text:
        before = getattr(row, field)
        if found := named.passages(before):
            after[field] = _fitting(rows, field, named.pattern.sub(GONE, before))
            passages += found
    return Change(kind, row, _where(row), tuple(passages), after, urn_of(rows, row))


def _fitting(rows: Rows, field: str, text: str) -> str:
    """A text no longer than its column."""
    at = field_at(table(rows), field)
    return text[: at.max_length] if isinstance(at, CharField) else text


def _where(row: Model) -> str:
    return f"{str(row._meta.verbose_name).capitalize()}: {row}"
