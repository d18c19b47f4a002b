"""Published files → releases: recognise, read, check, drop what names people, write."""

import errno
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from bridgehead.core.errors import Refused
from bridgehead.core.printable import printable
from bridgehead.core.years import label
from bridgehead.opendata import tidy, unread
from bridgehead.opendata.checks import check_last_row, check_national, check_schools
from bridgehead.opendata.counting import count
from bridgehead.opendata.describe import (
    Told,
    as_at_of,
    check_begun,
    check_told,
    status_of,
    status_of_rows,
    year_of,
)
from bridgehead.opendata.kind import Kind, Role
from bridgehead.opendata.naming import synthetic_in
from bridgehead.opendata.places import (
    check_figures,
    check_once,
    check_places,
    check_widths,
    one_short,
)
from bridgehead.opendata.recognise import kind_of
from bridgehead.opendata.refusals import note_refusals
from bridgehead.opendata.releases import MARKS, Card, Store, release_id
from bridgehead.opendata.report import FileReport, LoadReport, Outcome
from bridgehead.opendata.rows import area, marked, school_urns
from bridgehead.opendata.sources.not_figures import file_says, header_says, is_prose
from bridgehead.opendata.spill import without_people
from bridgehead.opendata.table import Header, read_header, read_table
from bridgehead.opendata.text import MOST_BYTES, Text, open_text

Progress = Callable[[str, int, int], None]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of a file, cleaned, marked and checked, and what is known of its columns."""

    frame: pl.DataFrame
    header: Header
    roles: dict[str, Role]
    positions: dict[str, int]
    dropped: tuple[str, ...]
    notes: list[str]


#: Years of a tidy file that are worked out at once.
_PARTS = 2
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MAKE_ROOM = "Make room on the disk that holds BRIDGEHEAD_HOME, and load it again."


def _now() -> datetime:
    return datetime.now(UTC)


def load(
    paths: Iterable[Path],
    *,
    store: Store,
    year: int | None = None,
    status: str | None = None,
    as_at: date | None = None,
    on_progress: Progress | None = None,
    now: Clock = _now,
) -> LoadReport:
    """Load files and folders. A refused file leaves nothing behind and stops no other.

    There is a report for each file; for a tidy one of several years, a report for each year.
    ``on_progress`` is told (file, how many are done, how many there are) before each file.
    """
    told = Told(year, status, as_at)
    files = list(dict.fromkeys(_files(paths)))
    reports = []
    for done, path in enumerate(files):
        if on_progress is not None:
            on_progress(printable(str(path)), done, len(files))
        started = time.perf_counter()
        about = _load_one(path, store, told, now)
        for report in about:
            report.seconds = round((time.perf_counter() - started) / len(about), 3)
        reports += about
    # On a full disk the list cannot be kept; each file's own report still says why.
    with suppress(OSError):
        note_refusals(store.folder, reports, at=now())
    return LoadReport(tuple(reports))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = (p.relative_to(path) for p in path.rglob("*") if p.is_file())
            shown = (p for p in inside if not any(part.startswith(".") for part in p.parts))
            yield from (path / p for p in sorted(shown))
        else:
            yield path


def _load_one(path: Path, store: Store, told: Told, now: Clock) -> list[FileReport]:
    try:
        return _read_and_add(path, store, told, now)
    except Refused as refused:
        return [_refusal(path, refused)]
    except OSError as error:
        if error.errno in _NO_ROOM:
            return [_refusal(path, Refused("There is no room to keep it.", _MAKE_ROOM))]
        what = error.strerror or type(error).__name__
        return [_refusal(path, Refused(f"The file cannot be read: {what}.", "Check its path."))]
    except (pl.exceptions.PolarsError, ValueError, MemoryError, RecursionError) as error:
        problem = f"The file cannot be read as a table ({type(error).__name__})."
        return [_refusal(path, Refused(problem, "Download it again.", value=str(error)[:200]))]


def _bytes_of(path: Path) -> bytes:
    """The whole file. A pipe or a device is not read, since it may never end or never begin."""
    if path.exists() and not path.is_file():
        raise Refused("Expected a file, found a pipe or a device.", "Save it as a file first.")
    if path.stat().st_size > MOST_BYTES:
        raise Refused(f"The file is larger than {MOST_BYTES:,} bytes.", "Load it in parts.")
    return path.read_bytes()


def _refusal(path: Path, refused: Refused) -> FileReport:
    return FileReport(
        printable(str(path)),
        Outcome.REFUSED,
        problem=refused.problem,
        remedy=refused.remedy,
        row=refused.row,
        column=refused.column,
        value=refused.value,
    )


def _read_and_add(path: Path, store: Store, told: Told, now: Clock) -> list[FileReport]:
    data = _bytes_of(path)
    if what := file_says(path, data):
        return [_no_figures(path, what)]
    with ThreadPoolExecutor(1) as thread:  # a hash needs no other thread to stand still
        sha256 = thread.submit(lambda whole: hashlib.sha256(whole).hexdigest(), data)
        try:
            text = open_text(data)
            header = read_header(text)
            if what := header_says(header.columns):
                return [_no_figures(path, what)]
            kind = kind_of(header.columns)
        except Refused:
            if is_prose(path, data):
                return [_no_figures(path, "notes")]
            raise
        del data
        if kind.tidy is not None:
            read = _read(kind, text, header, None)
            return _add_tidy(path, store, kind, read, told, sha256=sha256.result(), now=now)
        found = sha256.result()
        return _add_wide(path, store, kind, told, text=text, header=header, sha256=found, now=now)


def _add_wide(
    path: Path,
    store: Store,
    kind: Kind,
    told: Told,
    *,
    text: Text,
    header: Header,
    sha256: str,
    now: Clock,
) -> list[FileReport]:
    """The release of a file in which a school has one row."""
    year, status = year_of(path, kind, told), status_of(path, kind, told)
    check_begun(year, today=now().date())
    known = store.find(sha256=sha256, kind=kind.key, year=year, status=status)
    if known is not None and known.withdrawn_at is None and store.readable(known):
        return [_described(path, Outcome.UNCHANGED, known)]
    read = _read(kind, text, header, year)
    check_national(read.frame, kind, header, area(read.frame, kind))
    read.notes.extend(_year_notes(kind, header, year))
    rows = tidy.Part(year or 0, None, read.frame)
    unread.tell_twice(kind, rows, read.roles)
    read = replace(read, frame=rows.frame, notes=[*read.notes, *rows.notes])
    card = _card(path, kind, read, year=year, status=status)
    as_at, as_at_from = as_at_of(path, kind, told, read.frame, today=now().date())
    card = replace(card, as_at=as_at, as_at_from=as_at_from)
    card = store.add(_identified(card, sha256, now), read.frame)
    return [_loaded(path, card, known)]


def _no_figures(path: Path, what: str) -> FileReport:
    return FileReport(printable(str(path)), Outcome.NOT_FIGURES, what=what)


def _add_tidy(
    path: Path, store: Store, kind: Kind, read: _Read, told: Told, *, sha256: str, now: Clock
) -> list[FileReport]:
    """A release for each year and status of a tidy file. Every one is worked out before the first
    is written, so that a file that is refused leaves none."""

    def worked_out(part: tidy.Part) -> tuple[Card, pl.DataFrame]:
        status, note = status_of_rows(path, kind, told, part.status)
        unread.tell(kind, part, read.roles)
        notes = [*read.notes, *part.notes, *([note] if note else [])]
        check_begun(part.year, today=now().date())
        own = replace(read, frame=part.frame, notes=notes)
        return _card(path, kind, own, year=part.year, status=status), part.frame

    with ThreadPoolExecutor(_PARTS) as threads:
        ready = list(threads.map(worked_out, tidy.parts(kind, read.frame)))
    check_told(told, [card.year for card, _ in ready])
    reports, new = [], []
    for unnamed, frame in ready:
        card = _identified(unnamed, sha256, now)
        known = store.find(sha256=sha256, kind=kind.key, year=card.year, status=card.status)
        if known is not None and known.withdrawn_at is None and store.readable(known):
            reports.append(_described(path, Outcome.UNCHANGED, known))
        else:
            reports.append(_loaded(path, card, known))
            new.append((card, frame))
    if new:
        store.add_all(new)
    return reports


def _identified(card: Card, sha256: str, now: Clock) -> Card:
    own = release_id(
        sha256=sha256, kind=card.kind, year=card.year, status=card.status, area=card.area
    )
    return replace(card, id=own, sha256=sha256, loaded_at=now())


def _loaded(path: Path, card: Card, known: Card | None) -> FileReport:
    report = _described(path, Outcome.LOADED, card)
    if known is not None and known.withdrawn_at is not None:
        report.notes = (*report.notes, "it had been withdrawn and counts again from now")
    return report


def _read(kind: Kind, text: Text, header: Header, year: int | None) -> _Read:
    """Read, clean and check the rows."""
    roles = {column: kind.role(column, year) for column in header.columns}
    check_once(kind, header, year)
    wanted = [c for c in header.columns if roles[c] is not Role.PERSON]
    table = read_table(text, header, wanted)
    check_last_row(table, header)
    check_widths(table, header, kind)
    clean = without_people(table, header, roles, signs=b"@" in text.data)
    frame = marked(kind, clean.cells, pl.Series(table.numbers), pl.Series(table.widths))
    check_schools(frame, kind)
    short = one_short(table, header)
    if short is not None:
        check_places(frame, kind)
    if short is not None or (table.widths > len(header.columns)).all():
        check_figures(frame, roles)
    people = (c for c in header.columns if roles[c] is Role.PERSON)
    return _Read(
        frame,
        header,
        roles,
        {column: n for n, column in enumerate(table.columns)},
        (*people, *clean.dropped),
        [
            *clean.notes,
            *([] if short is None else [short]),
            *unread.numberless(kind, frame),
            *unread.dateless(kind, frame),
        ],
    )


def _card(path: Path, kind: Kind, read: _Read, *, year: int | None, status: str) -> Card:
    """What is known of rows; the card still lacks what identifies the release."""
    frame = read.frame
    columns = [c for c in frame.columns if c not in MARKS]
    known = {c: read.roles.get(c, Role.UNKNOWN) for c in columns}
    counted = {c: read.positions[c] for c in columns if known[c] in (Role.FIGURE, Role.WORDS)}
    counts = count(frame, counted, words={c for c in counted if known[c] is Role.WORDS})
    notes = list(read.notes)
    notes += [f"{column} holds {text[:40]!r}, no figure" for column, text in counts.unreadable]
    return Card(
        id="",
        publisher=kind.publisher,
        kind=kind.key,
        title=kind.title,
        year=year,
        status=status,
        area=area(frame, kind),
        as_at=None,
        as_at_from=None,
        file=printable(path.name),
        sha256="",
        loaded_at=datetime.min.replace(tzinfo=UTC),
        rows=frame.height,
        schools=school_urns(frame).n_unique(),
        values=counts.values,
        words=counts.words,
        short_rows=int((frame["_width"] < len(read.header.columns)).sum()),
        columns=tuple(columns),
        unknown_columns=tuple(c for c in columns if known[c] is Role.UNKNOWN),
        dropped_columns=read.dropped,
        codes=dict(counts.codes),
        synthetic=synthetic_in(path),
        positions=tuple(read.positions[c] for c in columns),
        printed=dict(counts.printed.most_common()),
        notes=tuple(notes),
    )


def _year_notes(kind: Kind, header: Header, year: int | None) -> list[str]:
    """A warning when a column looks back on the year that was given, or on a later one: a file's
    own year is hardly ever in the name of a column, so that the year may be wrong."""
    if not kind.history or year is None:
        return []
    named = {c: kind.looked_back_on(c, year) or 0 for c in header.columns}
    latest = max(named, key=lambda c: named[c])
    if named[latest] < year:
        return []
    return [
        f"column {latest} looks back on {label(named[latest])}, so the file may be of a later "
        f"year than {label(year)}; 'bridgehead withdraw' takes it back"
    ]


def _described(path: Path, outcome: Outcome, card: Card) -> FileReport:
    return FileReport(
        printable(str(path)),
        outcome,
        what=card.title,
        kind=card.kind,
        release=card.id,
        year=card.year,
        status=card.status,
        area=card.area,
        as_at=card.as_at,
        as_at_from=card.as_at_from,
        rows=card.rows,
        schools=card.schools,
        values=card.values,
        words=card.words,
        codes=card.codes,
        printed=card.printed,
        unknown_columns=card.unknown_columns,
        dropped_columns=card.dropped_columns,
        short_rows=card.short_rows,
        synthetic=card.synthetic,
        notes=card.notes,
    )
