"""``bridgehead demo``: an invented England, loaded like a real one, with a partnership in it."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.contrib.staticfiles import finders
from django.core.management import call_command

from bridgehead.cli.archive.places import KEYS
from bridgehead.cli.serve import check_port, command, prepare
from bridgehead.core.errors import Refused
from bridgehead.core.home import MARK, home
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import Outcome
from bridgehead.opendata.synthetic import write
from bridgehead.picture.build import build
from bridgehead.picture.picture import Picture

_HELP = """\
Make a site to look round, then serve it. Everything in it is invented: schools, people, figures.

Files are written in the publishers' own layouts and loaded by the same code as real ones. A second
run keeps the demo that is there and serves it. BRIDGEHEAD_HOME must be a folder of its own, with
nothing else in it: a demo is never mixed with real figures.
"""
_HOST = "127.0.0.1"
DEFAULT_SCHOOLS, DEFAULT_SEED = 5000, 20261122
LEAST_SCHOOLS = 200


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "demo",
        help="a site with an invented England, to look round",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--schools",
        type=_schools,
        default=DEFAULT_SCHOOLS,
        help="how many schools England has (%(default)s; 25000 is about all of it)",
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another England")
    parser.add_argument("--port", type=int, default=8000, help="port to serve at (%(default)s)")
    parser.add_argument("--no-serve", action="store_true", help="make it, and do not serve it")
    parser.add_argument("--json", action="store_true", help="what was made, as JSON")
    parser.set_defaults(run=run)


def _schools(text: str) -> int:
    if not text.isdecimal() or int(text) < LEAST_SCHOOLS:
        raise argparse.ArgumentTypeError(f"an England needs at least {LEAST_SCHOOLS} schools")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Make the demo unless it is there, say how to sign in, and become the web server."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    os.environ.setdefault("SITE_URL", f"http://localhost:{args.port}")
    django.setup()
    if not args.no_serve:
        check_port(_HOST, args.port)  # before the minutes that a demo takes to make
        if finders.find("built/bridgehead.css") is None:
            raise Refused("the style sheets have not been built.", "Run: make static")
    mark = made(home(), schools=args.schools, seed=args.seed)
    site = os.environ["SITE_URL"]
    if args.json:
        print(json.dumps({**mark, "home": str(home()), "site": site}, ensure_ascii=False, indent=1))
    else:
        print(words(mark, site), flush=True)
    if not args.no_serve:
        _serve(args.port, site)
    return 0


def _serve(port: int, site: str) -> None:
    """Become the web server, for this machine only: the password of a demo is known to all."""
    prepare(port=port, migrate=True)
    _say(f"Serving at {site}/ (stop it with Ctrl-C).")
    line = command(host=_HOST, port=port, workers=2, threads=4)
    os.execve(line[0], line, server_environment())  # noqa: S606 - our own interpreter and words


def server_environment() -> dict[str, str]:
    """What the server of a demo is told: nobody needs a phone to look round."""
    return {"SECOND_FACTOR": "optional"} | os.environ


def made(folder: Path, *, schools: int, seed: int) -> dict[str, Any]:
    """The demo of this home: the one that is there, or a new one. Raises ``Refused`` for a home
    that holds anything else. One that was interrupted is finished as it was begun."""
    mark = _begun(folder, schools=schools, seed=seed)
    if mark["complete"]:
        if mark["schools"] != schools or mark["seed"] != seed:
            _say(f"Keeping the demo of {mark['schools']:,} schools that is in {folder}.")
        return mark
    seconds: dict[str, float] = {}
    with _step("Files, loaded as published", seconds):
        _files(folder, schools=mark["schools"], seed=mark["seed"])
    with _step("Picture", seconds):
        build(folder)
    with _step("Database", seconds):
        call_command("migrate", interactive=False, verbosity=0)
    with _step("Partnership, people and support review", seconds):
        # Models can be imported once Django is set up, so this module is not at the top.
        seeding = import_module("bridgehead.cli.demo_seed")
        seeded = seeding.seed(Picture.open(folder))
    mark |= {
        "complete": True,
        "partnership": seeded.partnership,
        "members": seeded.schools,
        "review": {
            "proposals": seeded.proposals,
            "sent": seeded.sent,
            "replies": seeded.replies,
            "judgements": seeded.judgements,
        },
        "password": seeding.PASSWORD,
        "sign_ins": [
            {"role": s.role, "name": s.name, "email": s.email, "place": s.place}
            for s in seeded.sign_ins
        ],
        "seconds": seconds,
    }
    _keep(folder, mark)
    return mark


def _begun(folder: Path, *, schools: int, seed: int) -> dict[str, Any]:
    """The mark of this home, made where the home is empty."""
    file = folder / MARK
    if file.is_file():
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found
    # A key is made, and static files collected, by commands that keep nothing of anybody's.
    strange = sorted(p.name for p in folder.iterdir() if p.name not in {*KEYS, "static"})
    if strange:
        raise Refused(
            f"{folder} holds something that is no demo: {', '.join(strange[:5])}.",
            "Set BRIDGEHEAD_HOME to an empty folder for the demo.",
        )
    mark = {"complete": False, "synthetic": True, "schools": schools, "seed": seed}
    _keep(folder, mark)
    return mark


def _keep(folder: Path, mark: dict[str, Any]) -> None:
    beside = folder / f"{MARK}.new"
    beside.write_text(json.dumps(mark, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(folder / MARK)


def _files(folder: Path, *, schools: int, seed: int) -> None:
    """Write the files beside the releases, load them, and keep only the releases."""
    with tempfile.TemporaryDirectory(prefix="demo-files-", dir=folder) as name:
        written = write(Path(name), schools=schools, seed=seed, on_progress=_tell)
        report = load(written.files, store=Store(folder))
    for file in report.of(Outcome.REFUSED):
        raise Refused(file.problem, file.remedy, file=Path(file.file).name)
    _say(f"  {len(report.files)} files loaded")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _tell(what: str, seconds: float) -> None:
    _say(f"  {what} written ({seconds:.1f} s)")


@contextmanager
def _step(
    what: str, seconds: dict[str, float], clock: Callable[[], float] = time.perf_counter
) -> Iterator[None]:
    """Say when a step begins, and how long it took."""
    _say(f"{what} …")
    begun = clock()
    yield
    seconds[what] = round(clock() - begun, 1)
    _say(f"{what}: {seconds[what]} s")


def words(mark: dict[str, Any], site: str) -> str:
    """What a person needs to begin: the address, and who can sign in."""
    people = mark["sign_ins"]
    width = max(len(p["email"]) for p in people)
    lines = [
        "",
        f"{mark['partnership']}: {mark['members']} of {mark['schools']:,} schools, all invented.",
        "",
        f"  Address    {site}/",
        f"  Password   {mark['password']}   (the same for everybody here)",
        "  No second factor is asked here. On a site for real use it is.",
        "",
    ]
    for p in people:
        role = p["role"].replace("_", " ")
        place = f", {p['place']}" if p["place"] else ""
        lines.append(f"  {p['email']:<{width}}   {p['name']}, {role}{place}")
    return "\n".join([*lines, ""])
