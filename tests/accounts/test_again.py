"""Whoever signed in some time ago shows once more who it is, before a sign-in is ended."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.accounts.models import Session, User
from bridgehead.accounts.sign_in import wrong_codes
from bridgehead.accounts.sign_in.views import FRESH
from tests.cast import PASSWORD, Site, code_of

pytestmark = pytest.mark.django_db
AGAIN = "/sessions/show-again/"


def some_time_ago(person: User) -> Client:
    client = Client()
    client.force_login(person)
    session = client.session
    session["since"] = (timezone.now() - FRESH - timedelta(seconds=5)).isoformat()
    session.save()
    return client


def end_others(client: Client) -> str:
    return str(client.post("/sessions/", {"end": "others"})["Location"])


@pytest.fixture
def elsewhere(small_site: Site) -> None:
    for person in (small_site.cast.head, small_site.cast.broker):
        Client().force_login(person)


@pytest.mark.usefixtures("elsewhere")
def test_a_password_is_asked_for_again(small_site: Site) -> None:
    head = small_site.cast.head
    client = some_time_ago(head)
    assert client.get("/sessions/").status_code == 200  # looking is free
    assert end_others(client) == AGAIN
    assert Session.objects.filter(person=head).count() == 2
    assert "That is not your password" in client.post(AGAIN, {"password": "wrong"}).text
    assert end_others(client) == AGAIN
    assert client.post(AGAIN, {"password": PASSWORD})["Location"] == "/sessions/"
    assert end_others(client) == "/sessions/"
    assert Session.objects.filter(person=head).count() == 1


def test_who_has_no_password_signs_in_anew_to_set_up_a_second_factor(small_site: Site) -> None:
    """Nothing else shows that it is still the person who signed in, with an account elsewhere."""
    head = small_site.cast.head
    head.set_unusable_password()
    head.save()
    client = some_time_ago(head)
    client.get("/second-factor/set-up/")
    answer = client.post("/second-factor/set-up/", {"code": "000000"})
    assert "Sign out, and sign in again." in answer.text
    head.refresh_from_db()
    assert head.second_factor_at is None


def test_a_password_is_not_guessed_where_a_second_factor_is_set_up(small_site: Site) -> None:
    client = some_time_ago(small_site.cast.head)
    given = {"code": "000000", "password": "wrong"}
    tries = [client.post("/second-factor/set-up/", given).status_code for _ in range(6)]
    assert tries == [200] * wrong_codes.FROM_ONE_ADDRESS + [429]


@pytest.mark.usefixtures("elsewhere")
def test_who_has_a_second_factor_shows_it(small_site: Site) -> None:
    broker = small_site.cast.broker
    client = some_time_ago(broker)
    assert end_others(client) == AGAIN
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 200
    assert end_others(client) == AGAIN
    assert client.post(AGAIN, {"code": code_of(broker)})["Location"] == "/sessions/"
    assert end_others(client) == "/sessions/"
    assert Session.objects.filter(person=broker).count() == 1


def test_signing_out_here_asks_for_nothing(small_site: Site) -> None:
    client = some_time_ago(small_site.cast.head)
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/sessions/").status_code == 302


def test_guessing_is_counted(small_site: Site) -> None:
    client = some_time_ago(small_site.cast.head)
    for _ in range(wrong_codes.FROM_ONE_ADDRESS):
        client.post(AGAIN, {"password": "wrong"})
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 429


def test_who_has_neither_signs_in_again(small_site: Site) -> None:
    head = small_site.cast.head
    head.set_unusable_password()
    head.save()
    client = some_time_ago(head)
    assert "You have no password here" in client.get(AGAIN).text
    assert client.post(AGAIN, {"password": ""}).status_code == 200
    assert end_others(client) == AGAIN
