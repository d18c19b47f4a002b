"""Texts in which others name somebody: found by whole words, and never by a name of one word.

A name can be chosen or borrowed, so a text that holds it need not mean the person. Such texts go to
nobody by themselves; whoever answers a request reads them first.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Model, Q

from bridgehead.accounts.models import INSTALLATION, User
from bridgehead.people.models import Appointment, Invitation
from bridgehead.records.queries.people import full_name
from bridgehead.records.queries.redact import plain
from bridgehead.records.queries.tables import all_of, with_related
from bridgehead.records.rules import Rows

#: What every database finds whatever its case, also in JSON, where SQLite keeps other letters than
#: those of English as their numbers.
_SURE = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Named:
    """By what a text names somebody: ``words`` are the name, where it has enough words, and the
    address; ``pattern`` finds them."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]

    def passages(self, text: str, around: int = 60) -> list[str]:
        """Where in a text somebody is named, each with what stands around it."""
        return [
            text[max(0, found.start() - around) : found.end() + around]
            for found in self.pattern.finditer(text)
        ]


def named_by(name: str, address: str) -> Named:
    """How somebody is found in texts."""
    full = full_name(name)
    parts = [rf"(?<![\w.+-]){re.escape(address)}(?!\.?[\w-])"]
    if full:
        parts.append(rf"(?<!\w){full}(?!\w)")
    words = (address, name) if full else (address,)
    return Named(words, re.compile("|".join(parts), re.IGNORECASE))


def rows_naming(named: Named, rows: Rows, homes: Iterable[int]) -> Iterator[Model]:
    """The rows of a table, of some partnerships, in whose texts somebody is named. The database
    finds those that may, and the words are compared here."""
    if not rows.text:
        return
    found = all_of(rows).filter(_may(named, rows), partnership_id__in=set(homes))
    for row in with_related(found).order_by("pk").iterator():
        if any(named.pattern.search(plain(getattr(row, field))) for field in rows.text):
            yield row


def homes_of(person: User) -> frozenset[int]:
    """The ledgers in which somebody can be meant: of the partnerships where the person holds or
    held a role or was invited, and of the installation."""
    held = Appointment.objects.filter(person_id=person.pk).order_by()
    asked = Invitation.objects.filter(email__iexact=person.email).order_by()
    found = held.values_list("partnership_id").union(asked.values_list("partnership_id"))
    return frozenset({INSTALLATION, *(home for (home,) in found)})


def _may(named: Named, rows: Rows) -> Q:
    found: Q = Q(pk__in=())
    for field in rows.text:
        for word in named.words:
            every: Q = Q()
            for part in _SURE.findall(word):
                every &= Q(**{f"{field}__icontains": part})
            found |= every if every else ~Q(pk__in=())
    return found
