"""What each page costs, beside a bare view of Django of the same size in the same run.

The bare view asks the database once and renders a table of as many bytes, without session, sign-in,
policy or audit (``benchmarks._bare``). The two take turns in one process. Pages are found by
following links, one of each route for each of a few roles, at the larger of two partnerships.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _site
from benchmarks._paired import by_turns, ratio
from benchmarks.visits import links_of, page_of

if TYPE_CHECKING:
    from django.test import Client

ROLES = ("broker", "head", "governor", "administrator", "observer")
MOST_PAGES = 400


def found_by(client: "Client") -> dict[str, str]:
    """Route → an address of it, by following links from the home page."""
    found: dict[str, str] = {}
    seen, waiting, left = {"/"}, ["/"], MOST_PAGES
    while waiting and left:
        path = waiting.pop(0)
        if page_of(path) in found:
            continue
        left -= 1
        answer = client.get(path)
        if answer.status_code != 200:
            continue
        found[page_of(path)] = path
        for link in links_of(path, answer.headers.get("Content-Type", ""), answer.getvalue()):
            if link not in seen and page_of(link) not in found:
                seen.add(link)
                waiting.append(link)
    return found


def bare(size: int) -> Callable[[], object]:
    """The bare view of so many bytes."""
    from django.test import Client
    from django.test.utils import override_settings

    client: Any = Client()
    with override_settings(MIDDLEWARE=["benchmarks._bare.own_urls"]):
        client.handler.load_middleware()
    return lambda: client.get(f"/{size}/")


def measured(client: "Client", path: str, rounds: int) -> dict[str, Any]:
    """One page and the bare view by turns."""
    from benchmarks._paired import timed

    size = len(client.get(path).getvalue())
    other = bare(size)
    assert abs(len(other().content) - size) < max(1000, size * 0.3)  # type: ignore[attr-defined]
    seconds = by_turns(
        rounds,
        {"page": lambda: timed(lambda: client.get(path)), "bare": lambda: timed(other)},
    )
    return {
        "kilobytes": round(size / 1024),
        "ms": round(statistics.median(seconds["page"]) * 1000, 1),
        "bare_ms": round(statistics.median(seconds["bare"]) * 1000, 1),
        "times": round(ratio(seconds["page"], seconds["bare"]), 1),
    }


def main(rounds: int) -> Iterator[dict[str, Any]]:
    """Every page of every role."""
    from django.test import Client

    people = {v.role: v for v in _site.visitors() if v.host == _site.HOSTS[1]}
    for role in ROLES:
        client = Client(headers={"host": people[role].host})
        client.cookies["session"] = people[role].session
        for route, path in sorted(found_by(client).items()):
            page = {"role": role, "page": route, **measured(client, path, rounds)}
            print(line(page), file=sys.stderr)
            yield page


def line(page: dict[str, Any]) -> str:
    """What one page came to, for people."""
    return (
        f"{page['role']:14}{page['page']:30}{page['kilobytes']:6} KB "
        f"{page['ms']:7} ms, bare {page['bare_ms']:6} ms: {page['times']} times"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=300, help="in the smaller (%(default)s)")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--home", type=Path, help="a folder for the site, to be used again")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    # Nobody else asks as fast as this, and what is logged of it would be most of what is printed.
    os.environ |= {"REQUESTS_A_MINUTE": "0", "LOG_LEVEL": "ERROR"}
    with tempfile.TemporaryDirectory() as folder:
        _site.begin(args.home or Path(folder))
        _site.made(args.home or Path(folder), args.schools)
        found = sorted(main(args.rounds), key=lambda page: -page["times"])
    if args.json:
        print(json.dumps(found, indent=1))
    else:
        print(*map(line, found), sep="\n")
