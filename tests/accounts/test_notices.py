"""People are told by e-mail when what they sign in with changes; the log tells of signing in."""

from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from bridgehead.accounts.models import User
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in.factor import make_recovery_codes, remove_second_factor
from tests.cast import PASSWORD, Site, code_of

pytestmark = pytest.mark.django_db
NEW = "seventeen-quiet-otters"
CHANGE = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}


@pytest.fixture(autouse=True)
def _by_email(settings: Any) -> None:
    settings.EMAIL_GOES_OUT = True


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_new_password_is_told_and_never_written(
    small_site: Site, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(small_site.cast.head)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/password/", CHANGE | {"old_password": "wrong"})
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/password/", CHANGE)
    (letter,) = mail.outbox
    assert letter.to == [small_site.cast.head.email]
    assert "Your password has been changed" in letter.body
    assert NEW not in letter.body


def test_each_change_of_the_second_factor_is_told(
    small_site: Site, django_capture_on_commit_callbacks: Any
) -> None:
    broker = small_site.cast.broker
    with django_capture_on_commit_callbacks(execute=True):
        codes = make_recovery_codes(person=broker, by=COMMAND_LINE)
        signed_in(broker).post("/second-factor/codes/new/", {"code": codes[0]})
        remove_second_factor(person=broker, by=COMMAND_LINE)
    told = [letter.body for letter in mail.outbox]
    for words in ("codes have been made", "code of yours has been used", "has been removed"):
        assert any(words in body for body in told)
    assert not any(code in body for code in codes for body in told)


def test_a_mail_server_that_is_away_undoes_nothing(
    small_site: Site,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def away(*_: Any) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr("bridgehead.accounts.notices.send_mail", away)
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(small_site.cast.head).post("/password/", CHANGE)
    assert User.objects.get(pk=small_site.cast.head.pk).check_password(NEW)
    assert "could not be sent: SMTPServerDisconnected" in caplog.text
    assert "helen" not in caplog.text.lower()


def test_signing_in_and_out_right_or_wrong_is_logged_without_what_was_typed(
    small_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    broker, client = small_site.cast.broker, Client(REMOTE_ADDR="192.0.2.7")
    typed = {"username": broker.email, "password": "not-the-password"}
    for _ in range(6):  # one of them too many
        client.post("/sign-in/", typed)
    known = Client(REMOTE_ADDR="192.0.2.8")
    known.post("/sign-in/", typed | {"password": PASSWORD})
    known.post("/sign-in/code/", {"code": "000000"})
    code = code_of(broker)
    known.post("/sign-in/code/", {"code": code})
    known.post("/sign-out/")
    for words in (
        "a sign-in with a password failed from 192.0.2.7",
        "Locking out",
        f"second factor of person {broker.pk} from 192.0.2.8: wrong",
        f"second factor of person {broker.pk} from 192.0.2.8: app",
        f"person {broker.pk} signed in from 192.0.2.8",
        f"person {broker.pk} signed out",
    ):
        assert words in caplog.text
    for private in (broker.email, broker.name, "not-the-password", PASSWORD, code):
        assert private not in caplog.text
