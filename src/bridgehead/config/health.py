"""Addresses for whatever watches the site: does it run, can it do its work, how is it doing?"""

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address

import polars as pl
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse

from bridgehead import __version__
from bridgehead.accounts.access import public
from bridgehead.accounts.database import pending_migrations
from bridgehead.accounts.throttle import exact_address
from bridgehead.config.metrics import BOUNDS, totals
from bridgehead.core.home import where
from bridgehead.picture import store
from bridgehead.picture.picture import NoPicture, Picture

_PLAIN = "text/plain; charset=utf-8"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, NoPicture, pl.exceptions.PolarsError)


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", _PLAIN)


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is in step with the program, and the picture can be read. Before the
    first picture the site is ready too: its pages say what to do."""
    if amiss := [words for words in checks().values() if words]:
        return HttpResponse("".join(f"{words}\n" for words in amiss), _PLAIN, status=503)
    return HttpResponse("ready\n", _PLAIN)


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whom the environment names; for anybody else there is nothing here."""
    if not may_watch(request):
        raise Http404
    text = "".join(f"{line}\n" for line in lines())
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def checks() -> dict[str, str]:
    """What the site needs, and what is amiss with it; empty where nothing is."""
    database = migrations = ""
    try:
        if pending_migrations():
            migrations = "migrations are pending"
    except DatabaseError:
        database = migrations = "the database does not answer"
    found = {"database": database, "migrations": migrations, "picture": _picture()}
    if database:
        del found["migrations"]
    return found


def _picture() -> str:
    home = where()
    try:
        if (store.pictures(home) / "current").exists():
            Picture.open(home).schools.height  # noqa: B018 - reading it is the check
    except _UNREADABLE:
        return "the picture cannot be read"
    return ""


def may_watch(request: HttpRequest) -> bool:
    """Whether a request comes from an address of METRICS_FROM and with the METRICS_TOKEN, as far as
    these are set; with neither nobody may."""
    token, networks = settings.METRICS_TOKEN, settings.METRICS_FROM
    if not token and not networks:
        return False
    if networks:
        try:
            at = ip_address(exact_address(request))
        except ValueError:
            return False
        if not any(at in network for network in networks):
            return False
    said = request.headers.get("Authorization", "")
    return not token or hmac.compare_digest(said.encode(), f"Bearer {token}".encode())


def lines() -> Iterator[str]:
    """The figures in the text format of Prometheus."""
    yield "# HELP bridgehead_info The program that runs."
    yield "# TYPE bridgehead_info gauge"
    yield f'bridgehead_info{{version="{__version__}"}} 1'
    yield "# HELP bridgehead_ready Whether the site has what it needs (1) or not (0)."
    yield "# TYPE bridgehead_ready gauge"
    for what, amiss in checks().items():
        yield f'bridgehead_ready{{what="{what}"}} {int(not amiss)}'
    if kept := _last_backup():
        yield "# HELP bridgehead_last_backup_seconds When the newest backup of the home was begun."
        yield "# TYPE bridgehead_last_backup_seconds gauge"
        yield f"bridgehead_last_backup_seconds {kept.timestamp():.0f}"
    yield "# HELP bridgehead_request_seconds How long answers took, by route and class of status."
    yield "# TYPE bridgehead_request_seconds histogram"
    for (route, kind), (number, seconds, *within) in totals().items():
        labels = f'route="{route}",status="{kind}xx"'
        for bound, held in zip(BOUNDS, within, strict=True):
            yield f'bridgehead_request_seconds_bucket{{{labels},le="{bound}"}} {held:.0f}'
        yield f'bridgehead_request_seconds_bucket{{{labels},le="+Inf"}} {number:.0f}'
        yield f"bridgehead_request_seconds_sum{{{labels}}} {seconds:.6f}"
        yield f"bridgehead_request_seconds_count{{{labels}}} {number:.0f}"


def _last_backup() -> datetime | None:
    """The newest that lies in the home's own folder of backups, by its name."""
    names = sorted(path.stem for path in (where() / "backups").glob("bridgehead-*.zip"))
    try:
        stamp = names[-1].removeprefix("bridgehead-")
        return datetime.strptime(stamp, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        return None
