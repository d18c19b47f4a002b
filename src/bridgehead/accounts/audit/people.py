"""People in the audit: by a pseudonym that only one small table leads back to a person."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from bridgehead.accounts.audit import keys
from bridgehead.accounts.audit.models import INSTALLATION, AuditEntry, Pseudonym

#: Every pseudonym begins so; no program's name does.
PREFIX = "person-"

#: The line that tells that a pseudonym leads to nobody any more. Verifying looks for it.
ERASED = "erased a person from the audit"

#: Stands where a person has been erased.
NOBODY = "A person who has been erased"


def pseudonym_of(person_id: int) -> str:
    """The word under which a person stands in every ledger, made when first asked for."""
    found = Pseudonym.objects.filter(person_id=person_id).values_list("pk", flat=True).first()
    if found is not None:
        return found
    word, key = f"{PREFIX}{secrets.token_hex(6)}", keys.newest()
    made, _ = Pseudonym.objects.get_or_create(
        person_id=person_id,
        defaults={"word": word, "key": key, "digest": keys.seal(key, [word, person_id])},
    )
    return str(made.pk)


def names_of(words: Iterable[str]) -> dict[str, str]:
    """The names of those who are still known, by pseudonym, in one query."""
    wanted = {word for word in words if word.startswith(PREFIX)}
    if not wanted:
        return {}
    return dict(Pseudonym.objects.filter(pk__in=wanted).values_list("pk", "person__name"))


def named(word: str, names: dict[str, str]) -> str:
    """Who a line or a sighting is about, in words: a name, an erased person, a program."""
    return names.get(word, NOBODY) if word.startswith(PREFIX) else word


def delete_pseudonym(person_id: int) -> str:
    """Take away what leads from the audit to a person; gives the word, or nothing where there is
    none. For the action that also writes the line (``actions.erase_from_audit``)."""
    with transaction.atomic():
        row = Pseudonym.objects.select_for_update().filter(person_id=person_id).first()
        if row is None:
            return ""
        word = row.pk
        row.delete()
    return str(word)


def erased(word: str) -> bool:
    """Whether a line tells that the person behind this word was erased."""
    return AuditEntry.objects.filter(
        partnership_id=INSTALLATION, verb=ERASED, object_id=word
    ).exists()


def by_pseudonym(value: Any, *, kind: str = "") -> Any:
    """A person's id, or plain values in which ``person`` names one, with pseudonyms instead."""
    if kind == "accounts.user" and str(value).isdecimal():
        return pseudonym_of(int(value))
    if isinstance(value, dict) and isinstance(value.get("person"), int):
        return value | {"person": pseudonym_of(value["person"])}
    return value
