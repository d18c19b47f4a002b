"""What must never be in the repository, checked over every tracked file."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BINARY = {".png", ".woff2", ".ico"}

#: Split, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a work marker in place of the work": re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    "a package registry's host": re.compile(
        r"py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + r"js|npm" + r"js\.(com|org)"
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(work|root|home/\w+)/(?!\.)"),
    "a secret": re.compile(r"BEGIN (RSA |EC |OPENSSH )?PRIVATE" + r" KEY|AKIA[0-9A-Z]{16}"),
}


#: A line that each of them must find, split likewise.
EXAMPLES = {
    "a work marker in place of the work": "# TO" + "DO: later",
    "a package registry's host": "https://py" + "pi.org/simple",
    "a path of one machine": "see /work" + "/main",
    "a secret": "-----BEGIN PRIVATE" + " KEY-----",
}


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).suffix not in BINARY]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.is_file() and path.name != "LICENSE"
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert not found, f"{what} in: {', '.join(found)}"


def test_what_is_forbidden_would_be_found() -> None:
    assert EXAMPLES.keys() == FORBIDDEN.keys()
    assert all(FORBIDDEN[what].search(line) for what, line in EXAMPLES.items())


def test_no_source_file_is_over_500_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix in {".py", ".html", ".scss", ".js"}
        and path.is_file()
        and (lines := len(path.read_text().splitlines())) > 500
    }
    assert not long, f"split these: {long}"
