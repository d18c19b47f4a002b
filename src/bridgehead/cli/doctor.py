"""``bridgehead doctor``: what is amiss on this machine, and what to do. Changes nothing."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

import django
import polars as pl
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection
from packaging.requirements import Requirement

import bridgehead
from bridgehead.accounts.database import pending_migrations
from bridgehead.cli.archive.places import KEYS
from bridgehead.core.home import MARK, where
from bridgehead.opendata.releases import Card, Store, release_id
from bridgehead.picture.build import expected_digest
from bridgehead.picture.picture import NoPicture, Picture

LOCK = Path(bridgehead.__file__).parents[2] / "requirements.lock"
OLDEST_PYTHON = (3, 11)
#: Free space in bytes: below the first nothing can be built, below the second it will soon be so.
TOO_LITTLE, LITTLE = 200_000_000, 2_000_000_000


class State(StrEnum):
    """How a check ended. Only ``fail`` makes the exit code 1."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, what was found, and what to do."""

    what: str
    state: State
    found: str
    remedy: str = ""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "doctor",
        help="what is amiss here, and what to do",
        description=(
            "Look at Python, packages, the home folder, releases, picture, database and style "
            "sheets, and say of each how it is and what to do. Changes nothing. Exit code 1 when "
            "something keeps Bridgehead from working."
        ),
    )
    parser.add_argument("--json", action="store_true", help="the findings as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make every check, print what was found, and return 1 where one failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    findings = [look(check, where()) for check in CHECKS]
    failed = [f for f in findings if f.state is State.FAIL]
    if args.json:
        lines = [asdict(f) for f in findings]
        print(json.dumps({"ok": not failed, "findings": lines}, ensure_ascii=False, indent=1))
        return 1 if failed else 0
    width = max(len(f.what) for f in findings)
    for f in findings:
        print(f"{f.state:<4}  {f.what:<{width}}  {f.found}")
        if f.remedy:
            print(f"{'':<4}  {'':<{width}}  → {f.remedy}")
    return 1 if failed else 0


def look(check: Callable[[Path], Finding], folder: Path) -> Finding:
    """The finding of one check. A check that breaks is itself a finding."""
    try:
        return check(folder)
    except Exception as error:
        what = (check.__doc__ or check.__name__).rstrip(".")
        told = f"{type(error).__name__}: {error}"
        return Finding(what, State.FAIL, told, "Put right what it says, then look again.")


def python(folder: Path) -> Finding:
    """Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Finding("Python", State.FAIL, version, "Bridgehead needs Python 3.11 or newer.")
    return Finding("Python", State.OK, version)


def packages(folder: Path, lock: Path = LOCK) -> Finding:
    """Packages."""
    if not lock.is_file():
        return Finding("Packages", State.INFO, "no requirements.lock beside the program to go by")
    pinned = _pinned(lock)
    missing, other = [], []
    for name, version in pinned.items():
        try:
            here = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if here != version:
            other.append(f"{name} {here} instead of {version}")
    remedy = "Run: make setup"
    if missing:
        told = f"{len(missing)} of {len(pinned)} are missing: {', '.join(missing[:5])}"
        return Finding("Packages", State.WARN, told, remedy)
    if other:
        return Finding("Packages", State.WARN, "; ".join(other[:5]), remedy)
    return Finding("Packages", State.OK, f"{len(pinned)} as locked")


def _pinned(lock: Path) -> dict[str, str]:
    """Package → version of a lock, of those that this Python and this system need."""
    lines = [line.rstrip(" \\") for line in lock.read_text(encoding="utf-8").splitlines()]
    wanted = [Requirement(line) for line in lines if line[:1].isalnum()]
    return {
        need.name: next(iter(need.specifier)).version
        for need in wanted
        if need.marker is None or need.marker.evaluate()
    }


def home_folder(folder: Path) -> Finding:
    """Home folder."""
    what = "Home folder"
    if not folder.exists():
        return Finding(what, State.WARN, f"{folder} is not there yet", "It is made when needed.")
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            what,
            State.FAIL,
            f"{folder} cannot be written to",
            "Set BRIDGEHEAD_HOME, or its rights.",
        )
    for key in (folder / name for name in KEYS):
        if key.exists() and key.stat().st_mode & 0o077:
            told = f"others on this machine can read {key}"
            return Finding(what, State.WARN, told, f"Run: chmod 600 {key}")
    demo = (folder / MARK).is_file()
    return Finding(what, State.OK, f"{folder}{' (a demo: all invented)' if demo else ''}")


def space(folder: Path) -> Finding:
    """Free space."""
    there = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(there).free
    told = f"{free / 1e9:.1f} GB"
    remedy = "Make room: a picture of all England needs about 2 GB while it is built."
    if free < LITTLE:
        return Finding("Free space", State.FAIL if free < TOO_LITTLE else State.WARN, told, remedy)
    return Finding("Free space", State.OK, told)


def releases(folder: Path) -> Finding:
    """Releases."""
    store = Store(folder)
    cards = store.cards() if store.folder.is_dir() else []
    if not cards:
        return Finding("Releases", State.WARN, "none yet", "Run: bridgehead load FILES…")
    for card in cards:
        try:
            frame = store.frame(card.id)
        except Exception as error:
            told = f"{card.id} ({card.file}) cannot be read: {type(error).__name__}"
            return Finding("Releases", State.FAIL, told, _AGAIN.format(id=card.id))
        if not _sound(card, frame):
            told = f"{card.id} ({card.file}) does not hold the rows and columns of its card"
            return Finding("Releases", State.FAIL, told, _AGAIN.format(id=card.id))
    return Finding("Releases", State.OK, f"{len(cards)}, each as its card says")


def _sound(card: Card, frame: pl.DataFrame) -> bool:
    """Whether card and cells belong together, and the card to its id."""
    own = release_id(
        sha256=card.sha256, kind=card.kind, year=card.year, status=card.status, area=card.area
    )
    whole = frame.height == card.rows and not set(card.columns) - set(frame.columns)
    return whole and own == card.id


_AGAIN = "Run: bridgehead withdraw {id}, then load the file again."


def picture(folder: Path) -> Finding:
    """Picture."""
    try:
        here = Picture.open(folder)
    except NoPicture:
        return Finding("Picture", State.WARN, "none yet", "Run: bridgehead picture")
    if here.digest != expected_digest(folder):
        told = f"{here.digest} is older than the releases, the definitions or the program"
        return Finding("Picture", State.WARN, told, "Run: bridgehead picture")
    return Finding("Picture", State.OK, f"{here.digest}, of today's releases and definitions")


def database(folder: Path) -> Finding:
    """Database."""
    django.setup()
    what, name = "Database", str(settings.DATABASES["default"]["NAME"])
    kind = connection.vendor
    if kind == "sqlite" and not _there(name):
        return Finding(what, State.WARN, "none yet", "Run: bridgehead manage migrate")
    try:
        waiting = pending_migrations()
    except DatabaseError as error:
        return Finding(what, State.FAIL, f"does not answer: {error}", "Check DATABASE_URL.")
    if waiting:
        told = f"{len(waiting)} migrations are pending, the first of them {waiting[0]}"
        return Finding(
            what, State.FAIL, told, "Make a copy of it, then run: bridgehead serve --migrate"
        )
    return Finding(what, State.OK, f"{kind}, in step with the program")


def _there(name: str) -> bool:
    """Whether the file of an embedded database exists: to ask the database would make it."""
    return Path(name).exists()


def style_sheets(folder: Path) -> Finding:
    """Style sheets."""
    django.setup()
    if finders.find("built/bridgehead.css") is None:
        return Finding("Style sheets", State.FAIL, "have not been built", "Run: make static")
    return Finding("Style sheets", State.OK, "built")


def chromium(folder: Path) -> Finding:
    """Chromium."""
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
    )
    told = found or "not here; only the browser tests need it"
    return Finding("Chromium", State.INFO, told)


CHECKS: tuple[Callable[[Path], Finding], ...] = (
    python,
    packages,
    home_folder,
    space,
    releases,
    picture,
    database,
    style_sheets,
    chromium,
)
