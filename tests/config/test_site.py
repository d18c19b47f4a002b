"""The site as a whole: its headers, its hosts, its two addresses for watchers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client

from bridgehead.config import health
from tests.cast import Site

READ_SETTINGS = """
import json
from bridgehead.config import settings as s
print(json.dumps({name: str(getattr(s, name)) for name in dir(s) if name.isupper()}))
"""


def settings_under(home: Path, **environment: str) -> str:
    """The settings that a fresh process reads."""
    inherited = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME"}}
    return subprocess.run(
        [sys.executable, "-c", READ_SETTINGS],
        env=inherited
        | {"BRIDGEHEAD_HOME": str(home), "SECRET_KEY": "s" * 60, "AUDIT_KEY": "a" * 60}
        | environment,
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def test_reading_the_settings_writes_nothing(tmp_path: Path) -> None:
    settings_under(tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_an_https_address_closes_everything(tmp_path: Path) -> None:
    read = settings_under(tmp_path, SITE_URL="https://bridge.example.org")
    for said in (
        '"SESSION_COOKIE_SECURE": "True"',
        '"CSRF_COOKIE_SECURE": "True"',
        '"SECURE_SSL_REDIRECT": "True"',
        '"SECURE_HSTS_SECONDS": "31536000"',
        '"SESSION_COOKIE_NAME": "__Host-session"',
        '"DEBUG": "False"',
    ):
        assert said in read


def test_djangos_own_deployment_check_finds_nothing(tmp_path: Path) -> None:
    inherited = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME"}}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "INFO"],
        env=inherited
        | {
            "BRIDGEHEAD_HOME": str(tmp_path),
            "SITE_URL": "https://bridge.example.org",
            "DJANGO_SETTINGS_MODULE": "bridgehead.config.settings",
        },
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("address", ["/sign-in/", "/healthz", "/nowhere/", "/audit/"])
@pytest.mark.django_db
def test_every_answer_carries_the_headers(client: Client, address: str, small_site: Site) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


#: Hosts that are not the site's, and some that are no hosts.
STRANGE = ("evil.example", "localhost.evil.example", "localhost:8000@evil", "localhost:x", "", "é")


@pytest.mark.parametrize("host", STRANGE)
@pytest.mark.parametrize(
    "address", ["/healthz", "/sign-in/", "/audit/", "/schools", "/static/built/bridgehead.css"]
)
def test_under_an_unknown_host_there_is_nothing(client: Client, host: str, address: str) -> None:
    """It takes no database to say so."""
    for ask in (client.get, client.head, client.post):
        answer = ask(address, headers={"host": host})
        assert answer.status_code == 404
        assert answer["Cache-Control"] == "no-store"
        assert "Location" not in answer
        assert b"evil" not in answer.content


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "north.localhost"])
def test_the_site_s_own_hosts_are_answered(client: Client, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_no_host_is_taken_from_what_a_browser_may_write(client: Client) -> None:
    forwarded = {"x-forwarded-host": "localhost"}
    answer = client.get("/healthz", headers={"host": "evil.example"} | forwarded)
    assert answer.status_code == 404
    answer = client.get("/healthz", headers={"x-forwarded-host": "evil.example"})
    assert answer.status_code == 200


def test_an_unknown_host_is_not_redirected_to_https(client: Client, settings: Any) -> None:
    """A redirection would be made from the name that the stranger asked for."""
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 404
    assert client.get("/sign-in/")["Location"] == "https://testserver/sign-in/"


@pytest.mark.django_db
def test_watchers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").content == b"ready\n"
    monkeypatch.setattr(health, "pending_migrations", lambda: ["people.0002_more"])
    assert client.get("/readyz").status_code == 503

    def silent() -> list[str]:
        raise DatabaseError

    monkeypatch.setattr(health, "pending_migrations", silent)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_healthz_asks_no_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_navigation_names_permissions_that_exist() -> None:
    from bridgehead.accounts.rules import Permission

    named = {permission for _, _, permission, *_ in settings.BRIDGEHEAD_NAVIGATION}
    assert named - {None} <= set(Permission.__members__)
