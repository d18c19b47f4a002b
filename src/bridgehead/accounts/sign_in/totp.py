"""Codes that change every half minute (TOTP, RFC 6238, over HOTP, RFC 4226), as phone apps show.

Pure Python. Six digits, SHA-1, steps of 30 seconds: what every app knows without being told.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

DIGITS = 6
SECONDS = 30
#: A phone's clock may be so many steps off, either way.
LEEWAY = 1


def new_secret() -> bytes:
    """Twenty random bytes: as long as the digest, as RFC 4226 asks."""
    return secrets.token_bytes(20)


def step_at(seconds: float) -> int:
    """The number of the half minute in which a moment lies (seconds since 1970)."""
    return int(seconds // SECONDS)


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one half minute."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def matching_step(secret: bytes, code: str, now: int) -> int | None:
    """The newest step, near the step ``now``, whose code this is; None where it is none of theirs.

    Every step is compared, each in constant time, so that the time taken tells nothing.
    """
    found = None
    for step in range(now - LEEWAY, now + LEEWAY + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            found = step
    return found


def as_text(secret: bytes) -> str:
    """The secret in the letters and digits that people type into an app."""
    return base64.b32encode(secret).decode()


def address(secret: bytes, *, who: str, site: str) -> str:
    """The ``otpauth:`` address that an app takes from a picture or a link."""
    name = quote(f"{site}:{who}", safe="@:")
    given = {"secret": as_text(secret), "issuer": site, "digits": DIGITS, "period": SECONDS}
    return f"otpauth://totp/{name}?{urlencode(given, quote_via=quote)}"
