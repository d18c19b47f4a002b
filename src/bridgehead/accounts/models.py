"""The person who signs in and what proves who it is. The rows of the audit are in
``audit.models``, and found here too."""

import secrets
from collections.abc import Iterator
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
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
    "AccountElsewhere",
    "AuditEntry",
    "AuditHead",
    "AuditView",
    "Authenticator",
    "Pseudonym",
    "RecoveryCode",
    "Session",
    "User",
    "UserManager",
    "WrongCode",
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
    #: Since when a second factor is asked at sign-in; None where there is none. Stands here so that
    #: no request needs a query to know it.
    second_factor_at = models.DateTimeField(null=True, editable=False)

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


class Authenticator(models.Model):
    """The app on a person's phone that shows a new code every half minute: the secret that it
    shares with the site, sealed (``sign_in.sealed``), and the newest half minute whose code was
    used, so that no code is taken twice."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="authenticator")
    sealed_secret = models.CharField(max_length=255)
    last_step = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"authenticator of {self.person}"


class RecoveryCode(models.Model):
    """A code that stands in, once, for a phone that is lost. Only its digest is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "digest"], name="accounts_recoverycode_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.person}"


class Passkey(models.Model):
    """A device that shows, by a key that never leaves it, that it is there (WebAuthn). It answers
    to one host name. ``uses`` is the device's own count, where it keeps one."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    host = models.CharField(max_length=253)
    name = models.CharField(max_length=100)
    credential = models.CharField(max_length=1400, unique=True)
    public_key = models.TextField()
    uses = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"passkey of {self.person}"


class AccountElsewhere(models.Model):
    """The one account at another organisation with which a person signs in here: that
    organisation's ``issuer``, and the ``subject`` by which it knows the person and nobody else,
    ever. An e-mail address may be given to somebody else one day; this is not."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="account_elsewhere")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="accounts_accountelsewhere_of_one_person"
            ),
        ]

    def __str__(self) -> str:
        return f"account of {self.person} at {self.issuer}"


class WrongCode(models.Model):
    """A second factor that was wrong: whose, when, and from which network address. Kept for as long
    as it counts (``sign_in.wrong_codes``)."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="wrong_codes")
    address = models.CharField(max_length=45)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"wrong code for {self.person}"


class Session(AbstractBaseSession):
    """One browser, signed in or not. It knows whose it is, so that people can see where they are
    signed in and end it."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store
