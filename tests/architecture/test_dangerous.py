"""What no part of the program calls, what stands in one place only, and what pages and scripts do
without. The lint rules of ``pyproject.toml`` look for more; these may not be switched off by a
comment."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "bridgehead"
WEB = ("accounts", "brokerage", "config", "desk", "monitoring", "people", "schools", "web")

#: Call or import → where it stands all the same, and why that is no danger.
DANGEROUS: dict[str, set[str]] = {
    "eval": set(),
    "exec": set(),
    "compile": set(),
    "__import__": set(),
    "os.system": set(),
    "os.popen": set(),
    "marshal": set(),
    "shelve": set(),
    "pickle": {"picture/crew.py"},  # its own process wrote it a moment ago
    "yaml.load": set(),
    "yaml.unsafe_load": set(),
    "yaml.full_load": set(),
    "hashlib.md5": set(),
    "hashlib.sha1": {"accounts/sign_in/totp.py"},  # as HMAC: what every phone app expects
    "random": set(),
    "raw": set(),
    "extra": set(),
    "RawSQL": set(),
    "Template": set(),
    "from_string": set(),
    "mark_safe": {"desk/templatetags/desk.py", "web/templatetags/bridgehead.py"},  # drawn by us
    # A backup copies whole tables; a migration makes triggers. Names are our own models'.
    "cursor": {
        "accounts/migrations/0002_audit.py",
        "cli/archive/databases.py",
        "cli/archive/staging.py",
    },
}


#: Of these the name alone is looked for, whatever they are called on.
METHODS = {"raw", "extra", "RawSQL", "from_string", "mark_safe", "cursor"}
#: An invented England is drawn by seed, so that it is the same each time.
INVENTED = ("random", "opendata/synthetic")


def found(tree: ast.AST) -> Iterator[str]:
    """The dangerous things that a module calls or imports."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "").partition(".")[0]] if not node.level else []
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            names = [called, *({called.rpartition(".")[2]} & METHODS)]
            if any(k.arg == "shell" and ast.unparse(k.value) != "False" for k in node.keywords):
                yield "shell=True"
        yield from (name for name in names if name in DANGEROUS)


def places() -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for name in found(ast.parse(path.read_text(encoding="utf-8"))):
            where = path.relative_to(SOURCE).as_posix()
            if (name, where.rpartition("/")[0]) != INVENTED:
                told.setdefault(name, set()).add(where)
    return told


def test_nothing_dangerous_is_called() -> None:
    amiss = {name: where - DANGEROUS.get(name, set()) for name, where in places().items()}
    assert {name: where for name, where in amiss.items() if where} == {}


@pytest.mark.parametrize(
    "text",
    [
        "eval(x)",
        "import pickle",
        "from random import choice",
        "yaml.load(x)",
        "run(x, shell=True)",
        "Thing.objects.raw(x)",
        "hashlib.md5(x)",
    ],
)
def test_what_is_dangerous_would_be_found(text: str) -> None:
    assert list(found(ast.parse(text)))


def test_no_pattern_is_made_of_what_somebody_typed() -> None:
    """In the web half a regular expression is written out, or made as its module is read."""
    made = []
    for path in (p for name in WEB for p in (SOURCE / name).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        for node in (n for function in functions for n in ast.walk(function)):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).startswith("re."):
                continue
            if not (node.args and isinstance(node.args[0], ast.Constant)):
                made.append(f"{path.relative_to(SOURCE)}: {ast.unparse(node)}")
    assert made == []


def test_xml_is_read_in_one_place() -> None:
    """Python's expat resolves nothing outside; what is inside is bounded by what is unpacked."""
    where = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"\b(xml\.|lxml|ElementTree|minidom|expat)", path.read_text(encoding="utf-8"))
    }
    assert where == {"opendata/sources/not_figures.py"}


def test_scripts_write_no_mark_up_and_keep_nothing() -> None:
    scripts = sorted((SOURCE / "web/assets/js").glob("*.js"))
    assert scripts
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        for word in (
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(",
            "localStorage", "sessionStorage", "indexedDB", "document.cookie", "postMessage",
            '"message"', "__proto__", "Object.assign",
        ):  # fmt: skip
            assert word not in text, f"{path.name}: {word}"


def test_no_page_asks_another_site() -> None:
    """Links lead out; no picture, script, style or form does."""
    asks = re.compile(r"""(?:src|srcset|action|data|poster)\s*=\s*["']\s*(?:https?:)?//""", re.I)
    sheet = re.compile(r"""<link[^>]+href\s*=\s*["']\s*(?:https?:)?//""", re.I)
    pages = [p for p in SOURCE.rglob("*.html") if "node_modules" not in p.parts]
    assert len(pages) > 50
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not asks.search(text), path
        assert not sheet.search(text), path
    assert asks.search('<img src="https://example.org/a.png">')
