"""A site to visit: an invented England, two partnerships of which one has seven times the schools
of the other, a support review under way in both, and people of every role.

Made once in a folder and kept there, since it takes minutes.
"""

import itertools
import os
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import polars as pl

if TYPE_CHECKING:
    from bridgehead.accounts.models import User
    from bridgehead.picture.picture import Picture
    from bridgehead.schools.models import Partnership

HOSTS = ("localhost", "large.localhost")
TIMES = 7
LONG_AGO = date(2020, 9, 1)
#: Role → how many of 50 people of a partnership hold it. Heads come first in any partnership.
ROLES = {
    "head": 22,
    "governor": 8,
    "chair_of_governors": 2,
    "broker": 3,
    "authority_officer": 4,
    "partnership_director": 1,
    "authority_director": 1,
    "board_member": 4,
    "data_officer": 1,
    "administrator": 2,
    "observer": 2,
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in: a session's key, and the host of the partnership."""

    name: str
    role: str
    host: str
    session: str


def begin(home: Path) -> None:
    """Let Django find its home. Call it before anything of a model is imported."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ["BRIDGEHEAD_HOME"] = str(home)
    os.environ["PARTNERSHIP_HOSTS"] = " ".join(HOSTS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    django.setup()


def made(home: Path, schools: int) -> "Picture":
    """The site in this home, made unless it is there. ``schools`` are those of the smaller
    partnership."""
    from django.core.management import call_command

    from bridgehead.opendata.load import load
    from bridgehead.opendata.releases import Store
    from bridgehead.opendata.synthetic import write
    from bridgehead.picture.build import build
    from bridgehead.picture.picture import Picture
    from bridgehead.schools.models import Partnership

    call_command("migrate", verbosity=0)
    if Partnership.objects.count() == len(HOSTS):
        return Picture.open(home)
    print("making an England and its picture …", file=sys.stderr)
    files = home / "files"
    write(files, schools=schools * (TIMES + 1) * 5 // 4)
    load([files], store=Store(home))
    build(home)
    picture = Picture.open(home)
    for host, codes in zip(HOSTS, _shared_out(picture, schools), strict=True):
        _partnership(picture, host, codes)
    return picture


def _shared_out(picture: "Picture", schools: int) -> tuple[list[str], list[str]]:
    """Authorities for the smaller partnership and for the larger one."""
    every = (
        picture.schools.filter(pl.col("status") == "open").group_by("la").len().sort("len", "la")
    )
    small: list[str] = []
    large: list[str] = []
    for code, count in every.iter_rows():
        wanted = small if _of(every, small) + count <= schools else large
        if wanted is large and _of(every, large) >= schools * TIMES:
            break
        wanted.append(code)
    return small, large


def _of(every: Any, codes: list[str]) -> int:
    return int(every.filter(every["la"].is_in(codes))["len"].sum())


def _partnership(picture: "Picture", host: str, codes: list[str]) -> None:
    from uuid import uuid4

    from bridgehead.accounts.rules import COMMAND_LINE
    from bridgehead.monitoring import actions as monitoring
    from bridgehead.people.queries import reader_of
    from bridgehead.schools.actions import create_partnership, import_register

    partnership = create_partnership(
        name=f"Partnership at {host}", authority_codes=codes, host=host, by=COMMAND_LINE
    )
    import_register(picture=picture, partnership=partnership, by=COMMAND_LINE)
    people = list(_people(partnership, host))
    broker = next(person for person, role in people if role == "broker")
    opened = monitoring.open_round(
        partnership=partnership,
        name="Autumn 2026",
        picture=picture,
        token=uuid4(),
        by=reader_of(broker, partnership),
    )
    reviews = [r for r in opened.reviews.all() if r.outcome not in {"", "priority support"}]
    monitoring.send(reviews=reviews, by=reader_of(broker, partnership))


def _people(partnership: "Partnership", host: str) -> Any:
    from bridgehead.accounts.actions import create_person
    from bridgehead.accounts.rules import COMMAND_LINE
    from bridgehead.accounts.sign_in.factor import set_up_app
    from bridgehead.people.actions import appoint
    from bridgehead.people.rules import Scope, roles

    # Of a small partnership some schools have two of them.
    members = itertools.cycle(partnership.memberships.select_related("organisation").order_by("pk"))
    for role, count in ROLES.items():
        for n in range(count):
            person = create_person(
                email=f"{role}-{n}@{host}.example.org",
                name=f"{roles()[role].label} {n}",
                password=None,
                by=COMMAND_LINE,
            )
            at_school = roles()[role].scope is Scope.SCHOOL
            appoint(
                person=person,
                role=role,
                partnership=partnership,
                organisation=next(members).organisation if at_school else None,
                starts=LONG_AGO,
                by=COMMAND_LINE,
            )
            set_up_app(person=person, secret=b"of nobody", step=0, by=COMMAND_LINE)
            yield person, role


def visitors() -> list[Visitor]:
    """Everybody, signed in by a new session."""
    from bridgehead.people.models import Appointment

    held = Appointment.objects.select_related("person", "partnership").order_by("pk")
    return [
        Visitor(a.person.name, a.role, a.partnership.host or HOSTS[0], _signed_in(a.person))
        for a in held
    ]


def _signed_in(person: "User") -> str:
    from django.test import Client

    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.session.session_key)
