"""A picture on disk: one immutable folder, named by a digest of everything it was made from.

``cells.npy`` and ``travels.npy`` are records sorted by school, then series (then year), so that a
school is one slice; ``*_offsets.npy`` say where it begins; ``by_series.npy`` lists cells by series.
A picture is written beside the others, flushed to disk, renamed into place; then ``current`` is
replaced in one step. Nothing ever changes inside, and nothing is removed: a decision may refer to
it.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from bridgehead import __version__
from bridgehead.measures.model import Measure
from bridgehead.opendata.releases import Card
from bridgehead.picture.side_by_side import side_by_side

CELL = np.dtype(
    [
        ("series", "<u2"),
        ("year", "<i2"),
        ("reason", "u1"),
        ("phase", "u1"),  # the England row that the school is compared with
        ("origin", "<u2"),
        ("row", "<i4"),
        ("raw", "<i4"),
        ("value", "<f8"),
        ("cohort", "<f4"),
        ("percentile", "<u2"),  # hundredths; NONE where there is none
        ("place", "<u2"),
        ("median", "<f4"),
        ("level", "<f4"),
        ("half", "<f4"),
    ]
)
TRAVEL = np.dtype(
    [
        ("series", "<u2"),
        ("label", "u1"),
        ("why", "u1"),
        ("from_year", "<i2"),
        ("to_year", "<i2"),
        ("p_up", "<f4"),
        ("p_down", "<f4"),
        ("change", "<f4"),
        ("share", "<f4"),
        ("forecast", "<f4"),
        ("forecast_half", "<f4"),
        ("forecast_year", "<i2"),
        ("told", "u1"),  # 0 where too few years are loaded to tell drift from luck
    ]
)
NONE = 65535
#: What makes a picture beside this folder: how a cell is read, and which release is believed.
READ_WITH = (
    "core/figures.py",
    "opendata/codes.py",
    "opendata/observations.py",
    "opendata/pupils.py",
    "opendata/tidy.py",
)
#: Schools gathered at once when records are put into the order of schools: bounds memory.
CHUNK = 512
#: Bytes of records that wait in memory until all series are there.
HELD = 600_000_000
_DIGITS = 16

Records = npt.NDArray[np.void]
Ints = npt.NDArray[np.int64]


def pictures(home: Path) -> Path:
    """The folder of all pictures of a home."""
    return home / "pictures"


def current(home: Path) -> str | None:
    """The digest of the current picture, ``None`` where there is none."""
    try:
        digest = (pictures(home) / "current").read_text("ascii").strip()
    except FileNotFoundError:
        return None
    return digest if is_whole(home, digest) else None


def is_whole(home: Path, digest: str) -> bool:
    """Whether a picture of this name is there. A folder has its name only once it is complete."""
    return (pictures(home) / digest / "meta.json").is_file()


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """One writer at a time; what a dead or a failed one left behind is swept away."""
    folder = pictures(home)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _sweep(folder)
        try:
            yield
        finally:
            _sweep(folder)


def _sweep(folder: Path) -> None:
    """Remove what is half-written. A picture that its replacement had pushed aside, and that no
    replacement has followed, takes its place again: a decision may refer to it."""
    for old in folder.glob(".old-*"):
        place = folder / old.name.split("-")[1]
        if not place.exists():
            old.rename(place)
    for pattern in (".new-*", ".old-*"):
        for left in folder.glob(pattern):
            shutil.rmtree(left, ignore_errors=True)


def digest_of(cards: Iterable[Card], measures: Iterable[Measure]) -> str:
    """What a picture of these releases and definitions is called: the same inputs and the same
    code give the same name. The order of loading is part of it, since the later load wins."""
    parts = [__version__, code()]
    parts += [f"{card.id} {card.kind} {card.year} {card.status} {card.area}" for card in cards]
    parts += [repr(measure) for measure in measures]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS]


@cache
def code() -> str:
    """A hash of the code and the priors that make a picture: this folder's and ``READ_WITH``."""
    here = Path(__file__).parent
    found = hashlib.sha256()
    beside = [here.parent / path for path in READ_WITH]
    for path in [*sorted([*here.glob("*.py"), *here.glob("*.yaml")]), *beside]:
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def hundredths(share: npt.NDArray[np.float32]) -> npt.NDArray[np.uint16]:
    """0 to 100 as whole hundredths, ``NONE`` for NaN."""
    return np.where(np.isnan(share), np.float32(NONE), np.rint(share * 100)).astype(np.uint16)


class Spool:
    """Records arrive series by series, each sorted by school, and leave sorted by school.

    As long as they are few they wait in memory; more than ``HELD`` bytes wait on disk, all of them,
    and only ``CHUNK`` schools are held at once.
    """

    def __init__(self, folder: Path, name: str, dtype: np.dtype[Any], schools: int) -> None:
        self.folder, self.name, self.dtype, self.schools = folder, name, dtype, schools
        self.starts: list[Ints] = []  # per series: where each school's records begin
        self._held: list[Records] | None = []  # ``None`` once they wait on disk

    def _path(self, series: int) -> Path:
        return self.folder / f"spool-{self.name}-{series}"

    def add(self, records: Records, school: Ints) -> None:
        """The records of the next series; ``school`` (rising) says whose each is."""
        count = np.bincount(school, minlength=self.schools)
        self.starts.append(np.concatenate([[0], np.cumsum(count)]).astype(np.int64))
        if self._held is None:
            self._write(len(self.starts) - 1, records)
            return
        self._held.append(records)
        if sum(one.nbytes for one in self._held) > HELD:
            for series, one in enumerate(self._held):
                self._write(series, one)
            self._held = None

    def _write(self, series: int, records: Records) -> None:
        with self._path(series).open("wb") as file:
            records.tofile(file)

    def _read(self, series: int, first: int, last: int) -> Records:
        if self._held is not None:
            return self._held[series][first:last]
        size = self.dtype.itemsize
        return np.fromfile(self._path(series), self.dtype, count=last - first, offset=first * size)

    def finish(self) -> None:
        """Write ``NAME.npy``, ``NAME_offsets.npy`` and ``NAME_by_series.npy`` with
        ``NAME_series_offsets.npy`` (positions of each series' records, by school)."""
        each = np.array([starts[-1] for starts in self.starts], dtype=np.int64)
        series_offsets = np.concatenate([[0], np.cumsum(each)]).astype(np.int64)
        offsets = np.zeros(self.schools + 1, dtype=np.int64)
        for starts in self.starts:
            offsets += starts
        total = int(offsets[-1])
        by_series: npt.NDArray[Any] = np.empty(
            total, dtype=np.int64 if total >= 2**31 else np.int32
        )
        with (self.folder / f"{self.name}.npy").open("wb") as file:
            np.lib.format.write_array_header_1_0(
                file,
                {
                    "descr": np.lib.format.dtype_to_descr(self.dtype),
                    "fortran_order": False,
                    "shape": (total,),
                },
            )

            def chunk(first: int) -> Records:
                return self._chunk(
                    offsets[first : first + CHUNK + 1], first, series_offsets, by_series
                )

            for records in side_by_side(chunk, range(0, self.schools, CHUNK)):
                records.tofile(file)
        np.save(self.folder / f"{self.name}_offsets.npy", offsets)
        np.save(self.folder / f"{self.name}_by_series.npy", by_series)
        np.save(self.folder / f"{self.name}_series_offsets.npy", series_offsets)
        if self._held is None:
            for series in range(len(self.starts)):
                self._path(series).unlink()
        self._held = []

    def _chunk(
        self, offsets: Ints, first: int, series_offsets: Ints, by_series: npt.NDArray[Any]
    ) -> Records:
        """The records of the schools from ``first`` on in order; notes where each series' records
        went. ``offsets`` are those of these schools in the whole."""
        base, schools = int(offsets[0]), len(offsets) - 1
        found = np.empty(int(offsets[-1]) - base, self.dtype)
        opaque = np.dtype((np.void, self.dtype.itemsize))  # copied whole, not field by field
        after = offsets[:-1] - base  # where each school's next record goes
        for series, starts in enumerate(self.starts):
            begins = starts[first : first + schools + 1]
            a, b = int(begins[0]), int(begins[-1])
            if a == b:
                continue
            count = np.diff(begins)
            to = np.repeat(after - begins[:-1], count) + np.arange(a, b)
            found.view(opaque)[to] = self._read(series, a, b).view(opaque)
            by_series[series_offsets[series] + a : series_offsets[series] + b] = base + to
            after += count
        return cast(Records, found)


def write_json(path: Path, content: Any) -> None:
    """A JSON file, compact: some are long and are read on every start."""
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def publish(home: Path, temporary: Path, digest: str) -> None:
    """Flush a finished folder to disk, give it its name, and make it current."""
    folder = pictures(home)
    for path in temporary.iterdir():
        _sync(path)
    _sync(temporary)
    if (folder / digest).exists():  # built again by --force
        _replace_whole(folder, digest, temporary)
    else:
        temporary.rename(folder / digest)
    _sync(folder)
    make_current(home, digest)


def make_current(home: Path, digest: str) -> None:
    """Point ``current`` at a picture, in one step."""
    folder = pictures(home)
    beside = folder / f".current-{os.getpid()}"
    beside.write_text(digest + "\n", encoding="ascii")
    _sync(beside)
    beside.replace(folder / "current")
    _sync(folder)


def _replace_whole(folder: Path, digest: str, temporary: Path) -> None:
    old = folder / f".old-{digest}-{os.getpid()}"
    (folder / digest).rename(old)
    temporary.rename(folder / digest)
    shutil.rmtree(old)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
