"""The doctor says what is amiss and what to do, and changes nothing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError

from bridgehead.cli import doctor
from bridgehead.cli.doctor import Finding, State
from bridgehead.cli.main import main
from bridgehead.opendata.releases import Store


@pytest.fixture
def copied(synthetic_home: Path, tmp_path: Path) -> Path:
    """The releases of the synthetic England, in a home that a test may damage."""
    shutil.copytree(synthetic_home / "releases", tmp_path / "releases")
    return tmp_path


def _files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}


def test_an_empty_home_is_told_what_to_do_next_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "not-there"
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(folder))
    monkeypatch.setattr(doctor, "CHECKS", (doctor.home_folder, doctor.releases, doctor.picture))
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "bridgehead load FILES…" in said
    assert "bridgehead picture" in said
    assert not folder.exists()


def test_a_good_home_is_found_good(synthetic_home: Path) -> None:
    for check in (doctor.python, doctor.home_folder, doctor.releases, doctor.picture):
        assert check(synthetic_home).state is State.OK, check.__name__


def test_looking_leaves_every_file_as_it_was(synthetic_home: Path) -> None:
    before = _files(synthetic_home)
    for check in (doctor.home_folder, doctor.space, doctor.releases, doctor.picture):
        check(synthetic_home)
    assert _files(synthetic_home) == before


def _without_cells(folder: Path) -> None:
    next((folder / "releases").glob("*/cells.parquet")).unlink()


def _cut_short(folder: Path) -> None:
    file = next((folder / "releases").glob("*/cells.parquet"))
    file.write_bytes(file.read_bytes()[:-200])


def _another_card(folder: Path) -> None:
    file = next((folder / "releases").glob("*/card.json"))
    card = json.loads(file.read_text("utf-8"))
    card["sha256"] = "0" * 64
    file.write_text(json.dumps(card), "utf-8")


def _fewer_rows(folder: Path) -> None:
    file = next((folder / "releases").glob("*/card.json"))
    card = json.loads(file.read_text("utf-8"))
    card["rows"] += 1
    file.write_text(json.dumps(card), "utf-8")


@pytest.mark.parametrize("damage", [_without_cells, _cut_short, _another_card, _fewer_rows])
def test_a_damaged_release_is_named(copied: Path, damage: Callable[[Path], None]) -> None:
    assert doctor.releases(copied).state is State.OK
    damage(copied)
    found = doctor.releases(copied)
    assert found.state is State.FAIL
    assert "withdraw" in found.remedy


def test_a_picture_older_than_its_releases_is_stale(synthetic_home: Path, tmp_path: Path) -> None:
    shutil.copytree(synthetic_home, tmp_path, dirs_exist_ok=True)
    assert doctor.picture(tmp_path).state is State.OK
    store = Store(tmp_path)
    card = store.cards()[0]
    store.withdraw(card.id, at=card.loaded_at)
    found = doctor.picture(tmp_path)
    assert found.state is State.WARN
    assert found.remedy == "Run: bridgehead picture"


def test_a_home_that_is_a_file_fails(tmp_path: Path) -> None:
    file = tmp_path / "home"
    file.write_text("")
    assert doctor.home_folder(file).state is State.FAIL


def test_a_key_that_others_can_read_is_a_warning(tmp_path: Path) -> None:
    key = tmp_path / "secret-key"
    key.write_text("x")
    key.chmod(0o644)
    assert doctor.home_folder(tmp_path).state is State.WARN
    key.chmod(0o600)
    assert doctor.home_folder(tmp_path).state is State.OK


def test_packages_are_compared_with_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    assert doctor.packages(tmp_path, lock).state is State.INFO
    lock.write_text("numpy==0.0.1 \\\n    --hash=sha256:00\n")
    assert "instead of 0.0.1" in doctor.packages(tmp_path, lock).found
    lock.write_text("no-such-package-here==1.0 \\\n    --hash=sha256:00\n")
    assert "no-such-package-here" in doctor.packages(tmp_path, lock).found
    lock.write_text("no-such-package-here==1.0 ; python_version < '3' \\\n    --hash=sha256:00\n")
    assert doctor.packages(tmp_path, lock).state is State.OK


@pytest.mark.parametrize(
    ("free", "state"),
    [(100_000_000, State.FAIL), (1_000_000_000, State.WARN), (9_000_000_000, State.OK)],
)
def test_little_space_is_a_warning_and_none_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    assert doctor.space(tmp_path / "deep" / "down").state is state


@pytest.mark.django_db
def test_a_database_in_step_is_good_and_one_out_of_step_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_there", lambda name: True)
    assert doctor.database(tmp_path).state is State.OK
    monkeypatch.setattr(doctor, "pending_migrations", lambda: ["people.0009_more"])
    found = doctor.database(tmp_path)
    assert found.state is State.FAIL
    assert "people.0009_more" in found.found

    def silent() -> list[str]:
        raise DatabaseError("no route")

    monkeypatch.setattr(doctor, "pending_migrations", silent)
    assert doctor.database(tmp_path).state is State.FAIL


def test_style_sheets_that_were_not_built_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor.finders, "find", lambda _: None)
    assert doctor.style_sheets(tmp_path).remedy == "Run: make static"


def test_a_check_that_breaks_is_a_finding_and_the_others_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(folder: Path) -> Finding:
        """Broken."""
        raise RuntimeError("no luck")

    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    monkeypatch.setattr(doctor, "CHECKS", (broken, doctor.python))
    assert main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [f["state"] for f in told["findings"]] == ["fail", "ok"]
    assert "no luck" in told["findings"][0]["found"]


def test_warnings_alone_do_not_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def doubtful(folder: Path) -> Finding:
        return Finding("Something", State.WARN, "might be better", "Do it.")

    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    monkeypatch.setattr(doctor, "CHECKS", (doubtful,))
    assert main(["doctor"]) == 0
    assert "→ Do it." in capsys.readouterr().out
