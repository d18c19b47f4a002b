"""Writing, seeing, sealing and verifying at one moment: nothing is lost, nothing is alarmed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, transaction

from bridgehead.accounts.actions import create_person, record, verify_chain
from bridgehead.accounts.audit import heads
from bridgehead.accounts.audit.sightings import saw, seal_views
from bridgehead.accounts.models import AuditEntry, AuditHead, AuditView
from bridgehead.accounts.rules import COMMAND_LINE, Reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader() -> Reader:
    who = create_person(email="a@example.org", name="Ann", password=None, by=COMMAND_LINE)
    return replace(COMMAND_LINE, user_id=who.pk, name=who.name, partnership_id=7)


def test_nothing_is_lost_and_nothing_is_alarmed(reader: Reader) -> None:
    def write() -> list[str]:
        with transaction.atomic():
            record(verb="did", by=reader, partnership=7)
        return []

    def see() -> list[str]:
        saw(by=reader, what="a review", urns=[1])
        return []

    def seal() -> list[str]:
        seal_views(7)
        return []

    def several_times(job: Callable[[], list[str]]) -> list[str]:
        try:
            return [problem for _ in range(8) for problem in job()]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        alarms = list(pool.map(several_times, (write, see, seal, verify_chain, write, see)))
    assert alarms == [[]] * 6
    seal_views(7)
    assert verify_chain() == []
    assert AuditView.objects.count() == 16
    assert not AuditView.objects.filter(batch=None).exists()
    assert AuditEntry.objects.filter(verb="did").count() == 16
    head = AuditHead.objects.get(partnership_id=7)
    assert heads.read(7).digests[head.count] == head.digest
    assert len(heads.read(7).digests) == head.count


def test_a_sighting_whose_transaction_ends_after_the_sealing_comes_into_the_next(
    reader: Reader,
) -> None:
    def seal() -> int:
        try:
            return seal_views(7)
        finally:
            connection.close()

    saw(by=reader, what="a review", urns=[1])
    if connection.vendor == "sqlite":  # one writer at a time: the sealing waits by itself
        assert seal_views(7) == 1
        saw(by=reader, what="a review", urns=[2])
    else:
        with transaction.atomic(), ThreadPoolExecutor(1) as pool:
            saw(by=reader, what="a review", urns=[2])
            assert pool.submit(seal).result() == 1
    assert verify_chain() == []
    assert seal_views(7) == 1
    assert verify_chain() == []
