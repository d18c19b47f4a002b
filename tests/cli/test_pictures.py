"""The day by which commands propose is England's."""

from datetime import UTC, date, datetime, tzinfo

import pytest

from bridgehead.cli import pictures


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), date(2026, 11, 22)),
    ],
    ids=["summer time", "winter"],
)
def test_the_day_is_that_of_london(monkeypatch: pytest.MonkeyPatch, now: datetime, day: date):
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return now.astimezone(tz)

    monkeypatch.setattr(pictures, "datetime", Clock)
    assert pictures.today() == day
