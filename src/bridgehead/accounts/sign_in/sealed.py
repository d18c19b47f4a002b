"""Secrets that must be read again are kept sealed: whoever copies the database without the site's
secret key cannot read them."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """Sealed under another key, or changed since."""


def seal(secret: bytes) -> str:
    """Seal under the present secret key."""
    return _box().encrypt(secret).decode()


def opened(sealed: str) -> bytes:
    """What was sealed, under the present key or an earlier one (``SECRET_KEY_FALLBACKS``)."""
    try:
        return _box().decrypt(sealed.encode())
    except InvalidToken as error:
        raise Unreadable from error


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(str(key))) for key in keys])


def _derived(key: str) -> bytes:
    """A key for this purpose alone: it tells nothing of the one that signs sessions."""
    made = hmac.new(key.encode(), b"bridgehead.accounts.sign_in.sealed", hashlib.sha256)
    return base64.urlsafe_b64encode(made.digest())
