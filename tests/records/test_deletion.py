"""The job deletes what has had its time, and nothing else, and says so."""

import io

import pytest
from axes.models import AccessLog
from django.core.management import call_command
from django.db import connection

from bridgehead.accounts.audit.sightings import DELETED
from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import AuditEntry, AuditView, Session, User, WrongCode
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.monitoring.models import Judgement, Reply, Review, ReviewRound
from bridgehead.people.actions import end_appointment
from bridgehead.people.models import Appointment, BuddyRequest, Invitation
from bridgehead.records.actions import deletion
from bridgehead.records.actions.deletion import ON_TIME, delete_due
from bridgehead.records.queries.people import is_erased
from bridgehead.records.rules import kinds
from bridgehead.schools.models import KeptSet
from proofs._damage import lift_guards
from tests.cast import Site
from tests.clock import Clock
from tests.records.conftest import write_records

pytestmark = pytest.mark.django_db


def gone() -> dict[str, int]:
    return {done.kind.key: done.gone for done in delete_due() if done.gone}


def test_nothing_is_due_at_first(full_site: Site) -> None:
    lines = AuditEntry.objects.count()
    assert gone() == {}
    assert AuditEntry.objects.count() == lines


def test_each_kind_goes_in_its_time_and_the_audit_stays_whole(clock: Clock, site: Site) -> None:
    write_records(site)
    assert AccessLog.objects.count() == 1
    clock.later(days=2)
    assert gone() == {"sign_in_sessions": 1}
    clock.later(days=90)
    assert gone() == {"failed_sign_ins": 2}
    for model in (Session, WrongCode, AccessLog):
        assert not model._default_manager.exists()
    clock.later(days=300)
    assert gone() == {"invitations": 1}
    clock.later(days=2 * 365)
    assert gone() == {"sightings": 1}
    assert AuditEntry.objects.filter(verb=DELETED).count() == 1
    assert not AuditView.objects.exists()
    assert Review.objects.exists()
    clock.later(days=3 * 365)
    reviews = Review.objects.count()
    assert gone() == {"support_review": reviews + 3, "kept_sets": 1}
    for model in (ReviewRound, Review, Reply, Judgement, KeptSet, Invitation):
        assert not model._default_manager.exists()
    assert Appointment.objects.filter(ends=None).exists()
    assert BuddyRequest.objects.exists(), "the headship has not ended"
    assert verify_chain() == []


def test_each_ledger_has_one_line_in_the_same_transaction(clock: Clock, site: Site) -> None:
    write_records(site)
    clock.later(days=400)
    delete_due()
    lines = AuditEntry.objects.filter(verb=ON_TIME).order_by("partnership_id")
    assert [(line.partnership_id, line.details) for line in lines] == [
        (0, {"sign_in_sessions": 1, "failed_sign_ins": 2}),
        (site.partnership.pk, {"invitations": 1}),
    ]
    assert gone() == {}, "again changes nothing"


def test_what_cannot_be_told_is_not_deleted(
    clock: Clock, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_records(site)
    clock.later(days=400)

    def full(**_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(deletion, "record", full)
    with pytest.raises(OSError, match="no space"):
        delete_due()
    assert Session.objects.exists()
    assert Invitation.objects.exists()


def test_an_account_without_a_role_is_erased_after_a_year(clock: Clock, site: Site) -> None:
    governor = site.cast.governor
    end_appointment(appointment=Appointment.objects.get(person=governor), by=COMMAND_LINE)
    clock.later(days=364)
    assert "accounts" not in gone()
    clock.later(days=2)
    assert gone() == {"accounts": 1}
    governor.refresh_from_db()
    assert is_erased(governor)
    assert governor.name == "Governor (name erased)"
    assert not is_erased(User.objects.get(pk=site.cast.head.pk))
    clock.later(days=365)
    assert gone() == {}
    assert verify_chain() == []


def test_an_appointment_stays_while_something_refers_to_it(clock: Clock, site: Site) -> None:
    """A buddy asked for by somebody who still leads; the buddy's own headship ended long ago."""
    write_records(site)
    asked = BuddyRequest.objects.get()
    buddy = Appointment.objects.get(person=site.cast.head)
    asked.buddy, asked.named_by, asked.named_at = buddy, site.cast.broker, clock.at
    asked.save()
    end_appointment(appointment=buddy, by=COMMAND_LINE)
    clock.later(days=7 * 365)
    done = {each.kind.key: each for each in delete_due()}
    assert (done["appointments"].gone, done["appointments"].held) == (0, 1)
    asked.delete()
    assert gone()["appointments"] == 1


def test_the_command_counts_by_kind_and_a_dry_run_changes_nothing(clock: Clock, site: Site) -> None:
    write_records(site)
    clock.later(days=7 * 365)
    before = AuditEntry.objects.count(), Review.objects.count(), AuditView.objects.count()
    out = io.StringIO()
    call_command("delete_due", "--dry-run", stdout=out)
    assert "Sightings" not in out.getvalue()
    assert "Who saw what, kept for 3 years: 1\n" in out.getvalue()
    assert "nothing was changed" in out.getvalue()
    assert (AuditEntry.objects.count(), Review.objects.count(), AuditView.objects.count()) == before
    said = out.getvalue().rpartition("\n")[0].rpartition("\n")[0]
    out = io.StringIO()
    call_command("delete_due", stdout=out)
    assert out.getvalue().startswith(said.replace("would go; nothing was changed", "are gone"))
    assert out.getvalue().endswith("records are gone.\n")
    assert len(out.getvalue().splitlines()) == 1 + sum(
        k.period is not None for k in kinds().values()
    )


def test_an_untimely_deletion_is_still_found(clock: Clock, site: Site) -> None:
    write_records(site)
    clock.later(days=4 * 365)
    gone()
    assert verify_chain() == []
    clock.later(days=1)
    write_more(site)
    lift_guards()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditview WHERE batch IS NOT NULL")
    assert any("sealed 1 sightings, but 0 of them" in said for said in verify_chain())


def write_more(site: Site) -> None:
    from bridgehead.accounts.audit.sightings import saw, seal_views

    saw(by=site.reader("officer"), what="a review", urns=[site.school.urn])
    seal_views(site.partnership.pk)
