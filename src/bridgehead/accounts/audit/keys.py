"""Seals: HMAC-SHA-256 under a key from the environment or a file, never from the database.

Several keys may be known. The first seals; any of them may have sealed what is read, and each seal
stands beside the short name of its key, so that a key can be changed and old lines still be read.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings


def name_of(key: str) -> str:
    """Twelve letters that name a key and do not give it away."""
    return hashlib.sha256(b"bridgehead audit key " + key.encode()).hexdigest()[:12]


def newest() -> str:
    """The name of the key that seals now."""
    return name_of(_keys()[0])


def known(name: str) -> bool:
    """Whether the key of this name is here."""
    return any(name_of(key) == name for key in _keys())


def seal(name: str, said: Any) -> str:
    """The seal of plain values under the key of this name, as 64 hexadecimal digits. Raises
    ``LookupError`` where that key is not here."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    for key in _keys():
        if name_of(key) == name:
            return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    raise LookupError(f"the key {name} is not here")


def same(first: str, second: str) -> bool:
    """Whether two seals are the same; every comparison of seals is made here."""
    return hmac.compare_digest(first.encode(), second.encode())


def _keys() -> Sequence[str]:
    return list(settings.AUDIT_KEYS)
