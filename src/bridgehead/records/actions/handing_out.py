"""Making the files that answer requests; each leaves a line in the audit."""

from datetime import date

from django.db import transaction

from bridgehead.accounts.actions import record
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import COMMAND_LINE, Reader
from bridgehead.records.access import check_can_answer, check_can_hand_out
from bridgehead.records.queries import disclosure, files
from bridgehead.records.queries.person import held_of, texts_naming
from bridgehead.records.rules import kinds

MADE = "made a file of a person's data"
#: Of somebody without an account: whom it is about, the line cannot say without the address.
MADE_AT_ADDRESS = "made a file of what is held under an address"


@transaction.atomic
def make_person_file(*, person: User, by: Reader) -> tuple[bytes, set[int]]:
    """A ZIP of what is held about a person, in the partnership of the reader (at the terminal, in
    all), and the schools of which it tells more than is published. Whoever makes it for somebody
    else gets the texts that name the person too, apart. Raises ``Denied``."""
    check_can_hand_out(by, person)
    home = None if by == COMMAND_LINE else by.partnership_id or 0
    own, known = by != COMMAND_LINE and by.user_id == person.pk, person.pk is not None
    sheets, naming = held_of(person, home), [] if own else texts_naming(person, home)
    record(
        verb="took the own data" if own else MADE if known else MADE_AT_ADDRESS,
        by=by,
        partnership=by.partnership_id,
        about=person if known else None,
        details={"tables": len(sheets)},
    )
    urns = {urn for sheet in (*sheets, *naming) for urn in sheet.urns}
    return files.of_person(person, sheets, naming), urns


@transaction.atomic
def make_disclosure(
    *, topic: str, keys: list[str], first: date, last: date, urns: frozenset[int], by: Reader
) -> tuple[bytes, set[int]]:
    """A ZIP of the records that a request asks for, people as roles, and the schools of which it
    tells more than is published. Raises ``Denied``."""
    partnership = check_can_answer(by)
    found = disclosure.items(partnership, keys=keys, first=first, last=last, urns=urns)
    record(
        verb="made a disclosure",
        by=by,
        partnership=partnership,
        details={
            "topic": topic,
            "kinds": sorted(keys),
            "from": first,
            "until": last,
            "schools": sorted(urns) or "all",
            "records": len(found),
        },
    )
    asked = {
        "Kinds": ", ".join(kinds()[key].name for key in keys),
        "From": f"{first:%d %B %Y}",
        "Until": f"{last:%d %B %Y}",
        "Schools": ", ".join(map(str, sorted(urns))) or "all",
    }
    return files.of_disclosure(topic, found, asked), disclosure.urns_shown(found)
