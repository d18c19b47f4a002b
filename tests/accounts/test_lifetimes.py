"""A sign-in ends by itself: after some hours, and sooner where nothing is asked."""

from datetime import timedelta

import pytest
from django.conf import settings as live
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bridgehead.accounts.sign_in import lifetimes
from bridgehead.accounts.sign_in.lifetimes import NOTED_EVERY, SEEN, SINCE
from bridgehead.accounts.sign_in.sessions import sessions_of
from tests.cast import PASSWORD, Site

pytestmark = pytest.mark.django_db

LONGEST = timedelta(seconds=live.SESSION_COOKIE_AGE)
IDLE = timedelta(minutes=live.SESSION_IDLE_MINUTES)
MOMENT = timedelta(seconds=5)


@pytest.fixture
def helen(client: Client, small_site: Site) -> Client:
    email = small_site.cast.head.email
    assert client.post("/sign-in/", {"username": email, "password": PASSWORD}).status_code == 302
    return client


def ago(client: Client, **before: timedelta) -> None:
    """Make the session's marks older."""
    session = client.session
    for what, much in before.items():
        session[what] = (timezone.now() - much).isoformat()
    session.save()


def is_in(client: Client) -> bool:
    return client.get("/role/").status_code == 200


@pytest.mark.parametrize(
    ("since", "seen", "lasts"),
    [
        (MOMENT, MOMENT, True),
        (LONGEST - MOMENT, MOMENT, True),
        (LONGEST + MOMENT, MOMENT, False),
        (LONGEST - MOMENT, IDLE - MOMENT, True),
        (LONGEST - MOMENT, IDLE + NOTED_EVERY + MOMENT, False),
    ],
)
def test_both_ends(helen: Client, since: timedelta, seen: timedelta, lasts: bool) -> None:
    ago(helen, since=since, seen=seen)
    assert is_in(helen) == lasts
    assert is_in(helen) == lasts  # and it does not come back


def test_without_the_guard_it_would_go_on(helen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ago(helen, since=LONGEST + MOMENT, seen=LONGEST + MOMENT)
    monkeypatch.setattr(lifetimes, "is_over", lambda session, now: False)
    assert is_in(helen)


def test_whoever_goes_on_asking_stays_in_until_the_longest(helen: Client) -> None:
    ago(helen, since=LONGEST - MOMENT, seen=IDLE - MOMENT)
    assert is_in(helen)
    assert helen.session[SEEN] > (timezone.now() - NOTED_EVERY).isoformat()
    begun = helen.session[SINCE]
    assert is_in(helen)
    assert helen.session[SINCE] == begun


def test_reading_page_after_page_writes_nothing(helen: Client) -> None:
    helen.get("/second-factor/")
    with CaptureQueriesContext(connection) as asked:
        helen.get("/second-factor/")
    assert asked.captured_queries
    assert not [q for q in asked.captured_queries if q["sql"].startswith(("UPDATE", "INSERT"))]


def test_a_session_that_does_not_say_since_when_is_over(helen: Client) -> None:
    session = helen.session
    del session[SINCE]
    session.save()
    assert not is_in(helen)


def test_what_is_over_is_not_listed(helen: Client, small_site: Site) -> None:
    assert len(sessions_of(small_site.cast.head, None)) == 1
    ago(helen, since=LONGEST + MOMENT)
    assert sessions_of(small_site.cast.head, None) == []


def test_signing_out_ends_the_session_at_the_server_and_clears_what_the_browser_kept(
    helen: Client,
) -> None:
    key = helen.cookies[live.SESSION_COOKIE_NAME].value
    assert helen.post("/sign-out/")["Clear-Site-Data"] == '"cache", "storage"'
    helen.cookies[live.SESSION_COOKIE_NAME] = key
    assert not is_in(helen)
