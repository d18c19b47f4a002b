"""Rows as plain words for a file that is handed out: people become roles, secrets stay here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, Model

from bridgehead.accounts.audit.people import PREFIX
from bridgehead.accounts.models import User
from bridgehead.people.models import Invitation
from bridgehead.records.queries.people import full_name, roles_of_others, word_of

#: Stands in place of what a line of the audit says of a support review.
TOLD_THERE = "told in the support review"
#: Somebody whose role is not known.
SOMEBODY = "somebody"
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(rf"\b{PREFIX}[0-9a-f]{{12}}\b")


@dataclass(frozen=True, slots=True)
class Redaction:
    """How people are taken out. ``names`` leads from a name (``_plain``) to a role; ``own`` is
    the address and ``word`` the pseudonym of the one person who stays, where there is one."""

    names: dict[str, str]
    pattern: re.Pattern[str] | None
    said: Callable[[int | None], str]
    own: str = ""
    word: str = ""
    own_name: str = ""

    def words(self, text: str) -> str:
        """A text without the names, addresses and pseudonyms of others."""
        if self.word:
            text = text.replace(self.word, self.own_name)
        if self.pattern:
            text = self.pattern.sub(self._role, text)
        text = _ADDRESS.sub(
            lambda found: found[0] if found[0].lower() == self.own else "[e-mail address]", text
        )
        return _WORD.sub("[somebody else]", text)

    def _role(self, found: re.Match[str]) -> str:
        return self.names.get(_plain(found[0]), f"[{SOMEBODY}]")


def redaction(partnership_id: int | None, but: User | None = None) -> Redaction:
    """The names of a partnership (with None, of all) become roles, but one: of those who hold or
    held a role there, and of those who were invited. Whether a name is known elsewhere is nobody's
    to learn here; and names of one word stay, since somebody may be invited as “promised”."""
    roles, said = roles_of_others(partnership_id, but)
    people = User.objects.order_by("pk")
    invited = Invitation.objects.order_by("pk")
    if partnership_id is not None:
        people = people.filter(appointments__partnership=partnership_id).distinct()
        invited = invited.filter(partnership=partnership_id)
    names = {
        _plain(name): f"[{roles.get(pk, SOMEBODY)}]"
        for pk, name in people.values_list("pk", "name")
    }
    for name in invited.values_list("name", flat=True):
        names.setdefault(_plain(name), f"[{SOMEBODY}]")
    names.pop(_plain(but.name) if but else "", None)
    found = sorted({name: full_name(name) for name in names}.items(), key=_longest_first)
    full = [pattern for _, pattern in found if pattern]
    return Redaction(
        names=names,
        pattern=re.compile(rf"(?<!\w)(?:{'|'.join(full)})(?!\w)", re.IGNORECASE) if full else None,
        said=said,
        own=but.email if but else "",
        word=word_of(but) if but else "",
        own_name=but.name if but else "",
    )


def _plain(name: str) -> str:
    """The one form in which names are compared, however they are spaced and whatever their case."""
    return " ".join(name.casefold().split())


def _longest_first(found: tuple[str, str]) -> int:
    return -len(found[0])


def in_words(row: Model, taken_out: Redaction, *, without: frozenset[str]) -> dict[str, str]:
    """The fields of a row in words, by what they are called; ``without`` some of them."""
    said = {}
    for field in row._meta.concrete_fields:
        if field.name in without:
            continue
        if isinstance(field, ForeignKey) and field.related_model is User:
            value = taken_out.said(getattr(row, field.attname))
        elif field.name == "details" and _of_a_review(row, taken_out):
            value = TOLD_THERE
        else:
            value = taken_out.words(plain(getattr(row, field.name)))
        said[str(field.verbose_name)] = value
    return said


def _of_a_review(row: Model, taken_out: Redaction) -> bool:
    """Whether it is a line about a support review that somebody else wrote. What it tells stands in
    the review, and only there is it known which school has to see that it was handed out."""
    kind, actor = getattr(row, "object_kind", ""), getattr(row, "actor", "")
    return kind.startswith("monitoring.") and (not actor or actor != taken_out.word)


def plain(value: Any) -> str:
    """A value on one line: lists and mappings part by part."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain(each) for each in value)
    return str(value)
