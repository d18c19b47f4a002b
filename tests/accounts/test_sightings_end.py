"""Sightings are deleted when their time is over, the ledger says so, and verifying knows which were
deleted on time and which were not."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bridgehead.accounts.audit.ledger import record
from bridgehead.accounts.audit.sightings import (
    DELETED,
    KIND,
    LEAST_KEPT,
    delete_views,
    saw,
    seal_views,
)
from bridgehead.accounts.audit.verify import verify, verify_chain
from bridgehead.accounts.models import AuditEntry, AuditView
from bridgehead.accounts.rules import COMMAND_LINE
from proofs._damage import VIEWS
from tests.cast import Site
from tests.clock import Clock, long_ago

pytestmark = pytest.mark.django_db

KEEP = timedelta(days=3 * 365)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = long_ago()
    monkeypatch.setattr(timezone, "now", made)
    return made


@pytest.fixture
def ledger(small_site: Site, clock: Clock) -> int:
    """Two batches three years old, one of yesterday, and a sighting that waits for the job."""
    by, home = small_site.reader("broker"), small_site.partnership.pk
    for pages in (3, 2):
        for _ in range(pages):
            saw(by=by, what="a review", urns=[small_site.school.urn])
        seal_views(home)
        clock.later(days=1)
    clock.later(days=KEEP.days)
    saw(by=by, what="a review", urns=[small_site.school.urn])
    seal_views(home)
    clock.later(hours=1)
    saw(by=by, what="a review", urns=[small_site.school.urn])
    return int(home)


def test_what_is_over_goes_and_the_ledger_says_so(ledger: int) -> None:
    assert delete_views(ledger, keep=KEEP) == 5
    assert AuditView.objects.count() == 2
    line = AuditEntry.objects.get(verb=DELETED)
    assert line.details == {"views": 5, "kept_days": KEEP.days}
    assert verify_chain() == []
    found = {one.ledger: (one.views, one.deleted) for one in verify()[0]}
    assert found[ledger] == (2, 5)


def test_again_changes_nothing(ledger: int) -> None:
    delete_views(ledger, keep=KEEP)
    lines = AuditEntry.objects.count()
    assert delete_views(ledger, keep=KEEP) == 0
    assert AuditEntry.objects.count() == lines


def test_later_batches_follow(ledger: int, clock: Clock) -> None:
    delete_views(ledger, keep=KEEP)
    seal_views(ledger)
    clock.later(days=KEEP.days + 1)
    assert delete_views(ledger, keep=KEEP) == 2
    assert verify_chain() == []


def test_nothing_is_on_time_within_a_year(ledger: int) -> None:
    with pytest.raises(ValueError, match="365 days at least"):
        delete_views(ledger, keep=LEAST_KEPT - timedelta(days=1))


def say(ledger: int, through: int, views: int, kept_days: int = KEEP.days) -> None:
    """A line as the job writes it, by somebody who runs this program against its rules."""
    with transaction.atomic():
        record(
            verb=DELETED,
            by=COMMAND_LINE,
            partnership=ledger,
            about=(KIND, str(through)),
            details={"views": views, "kept_days": kept_days},
        )
        AuditView.objects.filter(partnership_id=ledger, batch__lte=through).delete()


def batches(ledger: int) -> list[int]:
    found = AuditView.objects.filter(partnership_id=ledger, batch__isnull=False)
    return sorted(set(found.values_list("batch", flat=True)))


@pytest.mark.parametrize(
    ("batch", "views", "kept", "said"),
    [
        (2, 6, KEEP.days, "before their time: they are kept for 1095 days"),
        (2, 6, 0, "before their time: they are kept for 365 days"),
        (1, 4, KEEP.days, "tells that 4 sightings were deleted, but 5 had been sealed"),
    ],
    ids=["too early", "by a shorter period", "more than told"],
)
def test_a_line_that_says_on_time_and_is_not_is_found(
    ledger: int, batch: int, views: int, kept: int, said: str
) -> None:
    say(ledger, batches(ledger)[batch], views, kept)
    assert any(said in problem for problem in verify_chain())


def test_a_line_about_no_batch_is_found(ledger: int) -> None:
    say(ledger, batches(ledger)[0] - 1, 0)
    assert any("which sealed none" in problem for problem in verify_chain())


def test_sightings_that_no_line_tells_of_cannot_be_deleted_unseen(ledger: int) -> None:
    """PostgreSQL refuses; on SQLite verifying finds it. Those that were deleted on time before
    change nothing in this."""
    delete_views(ledger, keep=KEEP)
    with transaction.atomic():
        record(verb="did something else", by=COMMAND_LINE, partnership=ledger)
    refused = connection.vendor == "postgresql"
    expected = pytest.raises(DatabaseError, match="does not change") if refused else nullcontext()
    with expected, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {VIEWS} WHERE batch IS NOT NULL")
    assert bool(verify_chain()) is not refused


def test_one_that_comes_back_is_found(ledger: int) -> None:
    kept = AuditView.objects.filter(partnership_id=ledger).earliest("at")
    delete_views(ledger, keep=KEEP)
    kept.save(force_insert=True)
    assert any("though it had been deleted" in problem for problem in verify_chain())
