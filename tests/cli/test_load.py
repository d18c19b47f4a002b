"""``load``, ``releases`` and ``withdraw`` as a person at the terminal meets them."""

import json
from pathlib import Path

import pytest

from bridgehead.cli.main import main
from bridgehead.core.home import MARK, home

NAME = "2018-2019_england_abs_synthetic.csv"
ABSENCE = (
    "LA,ESTAB,URN,PERCTOT,PPERSABS10\n936,2001,100001,4.5,SUPP\n937,2002,100002,5,8.1\n"
    "NAT,PRI,,4,8.2\nNAT,SEC,,5.5,13.7\nNAT,SPE,,10.1,28.8"
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path / "home"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_text(ABSENCE)
    return path


def test_load_prints_a_table_and_the_next_step(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", str(file)]) == 0
    out, err = capsys.readouterr()
    for line in ("Absence (synthetic)", "2018/19", "suppressed", "unknown columns", "seconds"):
        assert line in out
    assert out.endswith("1 loaded.\nNext: bridgehead picture\n")
    assert err == f"reading 1 of 1: {NAME}\n"


def test_load_reports_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", str(file), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["counts"] == {"loaded": 1, "unchanged": 0, "not figures": 0, "refused": 0}
    assert report["files"][0]["codes"] == {"suppressed": 1}
    assert report["files"][0]["schools"] == 2


def test_a_refused_file_makes_the_exit_code_1_and_says_what_to_do(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "2017-2018_england_abs.csv"
    bad.write_text("<html>Not found</html>")
    assert main(["load", str(bad), str(file)]) == 1
    out = capsys.readouterr().out
    assert f"{bad}: refused" in out
    assert "web page" in out
    assert "1 loaded, 1 refused." in out


def test_the_year_can_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "abs.csv"
    path.write_text(ABSENCE)
    assert main(["load", str(path)]) == 1
    assert "--year 2018-19" in capsys.readouterr().out
    assert main(["load", str(path), "--year", "2018-19"]) == 0


@pytest.mark.parametrize("wrong", [["--year", "2018"], ["--as-at", "soon"], ["--status", "good"]])
def test_a_wrong_option_is_explained(
    file: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["load", str(file), *wrong])
    assert stop.value.code == 2
    assert wrong[1] in capsys.readouterr().err


def test_a_release_is_listed_withdrawn_and_listed_as_withdrawn(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["releases"]) == 0
    assert "Nothing has been loaded yet" in capsys.readouterr().out
    main(["load", str(file)])
    capsys.readouterr()
    main(["releases", "--json"])
    (card,) = json.loads(capsys.readouterr().out)
    assert (card["kind"], card["year"], card["synthetic"]) == ("absence", 2018, True)
    assert main(["withdraw", card["id"][:6]]) == 0
    assert "Withdrawn" in capsys.readouterr().out
    main(["releases", "--json"])
    assert json.loads(capsys.readouterr().out) == []
    main(["releases", "--all"])
    assert "(withdrawn " in capsys.readouterr().out
    assert main(["withdraw", card["id"]]) == 1
    assert "withdrawn already" in capsys.readouterr().err


def test_withdrawing_what_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["withdraw", "nosuch"]) == 1
    assert "bridgehead releases --all" in capsys.readouterr().err


def test_nothing_is_loaded_into_the_home_of_a_demo(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home() / MARK).write_text("{}")
    assert main(["load", str(file)]) == 1
    out, err = capsys.readouterr()
    assert "holds the demo" in err
    assert "Set BRIDGEHEAD_HOME to a folder for your own files." in err
    assert out == ""
    (home() / MARK).unlink()
    assert main(["load", str(file)]) == 0
