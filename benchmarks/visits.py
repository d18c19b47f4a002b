"""A hundred people look round a site at once: how long does each page take them?

Two partnerships, one with seven times the schools of the other. Each person begins at the home
page, waits about five seconds, and follows any link of the page, as somebody does who looks round.
The site is served as ``bridgehead serve`` does it. Told are, for each page, the middle and the
slowest twentieth; errors; and whether the memory of the site grows.

What each page costs beside a bare view of Django is ``benchmarks.pages``.
"""

import argparse
import html
import http.client
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from benchmarks import _site

THINK = 5.0
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')


@dataclass
class Seen:
    """What all visitors have met: seconds by page, and whatever was no page."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)


def visit(who: _site.Visitor, port: int, until: float, seen: Seen, seed: int) -> None:
    """Follow links until it is time to go."""
    rng = random.Random(seed)
    time.sleep(rng.uniform(0, THINK))
    home = ["/"]
    links = home
    while time.monotonic() < until:
        path = rng.choice(links)
        began = time.perf_counter()
        # While somebody thinks, the server closes the connection.
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Host": f"{who.host}:{port}", "Cookie": f"session={who.session}"}
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            seen.errors.append(f"{who.role} {path}: {error!r}")
            continue
        finally:
            connection.close()
        taken = time.perf_counter() - began
        if answer.status in {301, 302}:
            links = [urlsplit(urljoin(path, answer.headers["Location"])).path]
        elif answer.status != 200:
            seen.errors.append(f"{who.role} {path}: {answer.status}")
            links = home
        else:
            seen.seconds[page_of(path)].append(taken)
            kind = answer.headers.get("Content-Type", "")
            links = links_of(path, kind, body) or home
        time.sleep(rng.uniform(0, 2 * THINK))


def links_of(path: str, kind: str, body: bytes) -> list[str]:
    """The addresses of the same site to which a page leads; none where it is no page."""
    if not kind.startswith("text/html"):
        return []
    found = (html.unescape(link) for link in _LINK.findall(body.decode()))
    inside = (urljoin(path, link) for link in found if urlsplit(link).netloc == "")
    return [link for link in inside if link.startswith("/") and not link.startswith("/static/")]


def page_of(path: str) -> str:
    """The route of an address."""
    from django.urls import resolve

    return resolve(urlsplit(path).path).view_name


def megabytes(leader: int) -> float:
    """What the site's processes hold, shared pages shared out."""
    pids = [leader, *_children(leader)]
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return sum(int(re.findall(r"^Pss:\s+(\d+)", text, re.M)[0]) for text in texts) / 1024


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def served(port: int) -> "subprocess.Popen[bytes]":
    """The site, as it is served anywhere."""
    words = [sys.executable, "-m", "bridgehead.cli.main", "serve", "--port", str(port)]
    site = subprocess.Popen(
        words,
        env=os.environ | {"SITE_URL": f"http://localhost:{port}", "LOG_LEVEL": "ERROR"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    ready = [sys.executable, "-m", "bridgehead.cli.ready", str(port)]
    while subprocess.run(ready, capture_output=True, check=False).returncode:
        if site.poll() is not None:
            raise SystemExit("the site did not start")
        time.sleep(0.5)
    return site


def main(seconds: float, site: "subprocess.Popen[bytes]", port: int) -> Seen:
    """Send everybody round for so long."""
    seen, until = Seen(), time.monotonic() + seconds
    people = _site.visitors()
    threads = [
        threading.Thread(target=visit, args=(who, port, until, seen, n), daemon=True)
        for n, who in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    while time.monotonic() < until:
        time.sleep(min(10.0, max(0.1, until - time.monotonic())))
        seen.memory.append((time.monotonic() - began, megabytes(site.pid)))
    for thread in threads:
        thread.join(timeout=60)
    return seen


def told(seen: Seen, seconds: float) -> dict[str, Any]:
    """Milliseconds by page, slowest first; what went wrong; memory after the first fifth and at the
    end."""
    pages = {
        name: {
            "visits": len(taken),
            "median_ms": round(statistics.median(taken) * 1000),
            "p95_ms": round(sorted(taken)[int(len(taken) * 0.95)] * 1000),
        }
        for name, taken in seen.seconds.items()
    }
    every = sorted(one for taken in seen.seconds.values() for one in taken)
    warm = [held for at, held in seen.memory if at >= seconds / 5]
    return {
        "visits": len(every),
        "a_second": round(len(every) / seconds, 1),
        "p95_ms": round(every[int(len(every) * 0.95)] * 1000),
        "errors": len(seen.errors),
        "first_errors": seen.errors[:5],
        "memory_mb": {"warm": round(warm[0]), "end": round(warm[-1]), "most": round(max(warm))},
        "pages": dict(sorted(pages.items(), key=lambda page: -page[1]["p95_ms"])),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=300, help="in the smaller (%(default)s)")
    parser.add_argument("--seconds", type=float, default=600, help="(%(default)s)")
    parser.add_argument("--home", type=Path, help="a folder for the site, to be used again")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _site.begin(args.home or Path(folder))
        _site.made(args.home or Path(folder), args.schools)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        site = served(port)
        try:
            found = told(main(args.seconds, site, port), args.seconds)
        finally:
            os.killpg(site.pid, signal.SIGTERM)
    if args.json:
        print(json.dumps(found, indent=1))
    else:
        pages = found.pop("pages")
        print(json.dumps(found))
        for name, page in pages.items():
            said = (f"{page[what]:6} {what}" for what in ("visits", "median_ms", "p95_ms"))
            print(f"{name:32}", *said)
