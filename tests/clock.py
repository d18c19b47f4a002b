"""A site's own time, which a test moves: no test waits, and none depends on the day it runs on."""

from datetime import datetime, timedelta

from django.utils import timezone


class Clock:
    """Stands in for ``django.utils.timezone.now``."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def later(self, **span: int) -> None:
        """Move on, by ``days=…``, ``hours=…``."""
        self.at += timedelta(**span)


def long_ago() -> Clock:
    """A clock that begins 1,500 days before today."""
    return Clock(datetime.now(tz=timezone.get_current_timezone()) - timedelta(days=1500))
