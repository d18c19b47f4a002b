"""The tables that the kinds of record name."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.timezone import make_aware

from bridgehead.accounts.models import Passkey, User
from bridgehead.people.models import Appointment
from bridgehead.records.rules import Rows
from bridgehead.schools.models import Partnership


def table(rows: Rows) -> type[models.Model]:
    """The model of a table."""
    found: type[models.Model] = apps.get_model(rows.model)
    return found


def lookup(path: str) -> str:
    """A path of the table of kinds as Django writes it; ``self`` is the row itself."""
    return "pk" if path == "self" else path.replace(".", "__")


def all_of(rows: Rows) -> QuerySet[Any]:
    """Every row of a table; a person also has ``role_free_since``, the day from which no role was
    held, or nothing while one is."""
    found: QuerySet[Any] = table(rows)._base_manager.all()
    if rows.model == User._meta.label:
        return _with_role_free_since(found)
    return found


def _with_role_free_since(found: QuerySet[Any]) -> QuerySet[Any]:
    held = Exists(Appointment.objects.filter(person=OuterRef("pk"), ends=None))
    since = Coalesce(Max("appointments__ends"), TruncDate("created_at"))
    free: QuerySet[Any] = found.annotate(
        role_free_since=Case(When(held, then=None), default=since, output_field=models.DateField())
    )
    return free


def of_partnership(found: QuerySet[Any], rows: Rows, partnership_id: int | None) -> QuerySet[Any]:
    """Those of one partnership, and with None of any. Of a table that is shared all, but for what
    tells of another partnership: its own row, and passkeys that answer to its host."""
    if partnership_id is None:
        return found
    if rows.model == Partnership._meta.label:
        return found.filter(pk=partnership_id)
    if rows.model == Passkey._meta.label:
        others = Partnership.objects.exclude(pk=partnership_id).exclude(host="")
        return found.exclude(host__in=others.values("host"))
    return found.filter(partnership_id=partnership_id) if is_owned(rows) else found


def is_owned(rows: Rows) -> bool:
    """Whether each row of a table belongs to one partnership."""
    return "partnership_id" in {f.attname for f in table(rows)._meta.concrete_fields}


def urn_of(rows: Rows, row: Any) -> int | None:
    """The school of a row that the public does not see; None of any other."""
    if not rows.urn or not rows.model.startswith("monitoring."):
        return None
    for name in rows.urn.split("."):
        row = getattr(row, name, None)
    return int(row) if row is not None else None


def with_related(found: QuerySet[Any], deep: int = 3) -> QuerySet[Any]:
    """Rows with all that they point at, in the same query, since a row is said in words by what it
    points at (a judgement by its reply, by its review, by its school)."""
    paths, heavy = _related(found.model, "", deep)
    return found.select_related(*paths).defer(*heavy) if paths else found


def _related(model: Any, before: str, deep: int) -> tuple[list[str], list[str]]:
    """The keys to follow, and the JSON at their ends, which nothing is said by."""
    paths, heavy = list[str](), list[str]()
    for field in model._meta.concrete_fields:
        path = f"{before}{field.name}"
        if before and isinstance(field, models.JSONField):
            heavy.append(path)
        if not isinstance(field, models.ForeignKey) or (not before and field.related_model is User):
            continue
        paths.append(path)
        if deep > 1 and field.related_model is not User:
            further, more = _related(field.related_model, f"{path}__", deep - 1)
            paths, heavy = paths + further, heavy + more
    return paths, heavy


def until(rows: Rows, path: str, day: date) -> Q:
    """Dated, at the end of a path, on a day or earlier."""
    if _is_moment(rows, path):
        return Q(**{f"{lookup(path)}__lt": _begins(day + timedelta(days=1))})
    return Q(**{f"{lookup(path)}__lte": day})


def since(rows: Rows, path: str, day: date) -> Q:
    """Dated, at the end of a path, on a day or later."""
    return Q(**{f"{lookup(path)}__gte": _begins(day) if _is_moment(rows, path) else day})


def _is_moment(rows: Rows, path: str) -> bool:
    """Whether a date has a time."""
    return isinstance(field_at(table(rows), path), models.DateTimeField)


def field_at(model: Any, path: str) -> Any:
    """The field at the end of a path; None for one that is worked out."""
    field = None
    for name in path.split("."):
        known = {f.name: f for f in model._meta.get_fields()}
        if name not in known:
            return None
        field = known[name]
        model = field.related_model or model
    return field


def _begins(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
