"""Everything lives under one folder, named by the environment."""

from pathlib import Path

import pytest

from bridgehead.core.errors import Refused
from bridgehead.core.home import home, where


def test_the_home_folder_is_the_one_named_and_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path / "a" / "b"))
    assert where() == tmp_path / "a" / "b"
    assert not where().exists()
    assert home().is_dir()


def test_without_a_name_it_is_in_the_users_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", "")
    assert where() == Path.home() / ".bridgehead"


def test_a_folder_that_cannot_be_made_is_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    for named in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("BRIDGEHEAD_HOME", str(named))
        with pytest.raises(Refused, match="BRIDGEHEAD_HOME") as refused:
            home()
        assert str(named) in refused.value.problem


def test_no_other_user_of_the_machine_looks_into_a_home_that_was_made_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path / "home"))
    assert home().stat().st_mode & 0o077 == 0
