"""``bridgehead manage``: setting a site up, and checking its ledger."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bridgehead.accounts.management.commands import changepassword
from bridgehead.accounts.models import AuditEntry
from bridgehead.people.models import Appointment
from bridgehead.schools.models import Partnership
from tests.cast import PASSWORD, Site

pytestmark = pytest.mark.django_db

SET_UP = {
    "name": "Bridgeshire Learning Partnership",
    "authority": ["990"],
    "administrator": "Owen Pryce",
    "email": "owen.pryce@example.org",
}


def say(command: str, *typed: str, **words: Any) -> str:
    out = io.StringIO()
    call_command(command, *typed, stdout=out, **words)
    return out.getvalue()


def test_a_site_is_set_up_from_its_picture(
    synthetic_home: Path, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(synthetic_home))
    said = say("set_up", **SET_UP)
    assert Partnership.objects.get().memberships.count() > 20
    assert Appointment.objects.get().role == "administrator"
    link = said.splitlines()[-1].removeprefix("http://localhost:8000")
    assert "Choose a password" in client.get(link, follow=True).content.decode()


def test_setting_up_again_changes_nothing(
    synthetic_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(synthetic_home))
    say("set_up", **SET_UP)
    assert "0 schools joined, 0 left" in say("set_up", **SET_UP)
    assert Appointment.objects.count() == 1


def test_setting_up_again_says_what_it_ignores() -> None:
    north = ["--name=North", "--authority=991"]
    say("set_up", *north, "--authority=992")
    again = say("set_up", *north, "--host=north.example.org")
    assert "keeps its authorities (991, 992): --authority 991 is ignored" in again
    assert "keeps no host name: --host north.example.org is ignored" in again
    assert Partnership.objects.get().authority_codes == ["991", "992"]
    assert "ignored" not in say("set_up", "--name=North", "--authority=992", "--authority=991")


def test_before_the_first_picture_it_says_what_is_missing() -> None:
    assert "No picture yet" in say("set_up", name="North", authority=["991"])


def test_an_authority_without_schools_makes_no_partnership(
    synthetic_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(synthetic_home))
    with pytest.raises(CommandError, match="no open school of 000"):
        say("set_up", **(SET_UP | {"authority": ["000"]}))
    assert not Partnership.objects.exists()
    assert not Appointment.objects.exists()
    say("set_up", **SET_UP)
    assert Partnership.objects.get().memberships.count() > 20


def test_a_second_partnership_needs_a_host_of_its_own() -> None:
    say("set_up", name="North", authority=["991"])
    with pytest.raises(CommandError, match="North stands at the address of the site"):
        say("set_up", name="South", authority=["992"])
    assert Partnership.objects.get().name == "North"
    say("set_up", name="South", authority=["992"], host="south.example.org")
    say("set_up", name="North", authority=["991"])
    assert Partnership.objects.count() == 2


def test_an_administrator_has_a_name_and_an_address() -> None:
    with pytest.raises(CommandError, match="together"):
        say("set_up", name="North", authority=["991"], email="ann@example.org")


def test_a_sign_in_is_taken_away_at_once_and_given_back(client: Client, small_site: Site) -> None:
    broker = small_site.cast.broker
    client.force_login(broker, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(2):
        said = say("disable_person", broker.email.upper())
    assert said == f"{broker} cannot sign in any more; every session has ended.\n"
    assert client.get("/role/").status_code == 302
    for _ in range(2):
        said = say("enable_person", broker.email)
    assert said == f"{broker} can sign in again.\n"
    assert client.get("/role/").status_code == 302
    told = AuditEntry.objects.filter(verb__contains="abled a person").order_by("number")
    assert [(line.verb, line.actor) for line in told] == [
        ("disabled a person", "the command line"),
        ("enabled a person", "the command line"),
    ]


def test_a_lost_phone_is_replaced_from_the_terminal(client: Client, small_site: Site) -> None:
    broker = small_site.cast.broker
    client.force_login(broker)
    said = say("remove_second_factor", broker.email.upper())
    assert "The second factor of Priya Nair is gone" in said
    assert client.get("/role/")["Location"].startswith("/sign-in/")
    given = {"username": broker.email, "password": PASSWORD}
    assert client.post("/sign-in/", given)["Location"] == "/signed-in/"
    assert client.get("/role/")["Location"] == "/second-factor/set-up/"
    assert "has no second factor" in say("remove_second_factor", broker.email)
    line = AuditEntry.objects.get(verb="removed a second factor")
    assert (line.partnership_id, line.actor) == (0, "the command line")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What somebody types at the terminal, unseen."""
    words: list[str] = []
    monkeypatch.setattr(changepassword, "getpass", lambda prompt: words.pop(0))
    return words


def test_a_forgotten_password_is_set_at_the_terminal_and_told_of(
    client: Client, small_site: Site, typed: list[str]
) -> None:
    broker = small_site.cast.broker
    client.force_login(broker, backend="django.contrib.auth.backends.ModelBackend")
    typed += ["three blind mice ran", "three blind mice ran"]
    said = say("changepassword", broker.email.upper())
    assert said == f"{broker} has a new password; every session has ended.\n"
    assert client.get("/role/").status_code == 302
    broker.refresh_from_db()
    assert broker.check_password("three blind mice ran")
    line = AuditEntry.objects.get(verb="set a password")
    assert (line.partnership_id, line.actor) == (0, "the command line")
    assert "three blind" not in repr(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["three blind mice ran", "three blind mice run"], "not the same"),
        (["short", "short"], "at least 12 characters"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    small_site: Site, typed: list[str], words: list[str], why: str
) -> None:
    broker = small_site.cast.broker
    typed += words
    with pytest.raises(CommandError, match=why):
        say("changepassword", broker.email)
    before = broker.password
    broker.refresh_from_db()
    assert broker.password == before
    assert not AuditEntry.objects.filter(verb="set a password").exists()


@pytest.mark.parametrize(
    "command", ["changepassword", "disable_person", "enable_person", "remove_second_factor"]
)
def test_nobody_of_that_address_is_said_so(command: str) -> None:
    with pytest.raises(CommandError, match="nobody signs in with ann@"):
        say(command, "ann@example.org")


def test_a_home_that_is_none_is_told_in_words(tmp_path: Path) -> None:
    """Most often the settings of the service were forgotten at the terminal."""
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "BRIDGEHEAD_HOME"}}
    done = subprocess.run(
        [sys.executable, "-m", "bridgehead.cli.main", "manage", "seal_views"],
        env=env | {"BRIDGEHEAD_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"Is {tmp_path} the home that you meant (BRIDGEHEAD_HOME)" in done.stderr


def test_the_first_administrator_is_led_to_the_host_of_the_own_partnership(
    settings: Any,
) -> None:
    """At the host of another one she would be told that she has no role."""
    settings.SITE_URL = "https://bridge.example.org:8443"
    given = {**SET_UP, "name": "North", "host": "North.example.org"}
    said = say("set_up", **given)
    assert "https://north.example.org:8443/password/set/" in said
    assert "Nobody reaches north.example.org yet: add it to PARTNERSHIP_HOSTS" in said
    settings.ALLOWED_HOSTS = ["north.example.org"]
    assert "PARTNERSHIP_HOSTS" not in say("set_up", **given)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"host": "https://north.example.org/"}, "write the name alone"),
        ({"host": "north.example.org:8000"}, "write the name alone"),
        ({"email": "owen"}, "write an address like name@example.org"),
    ],
)
def test_what_could_not_be_reached_is_refused(changed: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        say("set_up", **{**SET_UP, **changed})
    assert not Partnership.objects.exists()


def test_two_partnerships_do_not_stand_at_one_host() -> None:
    say("set_up", **{**SET_UP, "host": "north.example.org"})
    with pytest.raises(CommandError, match=r"Bridgeshire .* stands at north.example.org already"):
        say("set_up", **{**SET_UP, "name": "Another", "host": "NORTH.example.org"})
    assert Partnership.objects.count() == 1
