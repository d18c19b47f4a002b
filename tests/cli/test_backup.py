"""``bridgehead backup`` and ``restore``: every row and file comes back, from either database to
either, or nothing is changed."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest
from django.apps import apps

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: Files of a home, as they might be: nothing looks into them here.
FILES = {
    "releases/0123456789ab/card.json": b"{}",
    "releases/0123456789ab/cells.parquet": bytes(range(256)) * 4096,
    "pictures/current": b"fedcba\n",
    "media/a letter.pdf": b"%PDF",
    "policy.yaml": b"name: ours\n",
    "something new.txt": b"from a later version",
}
LEFT = {
    "secret-key": b"k" * 60,
    "audit-key": b"a" * 60,
    "audit/ledger-9.heads": b"",
    "static/a.css": b"",
    "backups/old.zip": b"",
    ".lock": b"",
}


class Place:
    """A home with its database, and the commands run there."""

    def __init__(self, home: Path, url: str = "") -> None:
        self.home, self.url = home, url
        home.mkdir(exist_ok=True)

    def run(
        self, *words: str, module: str = "bridgehead.cli.main"
    ) -> "subprocess.CompletedProcess[str]":
        known = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "PYTHONPATH"}}
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            env=known
            | {"BRIDGEHEAD_HOME": str(self.home), "DATABASE_URL": self.url}
            | {"AUDIT_KEY": "one-key-for-every-home-of-the-tests"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def do(self, *words: str, module: str = "bridgehead.cli.main") -> str:
        done = self.run(*words, module=module)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """By a connection that knows nothing of Django."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                cursor = connection.execute(sql.encode())
                return cursor.fetchall() if cursor.description else []
        with sqlite3.connect(self.home / "bridgehead.sqlite3") as connection:
            return connection.execute(sql).fetchall()

    def files(self) -> dict[str, bytes]:
        paths = (p for p in self.home.rglob("*") if p.is_file() and ".sqlite3" not in p.name)
        return {str(p.relative_to(self.home)): p.read_bytes() for p in paths}


def put(home: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)


def parts(file: Path) -> dict[str, bytes]:
    """What a backup holds, but for what it says of itself."""
    with ZipFile(file) as archive:
        return {n: archive.read(n) for n in archive.namelist() if n != "manifest.json"}


def manifest(file: Path) -> dict[str, object]:
    with ZipFile(file) as archive:
        found: dict[str, object] = json.loads(archive.read("manifest.json"))
    return found


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Path]:
    """A home with a row of every model and files, the newest membership gone again; its backup.
    To be looked at only."""
    place = Place(tmp_path_factory.mktemp("source") / "home")
    place.do("manage", "migrate", "--verbosity=0")
    place.do(module="tests.cli.everything")
    place.ask("DELETE FROM schools_membership WHERE id = (SELECT max(id) FROM schools_membership)")
    put(place.home, FILES | LEFT)
    file = place.home.with_name("backup.zip")
    place.do("backup", str(file), "--verify")
    return place, file


def test_everything_comes_back_on_either_database_from_either(
    tmp_path: Path, source: tuple[Place, Path], postgres: Callable[[], str]
) -> None:
    """SQLite → PostgreSQL → PostgreSQL → SQLite → SQLite: the same bytes each time."""
    first, file = source
    told = manifest(file)
    expected = parts(file)
    assert {name.removeprefix("files/") for name in expected if name.startswith("files/")} == {
        *FILES
    }
    assert told["left_out"] == ["secret-key", "audit-key"]
    assert file.stat().st_mode & 0o077 == 0
    covered = told["rows"]
    assert isinstance(covered, dict)
    missing = [
        m._meta.label_lower
        for m in apps.get_models(include_auto_created=True)
        if m._meta.managed and not m._meta.proxy and not covered.get(m._meta.label_lower)
    ]
    assert not missing, f"no row of {missing} stands in the backup: see tests/cli/everything.py"
    given = first.ask("SELECT seq FROM sqlite_sequence WHERE name = 'schools_membership'")

    for step, url in enumerate([postgres(), postgres(), "", ""], 1):
        place = Place(tmp_path / f"home-{step}", url)
        place.do("restore", str(file))
        file = tmp_path / f"{step}.zip"
        place.do("backup", str(file))
        assert parts(file) == expected
        assert manifest(file)["last_ids"] == told["last_ids"]
        if url:
            ((number,),) = place.ask("SELECT nextval('schools_membership_id_seq')")
            assert number == given[0][0] + 1, "the number of a row that is gone is given again"
        with pytest.raises(
            (sqlite3.IntegrityError, psycopg.IntegrityError), match="does not change"
        ):
            place.ask("UPDATE schools_keptset SET name = 'other'")
    place.do("audit", "verify")
    place.do("manage", "migrate", "--check")


def test_a_home_that_is_not_empty_is_left_alone_until_replace_is_said(
    tmp_path: Path, source: tuple[Place, Path], postgres: Callable[[], str]
) -> None:
    _, file = source
    for place in (Place(tmp_path / "one"), Place(tmp_path / "two", postgres())):
        place.do("manage", "migrate", "--verbosity=0")
        place.do("restore", str(file), "--json")  # a database without rows is empty
        place.ask("UPDATE schools_partnership SET name = 'Changed since'")
        (place.home / "policy.yaml").write_bytes(b"changed since")
        (place.home / "media" / "new.txt").write_bytes(b"new")
        put(place.home, LEFT)
        before = place.files()
        refused = place.run("restore", str(file))
        assert refused.returncode == 1
        assert "is not empty: it holds rows in the database, media, pictures" in refused.stderr
        assert "--replace" in refused.stderr
        assert place.files() == before
        assert ("Changed since",) in place.ask("SELECT name FROM schools_partnership")
        place.do("restore", str(file), "--replace")
        kept = {k: v for k, v in place.files().items() if not k.endswith("-lock")}
        assert kept == FILES | LEFT
        assert ("Changed since",) not in place.ask("SELECT name FROM schools_partnership")


def test_rows_that_do_not_fit_change_nothing(
    tmp_path: Path, source: tuple[Place, Path], postgres: Callable[[], str]
) -> None:
    """Every digest is right; the database refuses an appointment of nobody."""
    _, file = source
    wrong = tmp_path / "wrong.zip"
    _rewritten(file, wrong, "database/people.appointment.jsonl", b"null,2,8]", b"null,2,99]")
    for place in (Place(tmp_path / "one"), Place(tmp_path / "two", postgres())):
        place.do("restore", str(file))
        before, again = place.files(), tmp_path / f"{place.home.name}.zip"
        refused = place.run("restore", str(wrong), "--replace")
        assert refused.returncode == 1
        assert "do not fit" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert place.files() == before
        assert not (place.home / ".restore").exists()
        place.do("backup", str(again))
        assert parts(again) == parts(file)


def _rewritten(file: Path, wrong: Path, part: str, old: bytes, new: bytes) -> None:
    """A backup whose list agrees with what somebody has put into it."""
    content, told = parts(file), manifest(file)
    assert old in content[part]
    content[part] = content[part].replace(old, new)
    digest = {"bytes": len(content[part]), "sha256": hashlib.sha256(content[part]).hexdigest()}
    told["parts"][part] = digest  # type: ignore[index]
    with ZipFile(wrong, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(told))


def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path, source: tuple[Place, Path]) -> None:
    (_, file), newer = source, tmp_path / "newer.zip"
    told = manifest(file)
    told["migrations"] += ["people.9999_from_the_future"]  # type: ignore[operator]
    with ZipFile(newer, "w") as archive:
        for name, data in parts(file).items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(told))
    place = Place(tmp_path / "place")
    refused = place.run("restore", str(newer))
    assert refused.returncode == 1
    assert "does not know people.9999_from_the_future" in refused.stderr
    ahead = copied(source, tmp_path)
    ahead.ask("INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_x', '')")
    refused = ahead.run("backup")
    assert refused.returncode == 1
    assert "the database is ahead of this program" in refused.stderr


def copied(source: tuple[Place, Path], folder: Path) -> Place:
    """A home like the source's, to be changed."""
    shutil.copytree(source[0].home, folder / "copy")
    return Place(folder / "copy")


def test_an_upgrade_begins_with_a_backup_of_the_database_as_it_was(
    tmp_path: Path, source: tuple[Place, Path]
) -> None:
    """The tables are those of the day before, not those that the program would have now."""
    place = copied(source, tmp_path)
    place.ask("DELETE FROM schools_keptset")
    said = place.do("manage", "migrate", "schools", "0001", "--verbosity=0")
    assert "The database was backed up to" in said
    (first,) = (place.home / "backups").glob("before-upgrade-*")
    assert "schools.keptset" in manifest(first)["rows"]  # type: ignore[operator]
    place.do("manage", "migrate", "--plan")
    place.do("manage", "migrate", "--verbosity=0")
    _, second = sorted((place.home / "backups").glob("before-upgrade-*"))
    told = manifest(second)
    assert told["holds"] == ["database"]
    assert "schools.0002_kept_sets" not in told["migrations"]  # type: ignore[operator]
    assert "schools.keptset" not in told["rows"]  # type: ignore[operator]
    said = place.do("restore", str(second), "--replace")
    assert "The program is newer than the backup. Next: bridgehead serve --migrate" in said
    assert place.run("manage", "migrate", "--check").returncode == 1
    assert (place.home / "policy.yaml").exists(), "a backup of the database alone keeps the files"


def test_a_first_migration_needs_no_backup(tmp_path: Path) -> None:
    place = Place(tmp_path / "place")
    assert "backed up" not in place.do("manage", "migrate", "--verbosity=0")
    assert not (place.home / "backups").exists()


def test_an_empty_home_is_no_backup(tmp_path: Path) -> None:
    done = Place(tmp_path / "place").run("backup")
    assert done.returncode == 1
    assert "there is nothing to back up" in done.stderr
    assert not list((tmp_path / "place" / "backups").iterdir())
    assert not (tmp_path / "place" / "bridgehead.sqlite3").exists()


def test_backups_have_names_of_their_own_and_replace_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path / "place")
    put(place.home, FILES)
    told = json.loads(place.do("backup", "--json", "--verify"))
    assert told["verified"]
    assert Path(told["file"]).parent == place.home / "backups"
    assert json.loads(place.do("backup", "--json"))["file"] != told["file"]
    refused = place.run("backup", told["file"])
    assert refused.returncode == 1
    assert "there is a file of this name already" in refused.stderr
    told = json.loads(place.do("restore", told["file"], "--verify", "--json"))
    assert told["restored"] is False


def test_a_database_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    place = Place(tmp_path / "place", f"postgres://nobody@/none?host={tmp_path}")
    put(place.home, FILES)
    for words in (["backup"], ["restore", str(tmp_path / "none.zip")]):
        done = place.run(*words)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    assert "the database does not answer" in place.run("backup").stderr
