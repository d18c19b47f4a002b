"""Lines of the log say when, in a way that does not depend on the season."""

import json
import logging
from datetime import UTC, datetime, timedelta

from bridgehead.config import logs


def test_lines_for_machines_are_in_utc() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "something", None, None)
    said = datetime.fromisoformat(json.loads(logs.Json().format(record))["time"])
    assert said.utcoffset() == timedelta()
    assert abs(said - datetime.fromtimestamp(record.created, UTC)) < timedelta(milliseconds=1)
