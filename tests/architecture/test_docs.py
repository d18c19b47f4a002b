"""The documentation is true: its commands parse, its links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest

from bridgehead.cli.main import parser

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"```sh\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def commands() -> list[tuple[str, str]]:
    return [
        (page.name, line.strip())
        for page in PAGES
        for block in FENCE.findall(page.read_text())
        for line in block.splitlines()
        if re.match(r"\s*(\.venv/bin/)?bridgehead\s", line)
    ]


@pytest.mark.parametrize(("page", "line"), commands())
def test_a_documented_command_is_understood(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    try:
        parser().parse_args(words)
        code = 0
    except SystemExit as stop:  # --help stops with 0, a mistake with 2
        code = int(stop.code or 0)
    assert code == 0, f"{page}: `{line}` is not understood"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_command_stands_where_it_is_not_looked_at(page: Path) -> None:
    elsewhere = FENCE.sub("", page.read_text())
    hidden = re.findall(r"^\s*(?:\.venv/bin/)?bridgehead \w.*$", elsewhere, re.MULTILINE)
    assert not hidden, f"{page.name}: begin the block of {hidden} with ```sh"


def test_a_command_that_is_not_understood_would_be_caught() -> None:
    with pytest.raises(AssertionError, match="not understood"):
        test_a_documented_command_is_understood("a page", "bridgehead picture --colour")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    missing = [
        target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()
    ]
    assert not missing, f"{page.name} links to {missing}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_make_targets_that_a_page_names_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.M)) <= targets
