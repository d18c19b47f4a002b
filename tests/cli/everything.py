"""A row of every model, with awkward values, in the database that the environment names
(``python -m tests.cli.everything``): what a backup must bring back to the last byte.

A model that is new here is given a row by its fields alone. Where its constraints refuse that row,
say in ``OTHERWISE`` which values it takes.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import django

AWKWARD = "Ünïcode “quoted”\t=1+1\\n\"'🏫"
DEEP = {
    "zulu": [1, 2.5, -0.4, 1e20, 1.5e300, 1e-7, -0.0, True, None, "null", ""],
    "alpha": {"ß": {"b": 1, "a": [[], {}]}, "": AWKWARD},
    "big": 9007199254740993,
}
MOMENT = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)  # summer time begins a second later
VALUES: dict[str, Any] = {
    "BooleanField": True,
    "DateField": date(1999, 12, 31),
    "DateTimeField": MOMENT,
    "TimeField": time(23, 59, 59, 1),
    "DurationField": timedelta(days=-1, microseconds=1),
    "DecimalField": Decimal("1"),
    "FloatField": 0.1,
    "BinaryField": bytes(range(256)),
    "UUIDField": UUID(int=2**128 - 1),
    "JSONField": DEEP,
    "GenericIPAddressField": "2001:db8::1",
    "EmailField": "zoë@example.org",
    "URLField": "https://example.org/",
    "SlugField": "a-slug",
}
#: Values that a model's own constraints ask for, by label and field.
OTHERWISE: dict[str, dict[str, Any]] = {
    "people.invitation": {"group": None, "withdrawn_at": None, "ends": None},
    "people.buddyrequest": {"buddy": None, "named_by": None, "named_at": None},
    "schools.keptset": {"method": "bridgehead"},
    "people.appointment": {"group": None, "ends": None},
    "schools.membership": {"left": None},
    "schools.groupmember": {"left": None},
    "monitoring.judgement": {"outcome": "priority support", "proposed": "priority support"},
    "monitoring.supportdecision": {"on": date(1999, 12, 30)},
}


def value_of(field: Any) -> Any:
    """A value that a field takes. Raises ``LookupError`` while nothing is there to point to."""
    if field.is_relation:
        found = field.related_model._base_manager.first()
        if found is None and not field.null:
            raise LookupError(field)
        return found
    kind = field.get_internal_type()
    if field.choices:
        return field.choices[0][0]
    if kind in VALUES:
        return VALUES[kind]
    if kind.endswith("IntegerField"):
        return 32767
    if kind in {"CharField", "TextField"}:
        return AWKWARD[: field.max_length or 4000]
    raise TypeError(f"say in VALUES what a {kind} holds ({field})")


def row_of(model: Any) -> Any:
    """One row of a model, not yet written."""
    other = OTHERWISE.get(model._meta.label_lower, {})
    own = [
        f for f in model._meta.concrete_fields if not f.get_internal_type().endswith("AutoField")
    ]
    return model(**{f.name: other[f.name] if f.name in other else value_of(f) for f in own})


def fill() -> None:
    """Write a row of every model that has none yet."""
    from django.apps import apps

    from bridgehead.accounts.audit.sightings import saw
    from bridgehead.accounts.rules import COMMAND_LINE
    from bridgehead.schools.actions import join_groups
    from bridgehead.schools.rules import GroupKind
    from tests.cast import LONG_AGO, Site, group

    site = Site.small()
    # Of these the values hang together, or carry a seal.
    whole, part = (group(site, kind, kind) for kind in (GroupKind.JOINT, GroupKind.CLUSTER))
    join_groups(whole=whole, part=part, joined=LONG_AGO, by=COMMAND_LINE)
    saw(by=site.reader("head"), what=AWKWARD, urns=[site.school.urn])
    empty = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._base_manager.exists()
    ]
    while empty:
        left = [model for model in empty if not _written(model)]
        if left == empty:
            raise SystemExit(f"nothing can be written of {left}")
        empty = left


def _written(model: Any) -> bool:
    from django.db import IntegrityError

    try:
        model._base_manager.bulk_create([row_of(model)])
    except LookupError:
        return False
    except IntegrityError as error:
        label = model._meta.label_lower
        raise SystemExit(
            f"{label} is new to the test of backups, and takes no row of plain values: {error}. "
            f"Say in OTHERWISE of tests/cli/everything.py what it takes."
        ) from error
    return True


def _main(work: Callable[[], None]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    django.setup()
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    work()


if __name__ == "__main__":
    _main(fill)
