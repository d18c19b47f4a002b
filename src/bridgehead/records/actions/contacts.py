"""Whom to call about a child: shown beside every box for free text."""

from django.db import transaction

from bridgehead.accounts.actions import record
from bridgehead.accounts.rules import Reader
from bridgehead.records.access import check_can_answer
from bridgehead.schools.models import Partnership
from bridgehead.web.context import SAFEGUARDING


@transaction.atomic
def set_contacts(*, contact: str, out_of_hours: str, by: Reader) -> None:
    """Keep the safeguarding contacts of a partnership. The same again changes nothing."""
    partnership = Partnership.objects.select_for_update().get(pk=check_can_answer(by))
    said = {"contact": contact.strip(), "out_of_hours": out_of_hours.strip()}
    given = {SAFEGUARDING[name]: words for name, words in said.items()}
    if partnership.settings | given == partnership.settings:
        return
    partnership.settings |= given
    partnership.save(update_fields=["settings"])
    record(
        verb="changed the safeguarding contacts",
        by=by,
        partnership=partnership,
        about=partnership,
    )
