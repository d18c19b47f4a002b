"""People as a request sees them: who is known here, by which role, and who has been erased."""

import re
from collections.abc import Callable

from django.db.models import F

from bridgehead.accounts.audit.people import NOBODY
from bridgehead.accounts.models import Pseudonym, User
from bridgehead.people.models import Appointment

#: Where the addresses of those who have been erased end; no such host can exist.
ERASED_AT = "@erased.invalid"

#: A name of fewer words is left alone: “Grace” means many people, “help” nobody.
LEAST_WORDS = 2


def is_erased(person: User) -> bool:
    """Whether name and address have been taken out."""
    return person.email.endswith(ERASED_AT)


def works_elsewhere(person: User, partnership_id: int) -> bool:
    """Whether the person holds or held a role in another partnership too."""
    others = Appointment.objects.filter(person=person).exclude(partnership=partnership_id)
    return others.exists()


def role_of(person: User, partnership_id: int | None = None) -> str:
    """What the newest role of a person is called, one that still holds before one that has ended;
    empty where there never was one."""
    found = Appointment.objects.filter(person=person)
    if partnership_id is not None:
        found = found.filter(partnership=partnership_id)
    newest = found.order_by(F("ends").desc(nulls_first=True), "-starts", "-id").first()
    return newest.label if newest else ""


def full_name(name: str) -> str:
    """What finds a name, however it is spaced; empty for one of too few words."""
    words = name.split()
    return r"\s+".join(map(re.escape, words)) if len(words) >= LEAST_WORDS else ""


def name_left(person: User) -> str:
    """What stands in place of a name that has been erased: the role, which decisions keep."""
    role = role_of(person)
    return f"{role} (name erased)" if role else NOBODY


def word_of(person: User) -> str:
    """The pseudonym of a person; empty where there is none. Makes none."""
    found = Pseudonym.objects.filter(person_id=person.pk).values_list("pk", flat=True).first()
    return str(found or "")


def roles_of_others(
    partnership_id: int | None, but: User | None
) -> tuple[dict[int, str], Callable[[int | None], str]]:
    """Person → role, for everybody with a role but one; and how somebody is said."""
    held = Appointment.objects.order_by(F("ends").asc(nulls_last=True), "starts", "id")
    if partnership_id is not None:
        held = held.filter(partnership=partnership_id)
    found = {each.person_id: each.label for each in held}

    def said(person_id: int | None) -> str:
        if person_id is None:
            return ""
        if but is not None and person_id == but.pk:
            return but.name
        return f"[{found.get(person_id, 'somebody without a role here')}]"

    return found, said
