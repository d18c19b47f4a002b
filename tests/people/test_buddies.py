"""A new head asks for a buddy; a broker names an experienced head; both see it, nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from bridgehead.accounts.rules import Denied
from bridgehead.people.actions import ask_for_buddy, name_buddy
from bridgehead.people.models import Appointment, BuddyRequest
from bridgehead.people.rules import NEW_HEAD_DAYS
from tests.cast import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(small_site: Site) -> Appointment:
    """Tom Reyes became head yesterday."""
    held = Appointment.objects.get(person=small_site.cast.other_head)
    held.starts = localdate() - timedelta(days=1)
    held.save()
    return held


def signed_in(site: Site, who: str) -> Client:
    client = Client()
    person = getattr(site.cast, who)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_from_asking_to_a_name(small_site: Site, new: Appointment) -> None:
    head, broker = signed_in(small_site, "other_head"), signed_in(small_site, "broker")
    assert "Would you like a buddy?" in head.get("/buddy/").content.decode()
    for _ in range(2):
        head.post("/buddy/")
    asked = BuddyRequest.objects.get()
    assert "You have asked for a buddy" in head.get("/buddy/").content.decode()
    assert "waits for a name" in broker.get("/buddies/").content.decode()
    experienced = Appointment.objects.get(person=small_site.cast.head)
    broker.post(f"/buddies/{asked.pk}/", {"buddy": experienced.pk})
    assert "Helen Okafor is your buddy" in head.get("/buddy/").content.decode()
    assert "Tom Reyes" in signed_in(small_site, "head").get("/buddy/").content.decode()
    assert "Helen Okafor" in broker.get("/buddies/").content.decode()


def test_only_a_new_head_asks(small_site: Site) -> None:
    for who in ("head", "governor", "broker", "administrator"):
        with pytest.raises(Denied):
            ask_for_buddy(by=small_site.reader(who))
    assert not BuddyRequest.objects.exists()


@pytest.mark.parametrize("who", ["head", "other_head", "officer", "administrator", "outsider"])
def test_only_broker_and_director_name_one(small_site: Site, new: Appointment, who: str) -> None:
    asked = ask_for_buddy(by=small_site.reader("other_head"))
    experienced = Appointment.objects.get(person=small_site.cast.head)
    with pytest.raises(Denied):
        name_buddy(request=asked, buddy=experienced, by=small_site.reader(who))


@pytest.mark.parametrize("who", ["other_head", "governor", "outsider"])
def test_a_buddy_is_an_experienced_head_of_another_school(
    small_site: Site, new: Appointment, who: str
) -> None:
    asked = ask_for_buddy(by=small_site.reader("other_head"))
    named = Appointment.objects.get(person=getattr(small_site.cast, who))
    with pytest.raises(ValueError, match="head of another school"):
        name_buddy(request=asked, buddy=named, by=small_site.reader("broker"))
    page = signed_in(small_site, "broker").post(f"/buddies/{asked.pk}/", {"buddy": named.pk})
    assert page.content.decode().count("Select a valid choice") == 2
    assert BuddyRequest.objects.get().buddy is None


def test_who_is_new_and_who_is_experienced_follows_from_the_days_that_were_entered(
    small_site: Site,
) -> None:
    """Through the pages alone: a head from today asks; one of more than a year may be named."""
    small_site.alone()
    administrator = signed_in(small_site, "administrator")
    today = localdate()
    for name, days in (("Ida Holm", 0), ("Otto Fern", NEW_HEAD_DAYS), ("Lotte Vane", 300)):
        starts = today - timedelta(days=days)
        new = days == 0
        given = {
            "name": name,
            "email": f"{name.split()[0].lower()}@example.org",
            "role": "head",
            "school": small_site.school.pk if new else small_site.other_school.pk,
            "starts_day": starts.day,
            "starts_month": starts.month,
            "starts_year": starts.year,
        }
        page = administrator.post("/people/appoint/", given, follow=True).content.decode()
        assert name in page
    head = Client()
    ida = Appointment.objects.get(person__email="ida@example.org").person
    head.force_login(ida, backend="django.contrib.auth.backends.ModelBackend")
    head.post("/buddy/")
    broker = signed_in(small_site, "broker")
    page = broker.get(f"/buddies/{BuddyRequest.objects.get().pk}/").content.decode()
    assert "Otto Fern" in page
    assert "Tom Reyes" in page
    assert "Lotte Vane" not in page
    otto = Appointment.objects.get(person__email="otto@example.org")
    broker.post(f"/buddies/{BuddyRequest.objects.get().pk}/", {"buddy": otto.pk})
    assert "Otto Fern is your buddy" in head.get("/buddy/").content.decode()
