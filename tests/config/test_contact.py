"""Where a weakness is reported (RFC 9116), and what a browser is told to refuse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bridgehead.config import environment as env
from bridgehead.core.errors import Refused

WHERE = "/.well-known/security.txt"


def test_the_contact_is_told_where_it_is_set(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    answer = client.get(WHERE)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:security@example.org"
    assert said["Canonical"].endswith(WHERE)
    until = datetime.fromisoformat(said["Expires"])
    assert timedelta() < until - datetime.now(UTC) < timedelta(days=365)


@pytest.mark.django_db
def test_without_a_contact_there_is_nothing(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get(WHERE).status_code == 404


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("", True),
        ("mailto:security@example.org", True),
        ("https://example.org/report", True),
        ("security@example.org", False),
        ("http://example.org", False),
        ("https://", False),
        ("mailto:a@b\nExpires: never", False),
    ],
)
def test_a_contact_is_an_address(monkeypatch: pytest.MonkeyPatch, said: str, right: bool) -> None:
    monkeypatch.setenv("SECURITY_CONTACT", said)
    if right:
        assert env.security_contact() == said
    else:
        with pytest.raises(Refused, match="SECURITY_CONTACT"):
            env.security_contact()


@pytest.mark.parametrize("hours", ["0", "25", "-1", "x"])
def test_a_sign_in_lasts_a_day_at_most(monkeypatch: pytest.MonkeyPatch, hours: str) -> None:
    monkeypatch.setenv("SESSION_HOURS", hours)
    with pytest.raises(Refused, match="SESSION_HOURS"):
        env.from_to("SESSION_HOURS", 1, 24)
