"""The table against the OWASP ASVS is whole, names nothing that is not there, and has its page."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.asvs.__main__ import CHAPTERS, RESULTS, markdown, requirements

ROOT = Path(__file__).parents[2]
ROWS = requirements()
#: How many requirements of levels 1 and 2 there are in ASVS 5.0.0.
LEVEL_1, LEVEL_2 = 70, 183


def ids() -> list[tuple[str, str]]:
    """The numbers of the standard's requirements with their level."""
    lines = (Path(__file__).parent / "ids.txt").read_text(encoding="utf-8").splitlines()
    return [(number, level) for number, level in (line.split() for line in lines)]


@cache
def functions(path: Path) -> frozenset[str]:
    """The tests of a file, by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))


def amiss(row: dict[str, str]) -> str:
    """What is wrong with a row; empty where nothing is."""
    held = row["held by"].split()
    if row["result"] not in RESULTS or not row["about"]:
        return "it has no result, or says nothing"
    if row["result"] == "pass" and not held:
        return "nothing is named that holds it"
    if row["result"] != "pass" and (held or not row["note"]):
        return "it does not pass, and must say why in its note alone"
    for one in held:
        file, _, test = one.partition("::")
        if not (ROOT / file).is_file():
            return f"{file} is not there"
        if test and (test not in functions(ROOT / file) or not test.startswith("test_")):
            return f"{file} has no {test}"
        if file.startswith("tests/") and not test:
            return f"{file} is named without a test"
    return ""


def test_every_requirement_has_its_row() -> None:
    assert [(row["id"], row["level"]) for row in ROWS] == ids()
    levels = [level for _, level in ids()]
    assert (levels.count("1"), levels.count("2")) == (LEVEL_1, LEVEL_2)
    assert {int(number[1:].split(".")[0]) for number, _ in ids()} == set(CHAPTERS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_a_row_names_is_there(row: dict[str, str]) -> None:
    assert amiss(row) == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"result": "pass", "held by": ""}, "nothing is named"),
        ({"result": "pass", "held by": "tests/asvs/test_asvs.py::test_gone"}, "has no test_gone"),
        ({"result": "pass", "held by": "tests/asvs/test_asvs.py::amiss"}, "has no amiss"),
        ({"result": "pass", "held by": "tests/gone.py::test_x"}, "is not there"),
        ({"result": "pass", "held by": "tests/asvs/test_asvs.py"}, "without a test"),
        ({"result": "gap", "held by": "", "note": ""}, "must say why"),
        ({"result": "fine"}, "no result"),
    ],
)
def test_a_false_row_would_be_seen(changed: dict[str, str], said: str) -> None:
    assert said in amiss(ROWS[0] | changed)


def test_the_page_is_in_step_and_tells_the_counts() -> None:
    page = (ROOT / "docs/reference/asvs.md").read_text(encoding="utf-8")
    assert page == markdown(ROWS), "Make it again: make docs"
    passing = sum(row["result"] == "pass" for row in ROWS)
    gaps = sum(row["result"] == "gap" for row in ROWS)
    every = LEVEL_1 + LEVEL_2
    assert f"| both | {passing} | {gaps} | {every - passing - gaps} | {every} |" in page
    assert page.count("| gap |") == gaps + 1  # and the heading of the counts
