"""A process that writes until it is killed, and says each write once it has been acknowledged
(``python -m proofs._writer FIRST``): people are invited and appointed, each with its audit line.
"""

import os
import sys
from itertools import count

import django


def main(first: int) -> None:
    """Write for ever."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    django.setup()
    from bridgehead.accounts.rules import COMMAND_LINE
    from bridgehead.people.actions import appoint_newcomer
    from bridgehead.schools.models import Partnership

    partnership = Partnership.objects.get()
    for number in count(first):
        appoint_newcomer(
            name=f"Person {number}",
            email=f"p{number}@example.org",
            role="broker",
            partnership=partnership,
            by=COMMAND_LINE,
        )
        os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
