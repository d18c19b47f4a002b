"""A backup that is not as it was written is refused, and whatever stops a restore half-way leaves
the home as it was or as it should be."""

import subprocess
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bridgehead.cli.archive import reading, staging
from bridgehead.cli.archive.manifest import FILES, Manifest
from bridgehead.cli.archive.restoring import restore
from bridgehead.cli.archive.writing import write
from bridgehead.core.errors import Refused

NOW = datetime(2026, 11, 25, 12, 0, 0, 1, tzinfo=UTC)
HELD = {"releases/a/cells": b"cells" * 5000, "policy.yaml": b"ours", "media/x": b""}


def put(home: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    return home


def held(home: Path) -> dict[str, bytes]:
    found = (p for p in home.rglob("*") if p.is_file() and not p.name.endswith("-lock"))
    return {str(p.relative_to(home)): p.read_bytes() for p in found}


def backed_up(home: Path, file: Path) -> Manifest:
    return write(file, home=home, connection=connection, now=NOW, holds=(FILES,))


def restored(file: Path, home: Path, *, replace: bool = False) -> Manifest:
    home.mkdir(exist_ok=True)
    return restore(file, home=home, connection=connection, replace=replace)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    backed_up(put(folder / "home", HELD), folder / "backup.zip")
    return folder / "backup.zip"


def test_the_same_home_makes_the_same_file(file: Path, tmp_path: Path) -> None:
    restored(file, tmp_path / "home")
    assert held(tmp_path / "home") == HELD
    backed_up(tmp_path / "home", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == file.read_bytes()


@given(at=st.integers(0, 10**9), bits=st.integers(1, 255))
@example(at=-7, bits=1)  # its list of names would begin before the file
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_a_byte_that_is_otherwise_is_found_or_changes_nothing(
    file: Path, tmp_path: Path, at: int, bits: int
) -> None:
    """A byte of the zip's own, such as a version, may change without changing what is held."""
    content = bytearray(file.read_bytes())
    content[at % len(content)] ^= bits
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    try:
        found = reading.verify(damaged)
    except Refused:
        return
    assert found == reading.verify(file)


@given(at=st.integers(0, 10**9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_was_cut_off_is_refused(file: Path, tmp_path: Path, at: int) -> None:
    content = file.read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: at % len(content)])
    with pytest.raises(Refused, match="no whole backup"):
        restored(tmp_path / "cut.zip", tmp_path / "home")
    assert held(tmp_path / "home") == {}


def test_a_damaged_part_is_named_and_changes_nothing(file: Path, tmp_path: Path) -> None:
    with ZipFile(file) as whole, ZipFile(tmp_path / "damaged.zip", "w") as damaged:
        for name in whole.namelist():
            content = whole.read(name)
            damaged.writestr(name, b"other" if name == "files/policy.yaml" else content)
    home = put(tmp_path / "home", {"policy.yaml": b"before"})
    with pytest.raises(Refused, match=r"files/policy.yaml is not as it was written"):
        restored(tmp_path / "damaged.zip", home, replace=True)
    assert held(home) == {"policy.yaml": b"before"}
    assert not (home / ".restore").exists()


@pytest.mark.parametrize(
    "name",
    [
        "files/../x",
        "files/a/../../x",
        "/x",
        "files//x",
        "other/x",
        "files/.restore/x",
        "files/a\\x",
        "files/secret-key",
        "files/bridgehead.sqlite3",
    ],
)
def test_a_part_that_would_land_elsewhere_is_refused(file: Path, tmp_path: Path, name: str) -> None:
    with ZipFile(file) as whole:
        said = whole.read("manifest.json").decode()
    with ZipFile(tmp_path / "hostile.zip", "w") as hostile:
        hostile.writestr(name, b"ours")
        hostile.writestr(
            "manifest.json", said.replace("files/policy.yaml", name.replace("\\", "\\\\"))
        )
    with pytest.raises(Refused):
        restored(tmp_path / "hostile.zip", tmp_path / "home")
    assert held(tmp_path / "home") == {}


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("a letter")
    with ZipFile(tmp_path / "empty.zip", "w"):
        pass
    for name in ("text.zip", "empty.zip", "not there.zip", "."):
        with pytest.raises(Refused):
            reading.verify(tmp_path / name)


def test_a_stopped_backup_leaves_nothing_and_the_next_one_clears_up(tmp_path: Path) -> None:
    home = put(tmp_path / "home", HELD)
    left = tmp_path / ".old.zip.part-123"
    left.write_bytes(b"half")

    def stop(what: str, done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(
            tmp_path / "b.zip",
            home=home,
            connection=connection,
            now=NOW,
            holds=(FILES,),
            on_progress=stop,
        )
    assert [p.name for p in tmp_path.iterdir()] == ["home"]


class Killed(BaseException):
    """The process is no more: nothing after this is done."""


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> "Power":
    return Power(monkeypatch)


class Power:
    """Cuts off every change of a name, a given number of them from now, as a kill would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def cut_after(self, number: int) -> None:
        real, done = Path.rename, count()

        def rename(path: Path, target: Path) -> Path:
            if next(done) >= number:
                raise Killed
            return real(path, target)

        self.monkeypatch.setattr(Path, "rename", rename)

    def on(self) -> None:
        self.monkeypatch.undo()


BEFORE = {"policy.yaml": b"before", "releases/b/cells": b"old", "terms.yaml": b"gone after"}


@pytest.mark.parametrize("number", range(12))
def test_a_restore_that_is_killed_is_done_or_undone(
    file: Path, tmp_path: Path, power: Power, number: int
) -> None:
    home = put(tmp_path / "home", BEFORE)
    power.cut_after(number)
    try:
        restored(file, home, replace=True)
        assert number >= 8
    except Killed:
        pass
    power.on()
    with staging.alone(home):
        staging.settle(home, connection)
    assert held(home) in (BEFORE, HELD)
    assert (held(home) == HELD) == (number >= 2)  # of the parts, then of the mark
    with staging.alone(home):
        assert not staging.settle(home, connection)


def test_a_backup_keeps_a_restore_away_and_neither_the_site_nor_another_backup(
    tmp_path: Path,
) -> None:
    home = put(tmp_path / "home", BEFORE)
    with staging.unmoved(home):
        staging.settled(home, connection)  # what the site does when it starts
        with staging.unmoved(home):
            pass
        with pytest.raises(Refused, match="a backup that it must not disturb"), staging.alone(home):
            pass
    with staging.alone(home), pytest.raises(Refused, match="a restore is under way here"):
        staging.settled(home, connection)


def test_nothing_is_restored_under_a_site_that_is_running(file: Path, tmp_path: Path) -> None:
    """Held by another process, since it is a process that the lock lives and ends with."""
    home = put(tmp_path / "home", BEFORE)
    program = (
        "import pathlib, subprocess, sys; from bridgehead.cli.archive import staging;"
        "staging.hold_for_serving(pathlib.Path(sys.argv[1]));"
        # What it begins holds it too, as the processes of the web server do.
        "subprocess.run(['sh', '-c', 'echo up; read wait'], close_fds=False)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as site:
        assert site.stdout is not None
        assert site.stdout.readline() == b"up\n"
        with pytest.raises(Refused, match="the site is running"):
            restored(file, home, replace=True)
        assert held(home) == BEFORE
        site.communicate(b"\n")
    restored(file, home, replace=True)
    assert held(home) == HELD


def test_two_restores_at_once_are_refused(file: Path, tmp_path: Path) -> None:
    home = put(tmp_path / "home", BEFORE)
    with staging.alone(home), pytest.raises(Refused, match="a restore is under way here"):
        restored(file, home, replace=True)
    assert held(home) == BEFORE
