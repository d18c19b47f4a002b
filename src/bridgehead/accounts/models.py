"""The person who signs in. The rows of the audit are in ``audit.models``, and found here too."""

import secrets
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from bridgehead.accounts.audit.models import (
    INSTALLATION,
    AuditEntry,
    AuditHead,
    AuditView,
    Pseudonym,
)

__all__ = [
    "INSTALLATION",
    "AuditEntry",
    "AuditHead",
    "AuditView",
    "Pseudonym",
    "User",
    "UserManager",
    "new_stamp",
    "normalise_email",
]


def new_stamp() -> str:
    """A fresh random word. Every session of a person is bound to the one that person has now."""
    return secrets.token_hex(16)


def normalise_email(email: str) -> str:
    """The one form in which an e-mail address is kept and compared."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail whatever the case it is typed in."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_email(username or ""))


class User(AbstractBaseUser):
    """A person with a sign-in. What the person may do is in ``people.Appointment``, never here."""

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField("full name", max_length=150)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    session_stamp = models.CharField(max_length=32, default=new_stamp, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = normalise_email(self.email)
        super().save(*args, **kwargs)

    def get_session_auth_hash(self) -> str:
        """Binds sessions to password and stamp: a new stamp ends every session at once."""
        return self._bound_to(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the secret keys that were in use before the present one."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._bound_to(key)

    def _bound_to(self, key: str | bytes | None) -> str:
        salt = "bridgehead.accounts.session"
        value = f"{self.password}:{self.session_stamp}"
        return salted_hmac(salt, value, secret=key, algorithm="sha256").hexdigest()
