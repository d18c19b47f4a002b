"""``bridgehead withdraw ID``: take back a release, such as one of a wrong year."""

import argparse
import json
from datetime import UTC, datetime

from bridgehead.core.errors import Refused
from bridgehead.core.home import home
from bridgehead.opendata.releases import Store


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "withdraw",
        help="take back a release: a wrong year or file",
        description="Take back a release. It stays on disk, marked, and feeds no picture built "
        "from now on. Loading the same file again brings it back.",
    )
    parser.add_argument("id", help="its id, or the beginning of it, as 'bridgehead releases' shows")
    parser.add_argument("--json", action="store_true", help="its card as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Withdraw, and say what to do next."""
    store = Store(home())
    try:
        card = store.card(args.id)
    except KeyError:
        raise Refused(
            f"No release, or more than one, has an id that begins {args.id!r}.",
            "'bridgehead releases --all' lists them.",
        ) from None
    if card.withdrawn_at is not None:
        raise Refused(f"Release {card.id} was withdrawn already, on {card.withdrawn_at:%d %B %Y}.")
    card = store.withdraw(card.id, at=datetime.now(UTC))
    if args.json:
        print(json.dumps(card.as_dict(), ensure_ascii=False, indent=1))
    else:
        print(f"Withdrawn: {card.id} ({card.kind}, {card.file}).\nNext: bridgehead picture")
    return 0
