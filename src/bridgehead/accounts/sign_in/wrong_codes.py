"""How many wrong codes are too many.

A code is asked only of somebody who knows the password, so no stranger gets as far as this count.
From one network address few tries are enough; over all addresses a ceiling keeps a hired crowd
from guessing. Whoever reaches the ceiling knows the password: its owner is told to change it.
"""

from datetime import datetime, timedelta

from bridgehead.accounts.models import User, WrongCode

FROM_ONE_ADDRESS, WITHIN = 5, timedelta(minutes=15)
FROM_ANYWHERE, WITHIN_LONG = 20, timedelta(hours=1)


def too_many(person: User, address: str, now: datetime) -> bool:
    """Whether no further code of this person is looked at from this address for now."""
    kept = WrongCode.objects.filter(person=person)
    here = kept.filter(address=address, at__gt=now - WITHIN).count()
    anywhere = kept.filter(at__gt=now - WITHIN_LONG).count()
    return here >= FROM_ONE_ADDRESS or anywhere >= FROM_ANYWHERE


def note(person: User, address: str, now: datetime) -> None:
    """Count a wrong code; what counts no longer is forgotten."""
    WrongCode.objects.filter(at__lte=now - WITHIN_LONG).delete()
    WrongCode.objects.create(person=person, address=address, at=now)


def forget(person: User, address: str) -> None:
    """A right code from an address ends the count of that address, and of no other."""
    WrongCode.objects.filter(person=person, address=address).delete()
