"""``bridgehead serve``: the web site, in the form in which people use it."""

import argparse
import errno
import os
import socket
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import DatabaseError, connection

from bridgehead.accounts.database import pending_migrations
from bridgehead.cli.archive import databases, staging
from bridgehead.cli.backup import before_upgrade
from bridgehead.core.errors import Refused
from bridgehead.core.home import home

_HELP = """\
Serve the web site of BRIDGEHEAD_HOME until interrupted.

Refuses to start while another program listens at the port, while the database is not in step with
the program (--migrate brings it into step first) or while the style sheets have not been built.
People reach the site at SITE_URL; put a proxy that ends TLS in front of it (docs/how-to/run-it.md).
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "serve",
        help="the web site",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen at (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes (%(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="threads in each (%(default)s)")
    parser.add_argument("--migrate", action="store_true", help="migrate the database first")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check, then become the web server."""
    check_port(args.host, args.port)
    prepare(port=args.port, migrate=args.migrate)
    print(f"Bridgehead is at {settings.SITE_URL}/ (stop it with Ctrl-C)", flush=True)
    staging.hold_for_serving(home())
    words = command(host=args.host, port=args.port, workers=args.workers, threads=args.threads)
    os.execv(words[0], words)  # noqa: S606 - our own interpreter and words


def check_port(host: str, port: int) -> None:
    """Refuse an address at which the server could not listen. Raises ``Refused``."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As the server does: a connection that was closed just now does not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address[0], port, *address[2:]))
            probe.listen()
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise Refused(
                f"port {port} of {host} is in use by another program.",
                "Stop that program, or choose another port: --port 8001",
            ) from error
        what = getattr(error, "strerror", None) or str(error)
        raise Refused(
            f"the site cannot listen at port {port} of {host}: {what}.",
            "Give another address with --port (and --host).",
        ) from error


def prepare(*, port: int, migrate: bool) -> None:
    """Everything that must be true before the site starts. Raises ``Refused`` with the remedy."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    home()
    # What is collected here is served by the process to come, under names that hold its digest.
    settings.STORAGES["staticfiles"]["BACKEND"] = settings.COLLECTED_STORAGE
    django.setup()
    if finders.find("built/bridgehead.css") is None:
        raise Refused("the style sheets have not been built.", "Run: make static")
    str(settings.SECRET_KEY)  # made by asking for it: refused here if it cannot be
    _check_database(migrate=migrate)
    call_command("collectstatic", interactive=False, verbosity=0)
    _clear_figures(home() / ".metrics")


def _clear_figures(folder: Path) -> None:
    """Where the processes to come count what they answer (``config.metrics``): they begin at 0."""
    folder.mkdir(exist_ok=True, mode=0o700)
    for file in folder.iterdir():
        file.unlink()


def command(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """The words that start gunicorn."""
    return [
        sys.executable,
        *("-m", "gunicorn", "bridgehead.config.wsgi:application"),
        *("--config", "python:bridgehead.config.gunicorn"),
        *("--bind", f"{host}:{port}"),
        *("--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", str(threads)),
        *("--timeout", "60", "--log-level", "warning"),
    ]


def _check_database(*, migrate: bool) -> None:
    try:
        staging.settled(home(), connection)  # a restore that was stopped on its way
        new = not databases.begun(connection)
        waiting = pending_migrations()
        if waiting and migrate:
            if kept := before_upgrade():
                print(f"Before the upgrade the database was backed up to {kept}", flush=True)
            call_command("migrate", interactive=False, verbosity=0)
            waiting = pending_migrations()
    except DatabaseError as error:
        raise Refused(f"the database does not answer: {error}.", "Check DATABASE_URL.") from error
    if waiting and new:
        raise Refused(
            "there is no database yet.", "To make it and start, run: bridgehead serve --migrate"
        )
    if waiting:
        raise Refused(
            f"the database is not in step with the program: {len(waiting)} migrations are pending, "
            f"the first of them {waiting[0]}.",
            "To back it up, bring it into step and start, run: bridgehead serve --migrate",
        )
