"""Lines of the log: one a line, with the request's number, without what nobody else may read."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from bridgehead.core.printable import place, printable

#: The number of the request that is being answered, empty between requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")

HIDDEN = "[hidden]"
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"']+")
_NAMED = re.compile(
    r"((?:password|passwd|secret|token|authorization|cookie|session\w*|csrf\w*|api_?key)"
    r"[\"']?\s*[=:]\s*[\"']?(?:bearer\s+|basic\s+)?)[^\s\"',;&]+",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"(?<=://)[^\s/@]*:[^\s/@]*(?=@)")
#: Settings whose values are kept out wherever they turn up.
_SECRETS = ("SECRET_KEY", "METRICS_TOKEN")
_SHORTEST = 8
#: What Django puts on a line that it writes of a request.
_OF_A_REQUEST = "request"


def without_secrets(text: str) -> str:
    """The text without queries of addresses, values named like a secret, passwords in addresses,
    and the site's own secrets."""
    for pattern, put in ((_IN_URL, HIDDEN), (_NAMED, rf"\1{HIDDEN}"), (_QUERY, f"?{HIDDEN}")):
        text = pattern.sub(put, text)
    for secret in _known():
        text = text.replace(secret, HIDDEN)
    return text


def _known() -> list[str]:
    values = [str(getattr(settings, name, "")) for name in _SECRETS]
    values += [str(one.get("PASSWORD", "")) for one in settings.DATABASES.values()]
    return [value for value in values if len(value) >= _SHORTEST]


def message(record: logging.LogRecord) -> str:
    """What a line says, on one line."""
    asked = getattr(record, _OF_A_REQUEST, None)
    if record.name.startswith("django.") and hasattr(asked, "META"):
        said = f"{record.getMessage().partition(': ')[0]}: {place(asked)}"
    else:
        said = record.getMessage()
    return printable(without_secrets(said))


class Json(logging.Formatter):
    """One JSON object a line: ``time``, ``level``, ``logger``, ``message``, ``request_id``, what
    was given as ``extra={"told": {…}}``, and ``error`` with the way to it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message(record),
        }
        if number := request_id.get():
            line["request_id"] = number
        line |= getattr(record, "told", {})
        if record.exc_info:
            line["error"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True, default=str)


class Line(logging.Formatter):
    """The same for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and below it the way to an error."""
        said = f"{self.formatTime(record)} {record.levelname} {record.name} {message(record)}"
        if number := request_id.get():
            said += f" ({number})"
        if record.exc_info:
            said += "\n" + without_secrets(self.formatException(record.exc_info))
        return said
