"""Where one is signed in: listed for oneself alone, and ended at once."""

import re

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from bridgehead.accounts.actions import disable_person, enable_person
from bridgehead.accounts.models import AuditEntry, Session, User
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in.sessions import sessions_of
from tests.cast import PASSWORD, Site

pytestmark = pytest.mark.django_db

HELEN = "helen.okafor@example.org"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/140.0"


def signed_in(agent: str, email: str = HELEN) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/sign-in/", {"username": email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/role/").status_code == 200


def ids(page: str) -> list[str]:
    return re.findall(r'name="end" value="(\w{32})"', page)


@pytest.fixture
def desk(small_site: Site) -> Client:
    return signed_in(DESK)


@pytest.fixture
def phone(small_site: Site) -> Client:
    return signed_in(PHONE)


def test_each_is_listed_with_device_and_time_this_one_first(phone: Client, desk: Client) -> None:
    signed_in(DESK, "tom.reyes@example.org")
    page = desk.get("/sessions/").text
    assert page.index("Firefox on Windows") < page.index("Safari on an iPhone")
    assert len(ids(page)) == 2
    assert re.search(r"\d+ \w+ 20\d\d, \d\d:\d\d", page)


def test_the_page_holds_no_key_with_which_one_is_signed_in(phone: Client, desk: Client) -> None:
    page = desk.get("/sessions/").text
    for client in (phone, desk):
        assert client.cookies[settings.SESSION_COOKIE_NAME].value not in page


def test_one_is_ended(phone: Client, desk: Client) -> None:
    other = ids(desk.get("/sessions/").text)[1]
    assert desk.post("/sessions/", {"end": other})["Location"] == "/sessions/"
    assert not is_in(phone)
    assert is_in(desk)
    helen = User.objects.get(name="Helen Okafor")
    assert AuditEntry.objects.get(verb="ended a session").actor == helen.pseudonym.word


def test_all_others_are_ended(phone: Client, desk: Client) -> None:
    third = signed_in(PHONE)
    assert desk.post("/sessions/", {"end": "others"}).status_code == 302
    assert [is_in(client) for client in (phone, third, desk)] == [False, False, True]
    assert AuditEntry.objects.get(verb="ended other sessions").details == {"sessions": 2}
    desk.post("/sessions/", {"end": "others"})  # nothing more to end, nothing more to tell
    assert AuditEntry.objects.filter(verb="ended other sessions").count() == 1


def test_ones_own_is_ended(desk: Client) -> None:
    assert desk.post("/sessions/", {"end": ids(desk.get("/sessions/").text)[0]}).status_code == 302
    assert not is_in(desk)


def test_nobody_ends_anothers(phone: Client, small_site: Site) -> None:
    tom = signed_in(DESK, "tom.reyes@example.org")
    for foreign in (ids(phone.get("/sessions/").text)[0], phone.session.session_key, "0" * 32, ""):
        assert tom.post("/sessions/", {"end": foreign}).status_code == 404
    tom.post("/sessions/", {"end": "others"})
    assert is_in(phone)


def test_a_session_that_was_ended_does_not_come_back(phone: Client, desk: Client) -> None:
    """A request under way when its session ends cannot write it anew."""
    session = phone.session
    assert session[SESSION_KEY]  # read, as at the beginning of a request
    desk.post("/sessions/", {"end": "others"})
    session["acting_as"] = 1
    with pytest.raises(UpdateError):
        session.save()
    assert not is_in(phone)


def test_sessions_that_a_stamp_has_ended_are_not_listed(desk: Client, small_site: Site) -> None:
    head = small_site.cast.head
    disable_person(person=head, by=COMMAND_LINE)
    enable_person(person=head, by=COMMAND_LINE)
    head.refresh_from_db()
    assert Session.objects.filter(person=head).exists()
    assert sessions_of(head, None) == []


def test_a_new_key_keeps_the_session_its_owners(desk: Client, small_site: Site) -> None:
    new = "seventeen-quiet-otters"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    desk.post("/password/", given)
    assert len(ids(desk.get("/sessions/").text)) == 1


def test_a_browser_that_nobody_is_signed_in_with_is_nobodys(
    client: Client, small_site: Site
) -> None:
    session = client.session
    session["anything"] = 1
    session.save()
    assert Session.objects.get(pk=session.session_key).person_id is None
