"""Erasing a person: the name is nowhere any more but where it cannot go, and the audit is whole."""

import io
from uuid import uuid4

import pytest
from axes.models import AccessAttempt, AccessLog
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models, transaction

from bridgehead.accounts.actions import record
from bridgehead.accounts.audit.people import NOBODY
from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import (
    AuditEntry,
    Authenticator,
    Pseudonym,
    RecoveryCode,
    Session,
    User,
)
from bridgehead.accounts.queries import in_words, ledger
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.monitoring.models import Judgement, Reply
from bridgehead.people.actions import appoint, invite
from bridgehead.people.models import Appointment, Invitation
from bridgehead.records.actions import erase_person
from bridgehead.records.queries.changes import GONE
from bridgehead.records.queries.people import is_erased
from bridgehead.schools.models import KeptSet
from tests.cast import Site, person
from tests.records.conftest import sign_in

pytestmark = pytest.mark.django_db


def where(*words: str) -> set[str]:
    """Every field of the whole database in which one of the words stands, whatever its case."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                for row in model._base_manager.values_list(field.name, flat=True):
                    if any(word.lower() in str(row).lower() for word in words):
                        found.add(f"{model._meta.label}.{field.name}")
    return found


def test_the_name_is_nowhere_any_more(full_site: Site) -> None:
    broker = full_site.cast.broker
    AccessAttempt.objects.create(username=broker.email, failures_since_start=1)
    assert {"accounts.User.email", "monitoring.Reply.text", "axes.AccessLog.username"} <= where(
        broker.name, broker.email
    )
    done = erase_person(person=broker, why="asked for it", by=COMMAND_LINE)
    assert where("Priya Nair", "priya.nair@example.org") == {"accounts.AuditEntry.details"}
    assert done.left == {"The audit": 1}, "the reasons of a judgement, as they were typed"
    assert done.ended == 1
    assert done.replaced == {"Support reviews": 2}
    assert Reply.objects.get().text == (
        f"{GONE} promised help; {GONE} ({GONE}) came once. Ours is Tom Reyes."
    )
    assert Judgement.objects.get().reasons == f"As {GONE} says."


def test_verifying_passes_before_and_after_and_finds_an_erasure_past_the_action(
    full_site: Site,
) -> None:
    assert verify_chain() == []
    erase_person(person=full_site.cast.broker, why="asked for it", by=COMMAND_LINE)
    assert not Pseudonym.objects.filter(person=full_site.cast.broker).exists()
    assert verify_chain() == []
    Pseudonym.objects.filter(person=full_site.cast.officer).delete()
    assert any("leads to nobody" in said for said in verify_chain())


def test_rights_sessions_and_devices_end(full_site: Site) -> None:
    broker = full_site.cast.broker
    client = sign_in("broker", full_site)
    erase_person(person=broker, why="asked for it", by=full_site.reader("administrator"))
    broker.refresh_from_db()
    assert not broker.is_active
    assert not broker.has_usable_password()
    assert not Appointment.objects.on(Appointment.objects.latest("starts").starts).filter(
        person=broker, ends=None
    )
    for model in (Session, Authenticator, RecoveryCode):
        assert not model._default_manager.filter(person=broker).exists()
    assert client.get("/role/").status_code == 302
    assert not AccessLog.objects.filter(username__contains="priya").exists()


def test_decisions_keep_the_role(full_site: Site) -> None:
    erase_person(person=full_site.cast.officer, why="asked for it", by=COMMAND_LINE)
    assert Judgement.objects.get().by.name == "Authority officer (name erased)"
    lines = in_words(ledger(full_site.partnership.pk), full_site.reader("broker"))
    judged = next(line for line in lines if line.did == "judged a review")
    assert judged.who == f"{NOBODY}, Authority officer"


def test_an_invitation_to_the_person_says_so_no_more(full_site: Site) -> None:
    governor = full_site.cast.governor
    invite(
        name="Grace Lind",
        email=governor.email,
        role="chair_of_governors",
        organisation=full_site.school,
        partnership=full_site.partnership,
        by=full_site.reader("head"),
    )
    erase_person(person=governor, why="asked for it", by=COMMAND_LINE)
    assert set(Invitation.objects.values_list("name", flat=True)) == {GONE, "Noor Aziz"}
    assert where("Grace Lind", governor.email) == set()


def test_what_never_changes_is_told(full_site: Site) -> None:
    kept = KeptSet.objects.get()
    kept.pk, kept.token, kept.purpose = None, uuid4(), "For Zoë Nair"
    kept.save(force_insert=True)
    full_site.cast.broker.name = "Zoë Nair"
    full_site.cast.broker.save()
    with transaction.atomic():
        record(verb="x", by=COMMAND_LINE, partnership=None, details={"why": "for Zoë Nair"})
    done = erase_person(person=full_site.cast.broker, why="asked for it", by=COMMAND_LINE)
    assert done.left == {"Kept sets of similar schools": 1, "The audit": 1}
    assert where("Zoë Nair") == {"schools.KeptSet.purpose", "accounts.AuditEntry.details"}


def test_the_reason_does_not_name_the_person(full_site: Site) -> None:
    broker = full_site.cast.broker
    erase_person(person=broker, why="Priya Nair asked for it on 3 May", by=COMMAND_LINE)
    line = AuditEntry.objects.get(verb="erased a person")
    assert line.details["why"] == f"{GONE} asked for it on 3 May"


def test_again_changes_nothing(full_site: Site) -> None:
    broker = full_site.cast.broker
    erase_person(person=broker, why="asked for it", by=COMMAND_LINE)
    before = AuditEntry.objects.count(), User.objects.get(pk=broker.pk).email
    assert erase_person(person=broker, why="asked for it", by=COMMAND_LINE).ended == 0
    assert (AuditEntry.objects.count(), User.objects.get(pk=broker.pk).email) == before
    assert verify_chain() == []


def test_who_may_not(full_site: Site) -> None:
    cast, by = full_site.cast, full_site.reader("administrator")
    with pytest.raises(Denied, match="You cannot erase yourself"):
        erase_person(person=cast.administrator, why="x", by=by)
    with pytest.raises(Denied, match="Nobody of this partnership"):
        erase_person(person=cast.outsider, why="x", by=by)
    with pytest.raises(Denied, match="Only an administrator"):
        erase_person(person=cast.governor, why="x", by=full_site.reader("head"))
    appoint(person=cast.governor, role="observer", partnership=full_site.elsewhere, by=COMMAND_LINE)
    with pytest.raises(Denied, match="in another partnership too"):
        erase_person(person=cast.governor, why="x", by=by)
    assert not is_erased(User.objects.get(pk=cast.governor.pk))


def test_a_namesake_stays(full_site: Site) -> None:
    """The account of somebody else with a part of the name."""
    other = person("Priya Nairobi")
    erase_person(person=full_site.cast.broker, why="asked for it", by=COMMAND_LINE)
    other.refresh_from_db()
    assert other.name == "Priya Nairobi"


def test_only_erasures_have_such_a_page(full_site: Site) -> None:
    """Not another line of the ledger, and not another partnership's erasure."""
    lines = AuditEntry.objects.filter(partnership_id=full_site.partnership.pk)
    client = sign_in("administrator", full_site)
    assert (
        client.get(f"/records/requests/erased/{lines.latest('number').number}/").status_code == 404
    )
    erase_person(person=full_site.cast.outsider, why="x", by=COMMAND_LINE)
    number = AuditEntry.objects.get(verb="erased a person").number
    assert client.get(f"/records/requests/erased/{number}/").status_code == 404


def test_the_command(full_site: Site) -> None:
    out = io.StringIO()
    email = full_site.cast.broker.email
    call_command("erase_person", email, "--why", "asked for it", stdout=out)
    assert out.getvalue() == (
        "Erased; 1 appointments ended.\nName taken out: Support reviews, 2\n"
        "Still named, since it never changes: The audit, 1\n"
    )
    with pytest.raises(CommandError, match="nobody signs in"):
        call_command("erase_person", email, "--why", "asked for it")


def test_on_the_site_it_is_checked_first(full_site: Site) -> None:
    client, broker = sign_in("administrator", full_site), full_site.cast.broker
    found = client.get("/records/requests/", {"email": broker.email.upper()})
    assert found["Location"] == f"/records/requests/people/{broker.pk}/"
    address = f"{found['Location']}erase/"
    assert "Say why" in client.post(address, {"why": " "}).content.decode()
    page = client.post(address, {"why": "asked for it"}).content.decode()
    assert "Check before erasing Priya Nair" in page
    assert "under the role in place of the name" in page
    assert not is_erased(User.objects.get(pk=broker.pk))
    done = client.post(address, {"why": "asked for it", "step": "confirm"})
    assert done.status_code == 302, "loading the page again sends nothing again"
    for _ in range(2):
        page = client.get(done["Location"]).content.decode()
        assert "1 appointment ended" in page
        assert "Name and address taken out: Support reviews: 2" in page
        assert "still stands in The audit: 1" in page
    assert is_erased(User.objects.get(pk=broker.pk))
    assert "erased already" in client.get(address).content.decode()
    own = f"/records/requests/people/{full_site.cast.administrator.pk}/erase/"
    assert "You cannot erase yourself" in client.post(own, {"why": "x"}).content.decode()
