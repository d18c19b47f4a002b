"""``docs/reference/asvs.md``, made from ``requirements.tsv`` beside this file
(``python -m tests.asvs``). The text of the standard is not copied: each requirement has its number
and a few words of ours."""

import csv
from collections import Counter
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = ("pass", "gap", "n/a")

#: Chapters of ASVS 5.0.0, in our words.
CHAPTERS = {
    1: "Encoding and cleaning",
    2: "Checking input, and the order of business",
    3: "In the browser",
    4: "Over HTTP",
    5: "Files",
    6: "Signing in",
    7: "Sessions",
    8: "Who may do what",
    9: "Tokens that speak for themselves",
    10: "OAuth and OpenID Connect",
    11: "Cryptography",
    12: "On the wire",
    13: "Configuration",
    14: "Data",
    15: "Code and architecture",
    16: "Logs and errors",
    17: "WebRTC",
}

TOP = (
    "# Against the OWASP ASVS\n\n"
    "The [Application Security Verification Standard]"
    "(https://owasp.org/www-project-application-security-verification-standard/) 5.0.0 of OWASP, "
    "levels 1 and 2: every requirement, by its number; the standard itself says what each asks. It "
    "is our own table, and nobody else has verified it. What is done and why is told in "
    "[security](../explanation/security.md).\n\n"
    "**pass**: the tests or files named hold it. **gap**: it is not held, or not by anything that "
    "would notice if it were lost; the note says what is missing. **n/a**: the site has nothing "
    "that it is about, or it is the host's to do; the note says which. Made from "
    "`tests/asvs/requirements.tsv` by `make docs`; a test looks that every test and file named is "
    "there.\n"
)


def requirements() -> list[dict[str, str]]:
    """The rows: ``id``, ``level``, ``about``, ``result``, ``held by`` (tests and files, with blanks
    between), ``note``."""
    with (HERE / "requirements.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def markdown(rows: list[dict[str, str]]) -> str:
    """The page, its counts first."""
    lines = [TOP, "| Level | pass | gap | n/a | all |", "|---|---|---|---|---|"]
    for level in ("1", "2"):
        lines.append(_counted(level, [row for row in rows if row["level"] == level]))
    lines += [_counted("both", rows), "", "## What is missing", ""]
    lines += [f"- {r['id']}, {r['about']}: {r['note']}" for r in rows if r["result"] == "gap"]
    for chapter, held in groupby(rows, key=lambda row: int(row["id"][1:].split(".")[0])):
        lines += ["", f"## V{chapter} {CHAPTERS[chapter]}", ""]
        lines += ["| | Level | About | Result | Held by, or why not |", "|---|---|---|---|---|"]
        lines += [
            f"| {r['id']} | {r['level']} | {r['about']} | {r['result']} | {_why(r)} |" for r in held
        ]
    return "\n".join(lines) + "\n"


def _counted(name: str, rows: list[dict[str, str]]) -> str:
    counts = Counter(row["result"] for row in rows)
    return f"| {name} | {' | '.join(str(counts[r]) for r in RESULTS)} | {len(rows)} |"


def _why(row: dict[str, str]) -> str:
    """Tests by their short names, files as links that lead there."""
    held = [f"`{one.replace('::', ': ')}`" for one in row["held by"].split()]
    return ". ".join(part for part in (", ".join(held), row["note"]) if part)


if __name__ == "__main__":
    print(markdown(requirements()), end="")
