"""A name in a published file commands nobody's terminal."""

import shutil

import polars as pl
import pytest

from bridgehead.cli.main import main
from bridgehead.cli.terminal import inert, plain

#: Sets a terminal's title, colours it, colours it by rich's mark-up, turns the line round.
EVIL = "Evil\x1b]0;owned\x07 \x1b[31m \x9b31m [red]School\u202e"
COMMANDS = ("\x1b", "\x07", "\x9b", "\u202e")


@pytest.fixture
def evil_urn(synthetic_home, picture, tmp_path, monkeypatch) -> str:
    """A school with results in a copy of the synthetic England where every school is so called."""
    home = tmp_path / "home"
    shutil.copytree(synthetic_home, home)
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(home))
    (register,) = home.glob(f"**/*{picture.digest}*/schools.parquet")
    named = (pl.lit(EVIL).alias(name) for name in ("name", "trust", "la_name", "town"))
    pl.read_parquet(register).with_columns(*named).write_parquet(register)
    frame = picture.latest("ks2.rwm_expected").join(picture.schools, on="urn")
    return str(frame.filter(frame["phase"] == "primary")["urn"][0])


@pytest.mark.parametrize("command", ["show", "similar", "suggest"])
def test_no_name_commands_the_terminal(evil_urn, capsys, command):
    assert main([command, evil_urn]) == 0
    said = capsys.readouterr().out
    assert "Evil" in said
    assert "[red]School" in said.replace("\n", "")
    assert not [c for c in COMMANDS if c in said]


def test_the_board_in_the_terminal_is_no_other(evil_urn, capsys):
    assert main(["triage", "--area", "990"]) == 0
    said = capsys.readouterr().out
    assert "Evil" in said
    assert not [c for c in COMMANDS if c in said]


def test_no_refusal_commands_the_terminal(evil_urn, capsys):
    assert main(["show", evil_urn, "--measure", "nothing"]) == 1
    said = capsys.readouterr().err
    assert "Evil" in said
    assert not [c for c in COMMANDS if c in said]


def test_lines_stay_lines_and_words_stay_words():
    assert inert("Good\nSchool – [red] é") == "Good\nSchool – [red] é"
    assert plain("[red]") == "\\[red]"
    assert inert("a\rb") == "a\\rb"
