"""Releases: what was published, kept as raw text, never changed.

A release is one wide Parquet file of raw text beside its card. ``Store`` is the only way in.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from bridgehead.core.errors import Refused

#: The columns that a release adds to those of the file.
MARKS = ("_row", "_scope", "_phase", "_urn", "_laestab", "_width")
_ROWS_PER_GROUP = 32_768  # one group for all of England: a column is one contiguous read
_ID_DIGITS = 12
_OLD = ".tmp-old-"
#: Releases written at once, as what one writes alone keeps the processors half busy.
_WRITERS = 2


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one release.

    ``id`` is the first 12 hex digits of a SHA-256 over file hash, kind, year, status and area.
    ``year`` is an academic year for performance tables and ``None`` for registers, which have
    ``as_at`` instead. ``status`` is ``provisional``, ``revised`` or ``final``. ``area`` is a local
    authority code such as ``936``, or ``england``. ``positions`` says where in the file's rows each
    of ``columns`` stands, the first being 0. ``values`` counts the numbers in columns of figures,
    ``words`` the cells that hold some in columns of words; ``codes`` counts the other cells of both
    by reason, ``printed`` those with a code as printed.
    """

    id: str
    publisher: str
    kind: str
    title: str
    year: int | None
    status: str
    area: str
    as_at: date | None
    as_at_from: str | None
    file: str
    sha256: str
    loaded_at: datetime
    rows: int
    schools: int
    values: int
    short_rows: int
    columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    dropped_columns: tuple[str, ...]
    codes: dict[str, int] = field(default_factory=dict)
    synthetic: bool = False
    withdrawn_at: datetime | None = None
    positions: tuple[int, ...] = ()
    printed: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    words: int = 0

    def position(self, column: str) -> int:
        """Where a column stands in the file's rows, from 0. Raises ``KeyError``."""
        try:
            at = self.columns.index(column)
        except ValueError:
            raise KeyError(column) from None
        return self.positions[at] if self.positions else at

    def as_dict(self) -> dict[str, Any]:
        """For JSON: dates in ISO form."""
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in asdict(self).items()
        }


def release_id(*, sha256: str, kind: str, year: int | None, status: str, area: str) -> str:
    """The identity of a release: the same bytes under the same description are the same release."""
    text = "\n".join((sha256, kind, "" if year is None else str(year), status, area))
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]


class Store:
    """The releases under one Bridgehead home.

    The frame of a release holds every kept column as raw text under its own name (null where the
    cell is empty or the row ends before it), and beside them
    ``_row`` (Int32, the row in the file, header = 1), ``_scope`` (``school``, ``la``, ``england``
    (state-funded, the comparison to use), ``england_all``, or another word), ``_phase``
    (where an aggregate row is for one phase: ``primary``/``secondary``/``special``, else null),
    ``_urn`` (Int32 or null), ``_laestab`` (Int32 such as 9362137, or null) and ``_width`` (Int32,
    how many fields the row really had: a field beyond it has reason ROW_ENDS_EARLY).
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "releases"

    def cards(self, *, kind: str | None = None, withdrawn: bool = False) -> list[Card]:
        """Cards in the order they were loaded; withdrawn ones only on request."""
        if not self.folder.is_dir():
            return []
        paths = sorted(self.folder.glob("[!.]*/card.json"))
        cards = [_read_card(path, path.stat().st_mtime_ns) for path in paths]
        return sorted(
            (
                card
                for card in cards
                if (kind is None or card.kind == kind) and (withdrawn or card.withdrawn_at is None)
            ),
            key=lambda card: card.loaded_at,
        )

    def card(self, release_id: str) -> Card:
        """One card by its id or an unambiguous beginning of it. Raises ``KeyError``."""
        found = [c for c in self.cards(withdrawn=True) if c.id.startswith(release_id)]
        if len(found) != 1 or not release_id:
            raise KeyError(release_id)
        return found[0]

    def find(self, *, sha256: str, kind: str, year: int | None, status: str) -> Card | None:
        """The release of these bytes under this description, withdrawn or not."""
        wanted = (sha256, year, status)
        cards = self.cards(kind=kind, withdrawn=True)
        return next((c for c in cards if (c.sha256, c.year, c.status) == wanted), None)

    def readable(self, card: Card) -> bool:
        """Whether the cells are there and hold what the card says; their bytes are not read."""
        try:
            held = pl.read_parquet_schema(self.folder / card.id / "cells.parquet")
        except (OSError, pl.exceptions.PolarsError):
            return False
        return set(card.columns) <= held.keys()

    def frame(self, release_id: str, columns: list[str] | None = None) -> pl.DataFrame:
        """The raw text of a release (all columns, or those named plus the ``_`` columns)."""
        if columns is not None:
            columns = [*dict.fromkeys(c for c in columns if c not in MARKS), *MARKS]
        return pl.read_parquet(self._cells(release_id), columns=columns)

    def text(self, release_id: str, columns: list[str]) -> pl.DataFrame:
        """The raw text of some columns of a release and nothing else."""
        return pl.read_parquet(self._cells(release_id), columns=columns)

    def _cells(self, release_id: str) -> Path:
        path = self.folder / release_id / "cells.parquet"
        if len(release_id) != _ID_DIGITS or not path.is_file():
            path = self.folder / self.card(release_id).id / "cells.parquet"
        return path

    def withdraw(self, release_id: str, *, at: datetime) -> Card:
        """Take a release back: it stays on disk, marked, and no longer feeds a picture."""
        return self.rewrite(replace(self.card(release_id), withdrawn_at=at))

    def rewrite(self, card: Card) -> Card:
        """Replace a card whose release is here already. The cells never change."""
        with self._locked():
            write_safely(self.folder / card.id / "card.json", _json(card))
        return card

    def add(self, card: Card, frame: pl.DataFrame) -> Card:
        """Write a release; see ``add_all``."""
        self.add_all([(card, frame)])
        return card

    def add_all(self, releases: list[tuple[Card, pl.DataFrame]]) -> None:
        """Write releases: into temporary folders, flushed to disk, then, when all of them are
        there, renamed into place. One of the same id that is there already (withdrawn, or damaged)
        makes way."""
        with self._locked():
            self._sweep()
            folders = [self.folder / f".tmp-{card.id}" for card, _ in releases]
            try:
                with ThreadPoolExecutor(_WRITERS) as threads:
                    for _ in threads.map(_write_release, folders, *zip(*releases, strict=True)):
                        pass
            except BaseException:  # on a full disk the half of it would stand in the way
                for temporary in folders:
                    shutil.rmtree(temporary, ignore_errors=True)
                raise
            for temporary, (card, _) in zip(folders, releases, strict=True):
                place = self.folder / card.id
                if place.exists():
                    place.rename(self.folder / f"{_OLD}{card.id}")
                temporary.rename(place)
                shutil.rmtree(self.folder / f"{_OLD}{card.id}", ignore_errors=True)
            _sync_folder(self.folder)

    def _sweep(self) -> None:
        """Remove what is half-written. A release that its replacement had pushed aside, and that no
        replacement has followed, takes its place again."""
        for old in self.folder.glob(f"{_OLD}*"):
            place = self.folder / old.name.removeprefix(_OLD)
            if not place.exists():
                old.rename(place)
        for left in self.folder.glob(".tmp-*"):
            shutil.rmtree(left)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, so that whatever is half-written was left by a dead one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write_release(folder: Path, card: Card, frame: pl.DataFrame) -> None:
    """Cells and card into a new folder, flushed to disk."""
    folder.mkdir()
    with (folder / "cells.parquet").open("wb") as file:
        frame.write_parquet(
            file, compression="lz4", row_group_size=_ROWS_PER_GROUP, statistics=False
        )
        file.flush()
        os.fsync(file.fileno())
    write_safely(folder / "card.json", _json(card))
    _sync_folder(folder)


def _json(card: Card) -> str:
    return json.dumps(card.as_dict(), ensure_ascii=False, indent=1)


@lru_cache(maxsize=4096)
def _read_card(path: Path, _changed: int) -> Card:
    """A card as it was written at a moment: read once."""
    try:
        return _card(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(
            "The card of a release is damaged.",
            "Take its folder away and load the published file again.",
            file=str(path),
        ) from error


def _card(data: dict[str, Any]) -> Card:
    known = {f.name for f in fields(Card)}
    read: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in data.items()
        if key in known
    }
    for name in ("loaded_at", "withdrawn_at"):
        read[name] = datetime.fromisoformat(data[name]) if data[name] else None
    read["as_at"] = date.fromisoformat(data["as_at"]) if data["as_at"] else None
    return Card(**read)


def write_safely(path: Path, text: str) -> None:
    """Write a small file so that a reader finds the old text or the new, whatever is killed."""
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
