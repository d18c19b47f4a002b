"""How much the random words hold, and how what is kept is sealed and digested."""

import math
from importlib import import_module

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.test import override_settings

from bridgehead.accounts.sign_in import factor, sealed, totp
from bridgehead.accounts.sign_in.sessions import SessionStore


def test_recovery_codes_hold_more_than_112_bits() -> None:
    assert factor._LENGTH * math.log2(len(set(factor._ALPHABET))) > 112
    codes = {factor._new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(factor.normalised(code)) == factor._LENGTH for code in codes)
    assert len(totp.new_secret()) * 8 >= 160


@pytest.mark.django_db
def test_a_session_key_holds_more_than_128_bits() -> None:
    """32 small letters and digits, by Python's secrets."""
    key = SessionStore()._get_new_session_key()
    assert len(key) * math.log2(36) > 128
    assert import_module("django.utils.crypto").RANDOM_STRING_CHARS
    assert key != SessionStore()._get_new_session_key()


def test_a_changed_seal_is_not_opened() -> None:
    kept = sealed.seal(b"a secret")
    assert sealed.opened(kept) == b"a secret"
    for at in (5, len(kept) // 2, len(kept) - 6):
        changed = kept[:at] + ("A" if kept[at] != "A" else "B") + kept[at + 1 :]
        with pytest.raises(sealed.Unreadable):
            sealed.opened(changed)


def test_passwords_are_kept_by_a_slow_digest() -> None:
    """The site sets none of its own, so Django's first holds (the tests use a quick one)."""
    with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
        used = get_hasher()
    assert isinstance(used, PBKDF2PasswordHasher)
    assert used.algorithm == "pbkdf2_sha256"
    assert used.iterations >= 600_000
    assert not hasattr(import_module("bridgehead.config.settings"), "PASSWORD_HASHERS")
