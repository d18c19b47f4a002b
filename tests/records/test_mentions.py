"""Texts that name somebody: never in what a person takes, apart for an administrator."""

import pytest

from bridgehead.accounts.models import User
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.monitoring.models import Reply
from bridgehead.people.models import Invitation
from bridgehead.records.actions import make_person_file
from bridgehead.records.queries.files import READ_FIRST
from bridgehead.records.queries.mentions import named_by
from bridgehead.records.queries.person import texts_naming
from tests.cast import Site
from tests.records.conftest import sign_in
from tests.records.test_person import opened

pytestmark = pytest.mark.django_db

#: Of the reply, the judgement and the ledger of a school that is not the reader's.
CONFIDENTIAL = ("promised help", "maths", "As Priya", "disagrees")


def called(person: User, name: str) -> None:
    person.name = name
    person.save()


@pytest.mark.parametrize("name", ["e", "a", "help", "Priya Nair", "came once", "school"])
def test_a_name_brings_nobody_what_others_wrote(full_site: Site, name: str) -> None:
    """Not by a short name, and not by the very name of somebody whom a neighbour wrote of."""
    called(full_site.cast.other_head, name)
    client = sign_in("other_head", full_site)
    files = opened(client.post("/records/about-you/file/").content)
    whole = "".join(files.values())
    assert READ_FIRST not in files
    assert full_site.school.name not in whole
    assert not [words for words in CONFIDENTIAL if words in whole]
    page = client.get("/records/about-you/").content.decode()
    assert "Reply" not in page
    assert "Judgement" not in page
    for said in (page, files["held about you.html"]):
        assert "are given by the administrator on request" in said


def test_what_a_person_wrote_is_the_persons(full_site: Site) -> None:
    whole = opened(sign_in("head", full_site).post("/records/about-you/file/").content)
    assert "promised help" in whole["held about you.html"]


@pytest.mark.parametrize(
    ("name", "many"),
    [("Priya Nair", 2), ("priya  nair", 2), ("Priya", 0), ("riya Nair", 0), ("Priya Nai", 0)],
)
def test_an_administrator_reads_them_first(full_site: Site, name: str, many: int) -> None:
    """By whole words, of a name that has two; the name is somebody else's here."""
    governor = full_site.cast.governor
    called(governor, name)
    naming = texts_naming(governor, full_site.partnership.pk)
    texts = [sheet for sheet in naming if sheet.name in {"reply", "judgement"}]
    assert sum(len(sheet.lines) for sheet in texts) == many
    administrator = sign_in("administrator", full_site)
    page = administrator.get(f"/records/requests/people/{governor.pk}/").content.decode()
    assert ("Texts that name the person, to be read before they are handed over" in page) is bool(
        naming
    )
    answer = administrator.post(f"/records/requests/people/{governor.pk}/file/")
    files = opened(answer.content)
    assert (READ_FIRST in files) is bool(naming)
    assert next(iter(files)) == READ_FIRST or not naming
    rest = "".join(text for title, text in files.items() if title != READ_FIRST)
    assert "promised help" not in rest


def test_by_the_whole_address(full_site: Site) -> None:
    governor = full_site.cast.governor
    named = named_by("Grace", governor.email)
    assert named.pattern.search(f"Write to {governor.email}.")
    for other in (f"x{governor.email}", f"a.{governor.email}", f"{governor.email}.uk"):
        assert not named.pattern.search(other), other
    Reply.objects.update(text=f"Write to {governor.email.upper()}, please.")
    called(governor, "Grace")
    assert [sheet.name for sheet in texts_naming(governor, full_site.partnership.pk)] == ["reply"]


def test_letters_that_a_database_keeps_apart(full_site: Site) -> None:
    Reply.objects.update(text="ZOË\nO'DÓRAN was there")
    called(full_site.cast.governor, "Zoë O'Dóran")
    naming = texts_naming(full_site.cast.governor, full_site.partnership.pk)
    assert [sheet.name for sheet in naming] == ["reply"]


def test_of_other_partnerships_nothing(full_site: Site) -> None:
    """Not even at the terminal, where the person never was."""
    Reply.objects.update(partnership=full_site.elsewhere)
    broker = full_site.cast.broker
    for home in (full_site.partnership.pk, None):
        assert "reply" not in {sheet.name for sheet in texts_naming(broker, home)}
    Invitation.objects.update(partnership=full_site.elsewhere, email=broker.email)
    assert "reply" in {sheet.name for sheet in texts_naming(broker, None)}
    files = opened(make_person_file(person=broker, by=COMMAND_LINE)[0])
    assert "promised help" in files[READ_FIRST]
