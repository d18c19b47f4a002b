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
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    missing = [
        target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()
    ]
    assert not missing, f"{page.name} links to {missing}"


def test_make_targets_that_the_readme_names_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(), re.M)) <= targets
