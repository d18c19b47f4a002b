"""What commands that read a picture share: the current picture, and England's day."""

import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bridgehead.core.home import home
from bridgehead.picture.picture import Picture, ensure


def current() -> Picture:
    """The picture of this home, built first where the loaded releases have changed; how that goes
    is told beside the result, on the error stream."""
    return ensure(home(), lambda note: print(note, file=sys.stderr))


def today() -> date:
    """The day in England, as on the site, wherever the computer stands."""
    return datetime.now(ZoneInfo("Europe/London")).date()
