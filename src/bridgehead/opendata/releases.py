"""Releases: what was published, kept as raw text, never changed.

A release is one wide Parquet file of raw text beside its card. ``Store`` is the only way in.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import polars as pl


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one release.

    ``id`` is the first 12 hex digits of a SHA-256 over file hash, kind, year, status and area.
    ``year`` is an academic year for performance tables and ``None`` for registers, which have
    ``as_at`` instead. ``status`` is ``provisional``, ``revised`` or ``final``. ``area`` is a local
    authority code such as ``936``, or ``england``.
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


class Store:
    """The releases under one Bridgehead home.

    The frame of a release holds every kept column as raw text under its own name, and beside them
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
        raise NotImplementedError

    def card(self, release_id: str) -> Card:
        """One card by its id or an unambiguous beginning of it. Raises ``KeyError``."""
        raise NotImplementedError

    def frame(self, release_id: str, columns: list[str] | None = None) -> pl.DataFrame:
        """The raw text of a release (all columns, or those named plus the ``_`` columns)."""
        raise NotImplementedError

    def withdraw(self, release_id: str, *, at: datetime) -> Card:
        """Take a release back: it stays on disk, marked, and no longer feeds a picture."""
        raise NotImplementedError
