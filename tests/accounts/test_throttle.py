"""Guessing is slowed down, and no stranger can use that to lock anybody out: not from elsewhere
(``test_sign_in``), and not from the same network either."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from bridgehead.accounts import throttle
from tests.cast import PASSWORD, Site

pytestmark = pytest.mark.django_db

HELEN, TOM = "helen.okafor@example.org", "tom.reyes@example.org"
SCHOOL, ELSEWHERE = "192.0.2.1", "192.0.2.66"


def sign_in(client: Client, email: str, password: str = PASSWORD, at: str = SCHOOL) -> int:
    """Try; gives the status: 302 in, 200 not, 429 too often."""
    given = {"username": email, "password": password}
    return client.post("/sign-in/", given, REMOTE_ADDR=at).status_code


def known(email: str = HELEN) -> Client:
    """A browser in which a person has signed in, and out again."""
    client = Client()
    assert sign_in(client, email) == 302
    client.post("/sign-out/")
    return client


def spray(people: int = throttle.PEOPLE, at: str = SCHOOL) -> None:
    for n in range(people):
        sign_in(Client(), f"someone.{n}@example.org", "Winter2026!!", at)


def test_a_stranger_in_the_same_building_cannot_lock_a_person_out(small_site: Site) -> None:
    browser = known()
    for _ in range(settings.AXES_FAILURE_LIMIT + 2):
        sign_in(Client(), HELEN, "wrong")
    assert sign_in(Client(), HELEN) == 429  # in a browser that nobody knows
    assert sign_in(browser, HELEN) == 302


def test_a_known_browser_is_throttled_too(small_site: Site) -> None:
    browser = known()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(browser, HELEN, "wrong")
    assert sign_in(browser, HELEN) == 429
    assert sign_in(browser, TOM) == 302  # Tom is not known by it, and is counted apart


def test_a_known_browser_starts_anew_after_the_right_password(small_site: Site) -> None:
    browser = known()
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            sign_in(browser, HELEN, "wrong")
        assert sign_in(browser, HELEN) == 302
        browser.post("/sign-out/")


def test_a_browser_is_known_by_those_who_signed_in_and_by_nobody_else(small_site: Site) -> None:
    browser = known()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(Client(), TOM, "wrong")
    assert sign_in(browser, TOM) == 429
    assert sign_in(browser, TOM, at=ELSEWHERE) == 302
    browser.post("/sign-out/")
    assert [sign_in(browser, TOM), browser.post("/sign-out/").status_code] == [302, 302]
    assert sign_in(browser, HELEN) == 302  # both of them


@pytest.mark.parametrize(
    "made_up",
    ["", "x", signing.dumps({"browser": "a", "people": ["b"]})],
    ids=["nothing", "a word", "of another salt"],  # a signature holds the time
)
def test_a_mark_that_is_not_ours_is_not_believed(small_site: Site, made_up: str) -> None:
    browser = Client()
    browser.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = made_up
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(browser, HELEN, "wrong")
    assert sign_in(browser, HELEN) == 429
    assert AccessAttempt.objects.get().username == HELEN


def test_a_mark_is_forgotten_in_time(
    small_site: Site, monkeypatch: pytest.MonkeyPatch, rf: Any
) -> None:
    request = rf.get("/")
    request.COOKIES = {k: v.value for k, v in known().cookies.items()}
    assert throttle.is_known_by(request, HELEN)
    monkeypatch.setattr(throttle, "KNOWN_FOR", timedelta(seconds=-1))
    assert not throttle.is_known_by(request, HELEN)


def test_the_mark_is_no_use_to_scripts_and_names_nobody(small_site: Site) -> None:
    mark = known().cookies[settings.KNOWN_BROWSER_COOKIE_NAME]
    assert (mark["httponly"], mark["samesite"]) == (True, "Lax")
    assert HELEN not in str(signing.loads(mark.value, salt=throttle._SALT))
    browser = Client()
    browser.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = mark.value
    assert browser.get("/role/")["Location"].startswith("/sign-in/")  # it opens nothing


def test_one_password_is_not_tried_on_everybody(small_site: Site) -> None:
    browser = known()
    spray()
    assert sign_in(Client(), TOM) == 429
    assert sign_in(Client(), TOM, at=ELSEWHERE) == 302
    assert sign_in(browser, HELEN) == 302
    page = Client().post("/sign-in/", {"username": TOM, "password": "x"}, REMOTE_ADDR=SCHOOL)
    assert "Too many people could not sign in from here" in page.text


def test_a_few_who_forgot_their_passwords_hinder_nobody(small_site: Site) -> None:
    spray(throttle.PEOPLE - 1)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(Client(), "someone.0@example.org", "wrong")  # again: still as many people
    assert sign_in(Client(), TOM) == 302


def test_the_count_of_people_ends_by_itself(small_site: Site) -> None:
    spray()
    AccessAttempt.objects.update(attempt_time=timezone.now() - throttle.WITHIN)
    assert sign_in(Client(), TOM) == 302
