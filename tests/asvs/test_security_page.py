"""What ``docs/explanation/security.md`` says is what the program does."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator

from bridgehead.accounts import pace, passwords, throttle
from bridgehead.accounts.sign_in import factor, oidc, wrong_codes
from bridgehead.accounts.sign_in.sessions import SessionStore
from bridgehead.config.environment import SETTINGS
from bridgehead.people.actions.invitations import MOST_AN_HOUR
from bridgehead.schools.forms import MOST_BYTES, NAMED
from bridgehead.schools.rules.sheet import MOST_ROWS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/security.md").read_text(encoding="utf-8")
DEFAULT = {setting.name: setting.default for setting in SETTINGS}
LEAST = settings.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"]["min_length"]
COOL_OFF = round(settings.AXES_COOLOFF_TIME * 60)

SAID = (
    f"at least {LEAST} characters",
    f"fewer than {passwords.DIFFERENT} different characters",
    f"{settings.AXES_FAILURE_LIMIT} failures from one network address are taken in {COOL_OFF} min",
    f"Where {throttle.PEOPLE} people fail",
    f"{wrong_codes.FROM_ONE_ADDRESS} wrong ones from one address in 15 minutes, and "
    f"{wrong_codes.FROM_ANYWHERE} from anywhere in an hour",
    f"after {DEFAULT['SESSION_HOURS']} hours, or after {DEFAULT['SESSION_IDLE_MINUTES']} minutes",
    f"{settings.LARGEST_REQUEST // 1_000_000} megabytes",
    f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} megabyte |",
    f"{MOST_BYTES:,} bytes and {MOST_ROWS:,} rows",
    f"{MOST_AN_HOUR} an hour for each person who invites",
    f"{DEFAULT['REQUESTS_A_MINUTE']} a minute for each person",
)


@pytest.mark.parametrize("said", SAID)
def test_the_page_says_what_the_settings_are(said: str) -> None:
    assert said in PAGE


@pytest.mark.django_db
def test_the_words_of_the_page_are_still_true() -> None:
    assert (pace.FILE, pace.WRITE) == (10, 3)
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 60 * 60
    assert 19_000 < len(CommonPasswordValidator().passwords) <= 20_000
    assert all(f"`.{ending}`" in PAGE for ending in NAMED)
    assert wrong_codes.WITHIN.total_seconds() == 15 * 60
    assert throttle.WITHIN.total_seconds() == COOL_OFF * 60
    assert wrong_codes.WITHIN_LONG.total_seconds() == 60 * 60
    assert factor._LENGTH == 24
    assert len(SessionStore()._get_new_session_key()) == 32


def test_every_setting_that_the_page_names_is_one() -> None:
    named = set(re.findall(r"`([A-Z]{3,}_[A-Z_]+)`", PAGE)) - {"OUR_WORDS"}
    assert named
    assert named <= set(DEFAULT)


def test_the_inventory_names_what_the_code_uses() -> None:
    """Whatever digests, seals or signs in the web half stands in the table, and is no other."""
    table = PAGE.split("## Cryptography")[1].split("\n## ")[0]
    used: set[str] = set()
    for path in (ROOT / "src/bridgehead").rglob("*.py"):
        used |= set(re.findall(r"hashlib\.(\w+)", path.read_text(encoding="utf-8")))
    assert used <= {"sha1", "sha256", "file_digest"}
    for package in ("cryptography", "webauthn", "joserfc"):
        assert f"`{package}`" in table
    assert all(algorithm in table for algorithm in oidc.ALGORITHMS)
    for said in ("PBKDF2-SHA-256", "HMAC-SHA-256", "Fernet", "HMAC-SHA-1", "118 random bits"):
        assert said in table
