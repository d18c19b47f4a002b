"""What an erasure changes in what others wrote: shown first, of the own partnership alone."""

import pytest

from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import AuditEntry, AuditView, User
from bridgehead.accounts.rules import COMMAND_LINE, Reader
from bridgehead.monitoring.models import Judgement, Reply, ReviewRound
from bridgehead.people.models import Invitation
from bridgehead.records.actions import erase_person
from bridgehead.records.actions.erasure import TAKEN_OUT
from bridgehead.records.queries.changes import GONE, changes_of
from bridgehead.schools.models import Organisation, Partnership
from bridgehead.schools.rules import GroupKind
from tests.cast import Site, group
from tests.records.conftest import WORDS, sign_in

pytestmark = pytest.mark.django_db


def texts() -> list[tuple[str, ...]]:
    """Everything that others wrote, and what schools, groups and partnerships are called."""
    return [
        *Reply.objects.values_list("text", "help_with"),
        *Judgement.objects.values_list("reasons"),
        *ReviewRound.objects.values_list("name"),
        *Organisation.objects.order_by("pk").values_list("name"),
        *Partnership.objects.order_by("pk").values_list("name"),
    ]


def called(person: User, name: str) -> User:
    person.name = name
    person.save()
    return person


@pytest.mark.parametrize("name", ["help", "Primary", "e", "Priya", "Nair"])
@pytest.mark.parametrize("terminal", [True, False])
def test_a_name_of_one_word_changes_no_text(full_site: Site, name: str, terminal: bool) -> None:
    before = texts()
    by = COMMAND_LINE if terminal else full_site.reader("administrator")
    governor = called(full_site.cast.governor, name)
    assert erase_person(person=governor, why="asked for it", by=by).replaced == {}
    assert texts() == before


def test_what_schools_groups_and_partnerships_are_called_stays(full_site: Site) -> None:
    made = group(full_site, GroupKind.CLUSTER, "Harbour cluster")
    for each in (full_site.school.name, full_site.partnership.name, made.name):
        governor = called(User.objects.get(pk=full_site.cast.governor.pk), each)
        by = full_site.reader("administrator")
        assert changes_of(governor, full_site.partnership.pk).made == ()
    before = texts()
    erase_person(person=governor, why="asked for it", by=by)
    made.refresh_from_db()
    assert made.name == "Harbour cluster"
    assert texts() == before


def reader(who: str, site: Site) -> Reader:
    return COMMAND_LINE if who == "terminal" else site.reader(who)


@pytest.mark.parametrize("who", ["administrator", "terminal"])
def test_what_another_partnership_wrote_stays(full_site: Site, who: str) -> None:
    Reply.objects.update(partnership=full_site.elsewhere)
    invited = Invitation.objects.get()
    Invitation.objects.update(partnership=full_site.elsewhere, name="Priya Nair")
    erase_person(person=full_site.cast.broker, why="x", by=reader(who, full_site))
    assert Reply.objects.get().text == WORDS
    assert Judgement.objects.get().reasons == f"As {GONE} says."
    invited.refresh_from_db()
    assert invited.name == "Priya Nair"


def test_an_invitation_of_another_partnership_is_its_own(full_site: Site) -> None:
    broker = full_site.cast.broker
    Invitation.objects.update(partnership=full_site.elsewhere, email=broker.email)
    administrator = full_site.reader("administrator")
    assert changes_of(broker, full_site.partnership.pk).by_ledger == {
        full_site.partnership.pk: {"support_review": 2}
    }
    erase_person(person=broker, why="asked for it", by=administrator)
    assert Invitation.objects.get().email == broker.email


def test_each_ledger_that_is_touched_says_so(full_site: Site) -> None:
    """At the terminal: in every partnership where the person was, or was invited."""
    broker, elsewhere = full_site.cast.broker, full_site.elsewhere.pk
    Invitation.objects.update(partnership=elsewhere, email=broker.email)
    erase_person(person=broker, why="asked for it", by=COMMAND_LINE)
    lines = AuditEntry.objects.filter(verb=TAKEN_OUT).order_by("partnership_id")
    assert {line.partnership_id: line.details for line in lines} == {
        full_site.partnership.pk: {"support_review": 2},
        elsewhere: {"invitations": 1},
    }
    assert GONE in Invitation.objects.get().name
    assert verify_chain() == []


def test_what_will_be_changed_is_shown_and_nothing_else_is(full_site: Site) -> None:
    administrator, broker = sign_in("administrator", full_site), full_site.cast.broker
    address = f"/records/requests/people/{broker.pk}/erase/"
    changes = changes_of(broker, full_site.partnership.pk).made
    page = administrator.post(address, {"why": "asked for it"}).content.decode()
    assert "… Priya Nair promised help; PRIYA NAIR (priya.nair@example.org) came once." in page
    assert "As Priya Nair says." in page
    assert all(change.key in page for change in changes)
    assert len(changes) == page.count("It means somebody else") == 2
    seen = AuditView.objects.get(what="texts that name a person")
    assert seen.urns == f" {full_site.school.urn} "
    judged = f"monitoring.Judgement:{Judgement.objects.get().pk}"
    administrator.post(address, {"why": "asked for it", "step": "confirm", "leave": [judged]})
    assert Judgement.objects.get().reasons == "As Priya Nair says."
    assert Reply.objects.get().text.startswith(GONE)


def test_where_nothing_will_be_changed_the_page_says_so(full_site: Site) -> None:
    governor = full_site.cast.governor
    address = f"/records/requests/people/{governor.pk}/erase/"
    page = sign_in("administrator", full_site).post(address, {"why": "x"}).content.decode()
    assert "No text of this partnership will be changed" in page
    assert not AuditView.objects.filter(what="texts that name a person").exists()
