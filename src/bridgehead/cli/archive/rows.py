"""The rows of a model as lines of JSON, the same text whichever database holds them, and back.

The first line of a model names its columns; each other is one row, a list in that order, by primary
key. Moments are in UTC with microseconds; the keys inside a JSON value are sorted, because
PostgreSQL keeps no order of its own; a number there is written as PostgreSQL would give it back.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import (
    BinaryField,
    CharField,
    DurationField,
    F,
    Field,
    JSONField,
    Model,
    TextField,
    Value,
)
from django.db.models.functions import Collate

from bridgehead.cli.archive.models import fields

_AT_ONCE = 500
_BYTEWISE = {"sqlite": "BINARY", "postgresql": "C"}


def lines(model: type[Model], connection: Any) -> Iterator[str]:
    """The rows of a model, each with its line break. To be read inside one transaction."""
    names = [field.attname for field in fields(model)]
    yield _text(names)
    key: Any = F(model._meta.pk.attname)
    if isinstance(model._meta.pk, CharField | TextField):  # else each database sorts in its own way
        key = Collate(key, _BYTEWISE[connection.vendor])
    found = model._base_manager.using(connection.alias).order_by(key).values_list(*names)
    for row in found.iterator(chunk_size=_AT_ONCE):
        yield _text([plain(value) for value in row])


def _text(values: list[Any]) -> str:
    packed = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return packed + "\n"


def plain(value: Any) -> Any:
    """A value of a column as JSON has it. Raises ``TypeError`` for a kind that is not known."""
    told: Any
    match value:
        case None | bool() | int() | str():
            told = value
        case float():
            told = _number(value)
        case datetime():
            told = value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            told = value.isoformat()
        case timedelta():
            told = value // timedelta(microseconds=1)
        case Decimal() | UUID():
            told = str(value)
        case bytes() | memoryview():
            told = base64.b64encode(bytes(value)).decode("ascii")
        case list() | tuple():
            told = [plain(one) for one in value]
        case dict():
            told = {str(key): plain(one) for key, one in value.items()}
        case _:
            raise TypeError(f"a backup does not know how to write {type(value).__name__}")
    return told


def _number(value: float) -> float | int:
    """PostgreSQL keeps the numbers in JSON as decimals: it knows no negative nought, and gives back
    a whole number of many digits without the mark of a fraction."""
    if value == 0:
        return 0.0
    return int(Decimal(repr(value))) if "e+" in repr(value) else value


def read(model: type[Model], text: Iterable[str], connection: Any) -> int:
    """Put lines into the table of a model and return how many rows there were. Raises
    ``ValueError`` where its columns are not those of the lines."""
    source = iter(text)
    own = {field.attname: field for field in fields(model)}
    names = json.loads(next(source))
    if set(names) != set(own):
        raise ValueError(f"{model._meta.label}: columns {names}, expected {list(own)}")
    rows = model._base_manager.using(connection.alias)
    count = 0
    while some := list(islice(source, _AT_ONCE)):
        made = []
        for line in some:
            values = zip(names, json.loads(line), strict=True)
            made.append(model(**{name: _value(own[name], value) for name, value in values}))
        rows.bulk_create(made)
        count += len(made)
    return count


def _value(field: "Field[Any, Any]", value: Any) -> Any:
    match field:
        case JSONField():
            # None would become NULL, which a column that is never empty did not hold.
            return Value(None, JSONField()) if value is None and not field.null else value
        case BinaryField() if value is not None:
            return base64.b64decode(value)
        case DurationField() if value is not None:
            return timedelta(microseconds=value)
    return field.to_python(value)
