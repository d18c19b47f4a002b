"""Who acts in a line of the ledger: a person by pseudonym, or one of few fixed words."""

from dataclasses import replace

import pytest
from django.db import transaction

from bridgehead.accounts.actions import record
from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.rules import ANONYMOUS, COMMAND_LINE, INVITED, Reader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", [COMMAND_LINE, INVITED])
def test_a_fixed_word_may_act(by: Reader) -> None:
    with transaction.atomic():
        assert record(verb="did", by=by, partnership=None).actor == by.name


@pytest.mark.parametrize("name", ["", "Noor Aziz", "person-000000000000", "The command line"])
def test_no_other_word_may(name: str) -> None:
    with pytest.raises(ValueError, match="is no actor"), transaction.atomic():
        record(verb="did", by=replace(ANONYMOUS, name=name), partnership=None)
    assert not AuditEntry.objects.exists()
