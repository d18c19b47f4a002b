"""The rows of the audit. A line and a sighting hold no foreign key, so that no deletion can reach
them, and no name: people stand in them by pseudonym. The database itself refuses to change them
(``migrations/0002_audit.py``)."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

#: The ledger of what belongs to no partnership, such as making the first one.
INSTALLATION = 0


class AuditEntry(models.Model):
    """One line of a partnership's ledger, sealed over everything it says and over the line before.

    ``actor`` is a pseudonym, or the words for a program ("the command line"); ``key`` names the key
    of the seal ``digest``.
    """

    partnership_id = models.BigIntegerField(default=INSTALLATION)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    role = models.CharField(max_length=100)
    verb = models.CharField(max_length=100)
    object_kind = models.CharField(max_length=100)
    object_id = models.CharField(max_length=100)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    key = models.CharField(max_length=12, default="")
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        app_label = "accounts"
        ordering: ClassVar[list[str]] = ["partnership_id", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partnership_id", "number"], name="accounts_auditentry_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.actor} {self.verb} {self.object_kind} {self.object_id}"


class AuditHead(models.Model):
    """The newest line's number and digest of one ledger. The row is locked while a line is added,
    which puts writers in a queue; the copy that a hand in the database cannot reach is in
    ``heads``."""

    partnership_id = models.BigIntegerField(unique=True)
    count = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        app_label = "accounts"

    def __str__(self) -> str:
        return f"{self.count} lines"


class Pseudonym(models.Model):
    """Under which word a person stands in the audit. Erasure deletes this row and nothing else, and
    a line says so. PROTECT: a person is not deleted past it."""

    word = models.CharField(max_length=20, primary_key=True)
    person = models.OneToOneField(
        "accounts.User", on_delete=models.PROTECT, related_name="pseudonym"
    )
    key = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "accounts"

    def __str__(self) -> str:
        return self.word


class AuditView(models.Model):
    """That a person was shown protected data. ``urns`` holds the schools' URNs between blanks.

    Sealed by itself when it is written, so that reading waits for nobody; a job seals those that
    are new as a batch, whose line in the ledger has the number ``batch``.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    partnership_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    role = models.CharField(max_length=100)
    what = models.CharField(max_length=100)
    urns = models.TextField()
    key = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    batch = models.PositiveBigIntegerField(null=True)

    class Meta:
        app_label = "accounts"
        ordering: ClassVar[list[str]] = ["-at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partnership_id", "at"], name="accounts_auditview_at"),
            models.Index(fields=["partnership_id", "batch"], name="accounts_auditview_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} saw {self.what}"
