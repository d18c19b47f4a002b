"""What a school says in confidence: read by those whom it names and by whoever replies for it."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.monitoring import actions
from bridgehead.monitoring.models import Reply
from bridgehead.monitoring.rules import NotNow
from bridgehead.people.actions import end_appointment
from bridgehead.people.models import Appointment
from bridgehead.records.actions import make_person_file

pytestmark = pytest.mark.django_db
SECRET = "The head is leaving at Easter."


def page(who, name: str, *args: object) -> tuple[int, str]:
    client = Client()
    client.force_login(who)
    answer = client.get(reverse(name, args=args))
    return answer.status_code, unescape(answer.content.decode(errors="replace"))


@pytest.fixture
def confided(bridge, sent) -> Reply:
    """Said by the second school's head to the broker alone."""
    return actions.reply(
        review=sent(bridge.other_school),
        view="agrees in part",
        text="A new head since September.",
        help_with="inclusion",
        in_confidence=SECRET,
        confided_to=[bridge.cast.broker.pk],
        token=uuid4(),
        by=bridge.reader("other_head"),
    )


@pytest.mark.parametrize("who", ["broker", "other_head"])
def test_those_who_are_named_and_the_head_read_it(bridge, confided, who) -> None:
    status, said = page(getattr(bridge.cast, who), "monitoring:review", confided.review_id)
    assert status == 200
    assert SECRET in said


@pytest.mark.parametrize("name", ["review", "judge"])
def test_an_officer_who_is_not_named_learns_that_there_is_more(bridge, confided, name) -> None:
    status, said = page(bridge.cast.officer, f"monitoring:{name}", confided.review_id)
    assert status == 200
    assert "something more" in said.lower()
    assert SECRET not in said


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("monitoring:board", ()),
        ("monitoring:board-csv", ()),
        ("monitoring:school", ("urn",)),
        ("monitoring:own", ()),
        ("desk:home", ()),
        ("desk:school", ("urn",)),
        ("accounts:audit", ()),
        ("desk:seen", ("urn",)),
    ],
)
def test_it_is_on_no_other_page_and_in_no_file(bridge, confided, name, arguments) -> None:
    urn = confided.review.organisation.urn
    for who in ("broker", "officer", "other_head", "head", "governor", "administrator"):
        _, said = page(getattr(bridge.cast, who), name, *(urn for _ in arguments))
        assert SECRET not in said, who


def test_no_file_of_a_person_holds_it(bridge, confided) -> None:
    import io
    import zipfile

    content, _ = make_person_file(person=bridge.cast.other_head, by=COMMAND_LINE)
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        texts = [held.read(name).decode() for name in held.namelist()]
    assert any("A new head since September" in text for text in texts)
    assert not any("leaving at Easter" in text for text in texts)


def test_whoever_works_on_the_review_no_longer_reads_it_no_longer(bridge, confided) -> None:
    for held in Appointment.objects.filter(person=bridge.cast.broker):
        end_appointment(appointment=held, by=COMMAND_LINE)
    status, said = page(bridge.cast.broker, "monitoring:review", confided.review_id)
    assert status in {403, 404}
    assert SECRET not in said


def test_the_ledger_tells_how_many_were_named_and_not_what_they_read(confided) -> None:
    line = AuditEntry.objects.get(verb="replied for a school")
    assert line.details["confided to"] == 1
    assert SECRET not in str(line.details)


@pytest.mark.parametrize(
    ("text", "named", "why"),
    [
        (SECRET, [], "Name who may read"),
        ("", ["broker"], "Write what those"),
        (SECRET, ["head"], "works on the support review no longer"),
    ],
)
def test_a_confidence_has_words_and_readers_who_work_on_the_review(
    bridge, sent, text, named, why
) -> None:
    with pytest.raises(NotNow, match=why):
        actions.reply(
            review=sent(bridge.other_school),
            view="agrees",
            text="",
            help_with="",
            in_confidence=text,
            confided_to=[getattr(bridge.cast, who).pk for who in named],
            token=uuid4(),
            by=bridge.reader("other_head"),
        )
    assert not Reply.objects.exists()


def test_the_head_names_readers_on_the_page_and_checks_them(bridge, sent) -> None:
    review = sent(bridge.other_school)
    client, address = Client(), reverse("monitoring:reply", args=[review.pk])
    client.force_login(bridge.cast.other_head)
    asked = client.get(address).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', asked)
    assert token
    offered = re.findall(r'name="confided_to" value="(\d+)"', asked)
    assert str(bridge.cast.broker.pk) in offered
    assert str(bridge.cast.head.pk) not in offered
    both = [bridge.cast.broker.pk, bridge.cast.officer.pk]
    typed = {"token": token[1], "view": "agrees", "in_confidence": SECRET}
    assert "Choose who may read" in client.post(address, typed).content.decode()
    checked = client.post(address, typed | {"confided_to": both}).content.decode()
    assert len(re.findall(r'type="hidden" name="confided_to"', checked)) == 2
    assert "Priya Nair, Partnership broker" in checked
    client.post(address, typed | {"confided_to": both, "step": "confirm"})
    assert Reply.objects.get().confided_to == sorted(both)


def test_no_template_is_given_it_but_by_what_the_reader_may_read() -> None:
    from bridgehead.monitoring.views.reviews import Said

    assert "in_confidence" not in Said.__slots__
