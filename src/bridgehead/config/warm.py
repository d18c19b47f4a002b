"""What the first reader would wait for, worked out before anybody asks: after a start, with a new
picture, and on a new day. Nothing but time depends on it.
"""

import gc
import logging
import threading
from datetime import date
from pathlib import Path

import polars as pl
from django.apps import apps
from django.db import connection
from django.template.loader import get_template
from django.utils.timezone import localdate

from bridgehead.accounts.rules import ANONYMOUS
from bridgehead.core.home import where
from bridgehead.desk.queries import alike
from bridgehead.desk.queries.school import verdict
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views import area
from bridgehead.monitoring.queries import current_round, live_proposals
from bridgehead.picture import store
from bridgehead.picture.picture import NoPicture, Picture
from bridgehead.schools.models import Partnership
from bridgehead.schools.queries import member_urns

log = logging.getLogger(__name__)

#: How often somebody looks whether there is a new picture.
SECONDS = 5.0


def begin() -> threading.Thread:
    """Warm this process, and from then on whenever there is something new to be warmed for."""
    templates()
    warmed = again(None)
    settle()
    connection.close()
    watch = threading.Thread(target=_watch, args=(warmed,), daemon=True, name="warm")
    watch.start()
    return watch


def _watch(warmed: tuple[str | None, date]) -> None:
    pause = threading.Event()
    while not pause.wait(SECONDS):
        before, warmed = warmed, again(warmed)
        if warmed != before:
            settle()
        connection.close()  # this thread's own: it will not be needed for long


def again(before: tuple[str | None, date] | None) -> tuple[str | None, date]:
    """Warm, where the picture or the day is another than ``before``; what it was done for. What
    fails is told in the log, and left to whoever asks for the page: the site serves all the same.
    """
    now = (store.current(where()), localdate())
    if now != before and now[0] is not None:
        try:
            partnerships(Picture.open(where(), now[0]), now[1])
        except NoPicture:
            pass  # gone since
        except Exception:
            log.exception("what is worked out before anybody asks failed")
    return now


def settle() -> None:
    """Let the collector of garbage pass over what is kept from now on. It would look through all of
    it every few dozen pages, and whoever waits for such a page waits a third of a second more."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def templates() -> None:
    """Read every template of ours. Raises ``TemplateSyntaxError`` where one is none."""
    for app in apps.get_app_configs():
        if app.name.startswith("bridgehead."):
            folder = Path(app.path) / "templates"
            for file in sorted(folder.rglob("*.html")):
                get_template(str(file.relative_to(folder)))


def partnerships(picture: Picture, today: date) -> None:
    """The figures of each area, the proposals where no round keeps them, and the similar schools of
    a school of each kind."""
    for partnership in Partnership.objects.order_by("pk"):
        urns = picture.newest_urns(member_urns(partnership.pk))
        if not urns:
            continue
        if current_round(partnership.pk) is None:
            live_proposals(picture, urns)
        entered = picture.newest_urns(member_urns(partnership.pk, by_hand=True))
        area.figures(picture.digest, urns, today, True, frozenset())
        area.figures(picture.digest, urns, today, False, entered)
        seen = Sight(ANONYMOUS, picture, urns, frozenset(), every=True)
        for urn in _one_of_each_kind(seen.schools()):
            _school(seen, urn)


def _one_of_each_kind(schools: pl.DataFrame) -> list[int]:
    """The largest open school of each phase and type, of which most is published: such schools are
    compared with one another."""
    found = schools.filter(pl.col("status") == "open").sort(
        "pupils", descending=True, nulls_last=True
    )
    kinds = found.unique(["phase", "phase_detail"], keep="first", maintain_order=True)
    return kinds["urn"].to_list()


def _school(seen: Sight, urn: int) -> None:
    """What the pages of a school ask of the picture for all schools of its kind at once."""
    pictured = seen.picture.school(urn)
    verdict(pictured, full=True)
    alike.expected(seen, pictured)
    alike.circumstances(seen, pictured)
    alike.similar(seen, pictured)
