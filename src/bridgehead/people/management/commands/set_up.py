"""``bridgehead manage set_up``: a partnership, its schools and its first administrator."""

import re
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from bridgehead.accounts.queries import first_password_address
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.core.home import home
from bridgehead.people.actions import appoint_newcomer
from bridgehead.picture.picture import NoPicture, Picture
from bridgehead.schools.actions import create_partnership, import_register
from bridgehead.schools.models import Partnership

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")


class Command(BaseCommand):
    """Run again after a new picture: schools that are new join, closed ones leave."""

    help = "Make a partnership of an authority's schools, and appoint its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="the partnership's name")
        parser.add_argument(
            "--authority", action="append", required=True, help="authority code, such as 936"
        )
        parser.add_argument("--host", default="", help="its own host name, where it has one")
        parser.add_argument("--administrator", default="", help="full name of the administrator")
        parser.add_argument("--email", default="", help="the administrator's e-mail address")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing: what is refused leaves no partnership behind."""
        if bool(options["administrator"]) != bool(options["email"]):
            raise CommandError("give --administrator and --email together")
        if options["email"]:
            _check_email(options["email"])
        options["host"] = _host(options["host"])
        _check_is_free(options["host"], options["name"])
        there = set(Partnership.objects.values_list("pk", flat=True))
        partnership = create_partnership(
            name=options["name"],
            authority_codes=options["authority"],
            host=options["host"],
            by=COMMAND_LINE,
        )
        self._say_what_is_ignored(partnership, options["authority"], options["host"])
        is_new = partnership.pk not in there
        if is_new:
            self._check_host(partnership)
        if partnership.host and partnership.host not in settings.ALLOWED_HOSTS:
            self.stdout.write(
                f"Nobody reaches {partnership.host} yet: add it to PARTNERSHIP_HOSTS, and start "
                "the site again."
            )
        try:
            done = import_register(
                picture=Picture.open(home()), partnership=partnership, by=COMMAND_LINE
            )
        except NoPicture:
            self.stdout.write("No picture yet: load files, then run this again for the schools.")
        else:
            if is_new and not done.joined:
                codes = ", ".join(options["authority"])
                raise CommandError(
                    f"the picture holds no open school of {codes}. Check the authority's code, or "
                    "load a register that holds its schools and run bridgehead picture. "
                    "Nothing has been made."
                )
            self.stdout.write(f"{partnership}: {done.joined} schools joined, {done.left} left.")
        if options["email"]:
            self._appoint(partnership, options["administrator"], options["email"])

    def _check_host(self, partnership: Partnership) -> None:
        """Two partnerships without a host of their own could not be told apart by their address,
        so that neither would be reached."""
        without = Partnership.objects.filter(host="").exclude(pk=partnership.pk)
        if not partnership.host and (other := without.first()):
            raise CommandError(
                f"{other} stands at the address of the site: give {partnership} a host "
                "name of its own with --host north.example.org, or use the name of the one that is "
                "there. Nothing has been made."
            )

    def _say_what_is_ignored(
        self, partnership: Partnership, authorities: list[str], host: str
    ) -> None:
        """A partnership that is there already keeps what it was made with."""
        kept = partnership.authority_codes
        if set(authorities) != set(kept):
            self.stdout.write(
                f"{partnership} is there already and keeps its authorities ({', '.join(kept)}): "
                f"--authority {' '.join(authorities)} is ignored."
            )
        if host and host != partnership.host:
            own = f"its host name ({partnership.host})" if partnership.host else "no host name"
            self.stdout.write(
                f"{partnership} is there already and keeps {own}: --host {host} is ignored."
            )

    def _appoint(self, partnership: Partnership, name: str, email: str) -> None:
        person = appoint_newcomer(
            name=name,
            email=email,
            role="administrator",
            partnership=partnership,
            by=COMMAND_LINE,
        ).person
        if address := first_password_address(person):
            self.stdout.write(
                f"{person} sets a password, once and within three days, at\n"
                f"{_site_of(partnership)}{address}"
            )
        else:
            self.stdout.write(f"{person} can sign in as an administrator.")


def _host(typed: str) -> str:
    """A host name in the form in which it is looked for."""
    host = typed.strip().lower()
    if host and not _HOST.fullmatch(host):
        raise CommandError(
            f"--host {typed}: write the name alone, such as north.example.org, without https:// "
            "and without a port"
        )
    return host


def _check_is_free(host: str, name: str) -> None:
    others = Partnership.objects.filter(host=host).exclude(slug=slugify(name))
    if host and (other := others.first()):
        raise CommandError(
            f"{other} stands at {host} already: choose another host name, or give the name of the "
            "one that is there. Nothing has been made."
        )


def _check_email(typed: str) -> None:
    try:
        validate_email(typed)
    except ValidationError:
        raise CommandError(f"--email {typed}: write an address like name@example.org") from None


def _site_of(partnership: Partnership) -> str:
    """The address of the site by which this partnership is reached."""
    parts = urlsplit(settings.SITE_URL)
    host = partnership.host or parts.hostname or ""
    return parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host).geturl()
