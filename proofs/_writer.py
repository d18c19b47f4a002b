"""A process that writes until it is killed, and says each write once it has been acknowledged
(``python -m proofs._writer WHAT``): people are appointed, people are invited, or reviews are
judged, each with its audit line. What is said is the number in an address, or of a review.
"""

import os
import sys
from collections.abc import Iterator
from itertools import count, cycle
from typing import Any
from uuid import uuid4

import django


def appointed(partnership: Any) -> Iterator[int]:
    """People with an account and an appointment, for ever."""
    from bridgehead.accounts.rules import COMMAND_LINE
    from bridgehead.people.actions import appoint_newcomer

    for number in count(1):
        appoint_newcomer(
            name=f"Person {number}",
            email=f"p{number}@example.org",
            role="broker",
            partnership=partnership,
            by=COMMAND_LINE,
        )
        yield number


def invited(partnership: Any) -> Iterator[int]:
    """People who are asked by administrators, by turns: each may ask so many in an hour."""
    from bridgehead.people.actions import invite

    inviters = cycle(_readers(partnership, "administrator"))
    for number in count(1):
        invite(
            name=f"Person {number}",
            email=f"p{number}@example.org",
            role="broker",
            partnership=partnership,
            by=next(inviters),
        )
        yield number


def judged(partnership: Any) -> Iterator[int]:
    """Every review that waits for a judgement."""
    from bridgehead.monitoring.actions import judge
    from bridgehead.monitoring.models import Review
    from bridgehead.monitoring.rules import Outcome

    broker = _readers(partnership, "broker")[0]
    for review in Review.objects.filter(state="sent").order_by("pk"):
        judge(
            review=review,
            outcome=Outcome(review.outcome),
            reasons="",
            heard=None,
            token=uuid4(),
            by=broker,
        )
        yield review.pk


def _readers(partnership: Any, role: str) -> list[Any]:
    from bridgehead.accounts.models import User
    from bridgehead.people.queries import reader_of

    people = User.objects.filter(appointments__role=role, email__endswith="@base.example.org")
    return [reader_of(person, partnership) for person in people]


WRITES = {"appointed": appointed, "invited": invited, "judged": judged}


def main(what: str) -> None:
    """Write until there is nothing more to write."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    django.setup()
    from bridgehead.schools.models import Partnership

    for number in WRITES[what](Partnership.objects.get()):
        os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1])
