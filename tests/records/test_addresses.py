"""Somebody who was invited and never accepted is answered and erased by the address."""

import io
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command

from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.people.models import Invitation
from bridgehead.people.queries import invitation_address
from bridgehead.records.actions import erase_address, make_person_file
from bridgehead.records.actions.erasure import ADDRESS_ERASED
from bridgehead.records.queries.addresses import somebody_at
from tests.accounts.test_routes import _invitation
from tests.cast import Site
from tests.records.conftest import sign_in
from tests.records.test_erasure import where
from tests.records.test_person import opened

pytestmark = pytest.mark.django_db

EMAIL = "noor.aziz@example.org"
PAGE = "/records/requests/address/?email=noor.aziz%40example.org"


@pytest.fixture
def invited(small_site: Site) -> Site:
    """Noor Aziz was invited by the head, and somebody typed the address at the sign-in."""
    _invitation(small_site)
    AccessAttempt.objects.create(username=EMAIL, failures_since_start=1)
    return small_site


def test_an_administrator_finds_what_is_held(invited: Site) -> None:
    client = sign_in("administrator", invited)
    found = client.get("/records/requests/", {"email": EMAIL.upper()})
    assert found["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert "Noor Aziz, Clerk" in page
    assert "Sign-ins and failed tries" in page
    files = opened(client.post("/records/requests/address/file/", {"email": EMAIL}).content)
    assert EMAIL in files["held about you.html"]
    assert "Noor Aziz" in files["held about you.html"]
    assert "Helen Okafor" not in "".join(files.values())
    line = AuditEntry.objects.get(verb="made a file of what is held under an address")
    assert line.partnership_id == invited.partnership.pk
    assert EMAIL not in str(line.details)


def test_it_is_erased_with_a_line_and_the_link_works_no_more(invited: Site) -> None:
    client, link = sign_in("administrator", invited), invitation_address(Invitation.objects.get())
    assert "Say why" in client.post(PAGE, {"why": " "}).content.decode()
    assert Invitation.objects.get().email == EMAIL
    done = client.post(PAGE, {"why": "Noor Aziz asked for it"})
    page = client.get(done["Location"]).content.decode()
    assert "Name and address taken out: Invitations: 1" in page
    assert where("Noor Aziz", EMAIL) == set()
    line = AuditEntry.objects.get(verb=ADDRESS_ERASED)
    assert line.partnership_id == invited.partnership.pk
    assert line.details == {
        "why": "[name erased] asked for it",
        "changed": ["Invitations: 1", "Sign-ins and failed tries: 1"],
        "stays": [],
    }
    assert "withdrawn" in client.get(link).content.decode()
    assert verify_chain() == []
    assert client.get(PAGE)["Location"] == "/records/requests/"
    erase_address(address=EMAIL, why="again", by=invited.reader("administrator"))
    assert AuditEntry.objects.filter(verb=ADDRESS_ERASED).count() == 1


def test_another_partnership_learns_nothing(invited: Site) -> None:
    """Neither of its invitations nor, by failed sign-ins, of who has an account elsewhere."""
    Invitation.objects.update(partnership=invited.elsewhere)
    outsider = invited.cast.outsider
    AccessAttempt.objects.create(username=outsider.email, failures_since_start=1)
    client = sign_in("administrator", invited)
    page = client.get("/records/requests/", {"email": outsider.email}).content.decode()
    assert "Nobody of this partnership has that address" in page
    AccessAttempt.objects.filter(username=EMAIL).delete()
    assert somebody_at(EMAIL, invited.partnership.pk) is None
    assert somebody_at(EMAIL, invited.elsewhere.pk) is not None
    erase_address(address=EMAIL, why="x", by=invited.reader("administrator"))
    assert Invitation.objects.get().email == EMAIL


def test_tries_of_somebody_who_signs_in_elsewhere_stay(invited: Site) -> None:
    """Invited here, and of another partnership: what all share is not this partnership's."""
    outsider = invited.cast.outsider
    Invitation.objects.update(email=outsider.email)
    AccessAttempt.objects.create(username=outsider.email, failures_since_start=1)
    administrator = invited.reader("administrator")
    somebody = somebody_at(outsider.email, invited.partnership.pk)
    assert somebody is not None
    whole = "".join(opened(make_person_file(person=somebody, by=administrator)[0]).values())
    assert "Sign-ins and failed tries" not in whole
    erase_address(address=outsider.email, why="x", by=administrator)
    assert AccessAttempt.objects.filter(username=outsider.email).exists()
    outsider.refresh_from_db()
    assert outsider.name == "Nadia Brandt"


def test_who_may_not(invited: Site) -> None:
    somebody = somebody_at(EMAIL, invited.partnership.pk)
    assert somebody is not None
    for who in ("head", "broker"):
        with pytest.raises(Denied, match="Only an administrator"):
            erase_address(address=EMAIL, why="x", by=invited.reader(who))
        with pytest.raises(Denied, match="Only an administrator"):
            make_person_file(person=somebody, by=invited.reader(who))
    for by in (invited.reader("administrator"), COMMAND_LINE):
        with pytest.raises(Denied, match="Erase the person instead"):
            erase_address(address=invited.cast.governor.email, why="x", by=by)


def test_at_the_terminal(invited: Site, tmp_path: Path) -> None:
    target, out = tmp_path / "noor.zip", io.StringIO()
    call_command("export_person", EMAIL, "--to", str(target), stdout=out)
    assert EMAIL in opened(target.read_bytes())["held about you.html"]
    call_command("erase_person", EMAIL, "--why", "asked for it", stdout=out)
    assert where("Noor Aziz", EMAIL) == set()
    ledgers = AuditEntry.objects.filter(verb=ADDRESS_ERASED).values_list(
        "partnership_id", flat=True
    )
    assert set(ledgers) == {0, invited.partnership.pk}
    with pytest.raises(CommandError, match="nothing else is held"):
        call_command("erase_person", EMAIL, "--why", "asked for it")
