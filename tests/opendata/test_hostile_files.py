"""What a file can do besides being wrong: never end, never begin, claim more than there is, carry
a name that commands a terminal, fill the disk. Each is refused in words and stops no other."""

import errno
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bridgehead.cli.main import main
from bridgehead.opendata.load import load
from bridgehead.opendata.refusals import refusals
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, Outcome
from bridgehead.opendata.text import MOST_BYTES

Write = Callable[[str, "str | bytes"], Path]
LoadOne = Callable[..., FileReport]
NAME = "2018-2019_936_ks2final.csv"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_never_ends_is_not_read(tmp_path: Path, load_one: LoadOne, kind: str) -> None:
    path = tmp_path / NAME if kind == "pipe" else Path("/dev/zero")
    if kind == "pipe":
        os.mkfifo(path)
    report = load_one(path)
    assert report.outcome is Outcome.REFUSED
    assert "a pipe or a device" in report.problem


def test_a_file_larger_than_any_table_is_refused_unread(tmp_path: Path, load_one: LoadOne) -> None:
    path = tmp_path / NAME
    with path.open("wb") as file:
        file.truncate(500 * MOST_BYTES)  # a hole: it takes no room on the disk
    assert "larger than" in load_one(path).problem


def test_a_folder_that_holds_itself_and_a_pipe_is_walked_once(
    write: Write, ks2: str, store: Store
) -> None:
    folder = write(f"files/{NAME}", ks2).parent
    (folder / "again").symlink_to(folder)
    (folder / "nowhere.csv").symlink_to(folder / "missing.csv")
    os.mkfifo(folder / "pipe.csv")
    report = load([folder], store=store)
    assert [file.outcome for file in report.files] == [Outcome.LOADED]


@pytest.mark.parametrize(
    "name", [b"bad\xff.csv", b"a\nb: loaded.csv", b"\x1b]0;title\x07.csv", "\u202evsc".encode()]
)
def test_a_hostile_name_is_spelt_out_and_stops_no_other(
    tmp_path: Path,
    write: Write,
    ks2: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: bytes,
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path / "home"))
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"a,b\n1,2\n")
    assert main(["load", str(path), str(write(NAME, ks2))]) == 1
    shown = capsys.readouterr()
    assert "1 loaded, 1 refused." in shown.out
    assert all(line.isprintable() for line in (shown.out + shown.err).split("\n"))
    assert all(r.file.isprintable() for r in refusals(tmp_path / "home" / "releases"))


def test_cells_in_a_refusal_command_no_terminal(
    tmp_path: Path,
    write: Write,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path / "home"))
    assert main(["load", str(write(NAME, "a\x1b[2J,b\n1,2\n"))]) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_a_full_disk_leaves_nothing_behind_and_what_was_there_stays(
    write: Write, ks2: str, load_one: LoadOne, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_one(write(NAME, ks2))
    before = store.cards()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", full)
        patch.setattr("bridgehead.opendata.refusals.write_safely", full)
        report = load_one(write("2017-2018_936_ks2final.csv", ks2))
    assert report.outcome is Outcome.REFUSED
    assert "no room" in report.problem
    assert store.cards() == before
    assert not list(store.folder.glob(".tmp-*"))
    assert load_one(write("2017-2018_936_ks2final.csv", ks2)).outcome is Outcome.LOADED


def workbook(rows: str, strings: str = "") -> bytes:
    """A workbook with one sheet of these rows."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{SHEET}"/>')
        sheet = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
        book.writestr("xl/worksheets/sheet1.xml", sheet)
        if strings:
            book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SHEET}">{strings}</sst>')
    return out.getvalue()


SHARED = "<si><t>Other</t></si><si><r><t>Abbrevi</t></r><r><t>ations used</t></r></si>"


def test_a_list_of_abbreviations_is_known_by_its_first_rows(
    write: Write, load_one: LoadOne
) -> None:
    named = '<row><c t="s"><v>1</v></c></row>'
    found = load_one(write("list.xlsx", workbook(named, SHARED)))
    assert (found.outcome, found.what) == (Outcome.NOT_FIGURES, "list of abbreviations")
    elsewhere = "<row/>" * 30 + named
    assert load_one(write("late.xlsx", workbook(elsewhere, SHARED))).outcome is Outcome.REFUSED
    other = '<row><c t="s"><v>0</v></c><c t="s"><v>99999</v></c></row>'
    assert load_one(write("other.xlsx", workbook(other, SHARED))).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "rows",
    [
        # The two corners of the largest sheet: a reader that lays it out asks for 500 gigabytes.
        '<row><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row><c><v>1</v></c></row>" * 1_000_000,
        "<row><c t='s'><v>" + "9" * 10_000 + "</v></c></row>",
        "<row><c>",
    ],
    ids=["corners", "bomb", "index", "cut short"],
)
def test_a_workbook_that_claims_too_much_is_refused(
    write: Write, load_one: LoadOne, rows: str
) -> None:
    report = load_one(write("claims.xlsx", workbook(rows, SHARED)))
    assert report.outcome is Outcome.REFUSED
    assert "a zip archive or a spreadsheet" in report.problem
