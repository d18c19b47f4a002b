"""``docs/reference/kinds.md``, made from the kinds and codes themselves.

``python -m bridgehead.opendata.reference > docs/reference/kinds.md``
"""

from collections import defaultdict

from bridgehead.core.figures import Reason
from bridgehead.opendata.codes import CODES, LETTERS
from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources import KINDS

_INTRODUCTION = """\
# Kinds of published file

Written by `python -m bridgehead.opendata.reference`; do not edit it by hand.

A file's kind is known by its header, never by its name. Letter case, spaces and punctuation of
column names do not matter. A file that lacks a required column is refused, naming it. Columns that
name people are dropped before anything is written, whatever the kind; columns that a kind does not
know are kept as raw text and listed.

Year and status of a performance table come from its name, else its folder's, else `--year` and
`--status`; tidy files say them in their rows. The date of a register comes from `--as-at`, else its
name, else the latest date in it that has passed.
"""
_AFTER = """\
## Files that hold no figures

Descriptions of columns ("meta" files), lists of authority and region codes, lists of abbreviations,
the DfE's map of its own comparison service and the inputs of its similar-schools service, grants in
the 360Giving standard, and notes (`README.md` and the like) are recognised and reported as "not
figures", so that a whole folder loads.

## What is refused

Nothing of a refused file lands; the other files of the same call do. Refused are: an empty file; a
web page, picture, archive or spreadsheet called CSV; text neither UTF-8 nor Windows-1252; NUL
bytes; a quote that never closes; a last row of a length that no other row has; the England rows
missing that every whole file of its kind holds (absence and census of one authority may lack all
of them), or one of them stopping early; an unknown layout; a
required column missing; more than 5,000 columns, or a row of more than a million bytes.

Of a tidy file (Explore Education Statistics) are refused as well: a row whose `time_period` is no
academic year; rows of schools without a column `school_urn`; figures of nothing but part of a year.
Rows that speak of the same school, year, pupils and subject are set aside and named: where they say
the same, all but the first; where they do not, all of them. Pupils that no measure knows are kept
and listed.

A cut within the very last cell, or between two rows of a register, cannot be seen.
"""


def page() -> str:
    """The whole page."""
    parts = [_INTRODUCTION, *(_section(kind) for kind in KINDS.values()), _codes(), _AFTER]
    return "\n".join(parts)


def _section(kind: Kind) -> str:
    required = ", ".join(" or ".join(f"`{n}`" for n in names) for names in kind.required)
    lines = [f"## {kind.title}: `{kind.key}`", "", f"- Publisher: {kind.publisher}"]
    lines += [f"- Required: {required}"]
    lines += [f"- Of: {'an academic year' if kind.timed_by_year else 'a day (as at)'}"]
    if len(kind.statuses) > 1:
        lines += [f"- Status: {', '.join(kind.statuses)}"]
    if kind.scopes:
        rows = ", ".join(f"{mark} {_SCOPE[scope]}" for mark, scope in kind.scopes.items())
        lines += [f"- Rows by `{(kind.scope_column or '').upper()}`: {rows}"]
    if kind.national_phases:
        rows = ", ".join(f"`{mark}` {phase}" for mark, phase in kind.national_phases.items())
        lines += [f"- England's rows are marked `{kind.national_mark}`, by phase: {rows}"]
    if kind.tidy is not None:
        lines += [
            "- A row for each year, place and group of pupils"
            + (f", and for each `{kind.tidy.items[0]}`" if kind.tidy.items else "")
            + "; each year of a file becomes a release of its own"
        ]
    if kind.groups:
        groups = ", ".join(f"`_{part}` {group}" for part, group in kind.groups.items())
        lines += [f"- Groups of pupils by the end of the name: {groups}"]
    if kind.history:
        lines += ["- `_18`, `_PREV` and the like: a figure of an earlier year, which counts less"]
    return "\n".join([*lines, ""])


_SCOPE = {
    "school": "a school",
    "consortium": "a consortium",
    "la": "a local authority",
    "england": "state-funded England (the comparison)",
    "england_all": "England with independent schools",
}


def _codes() -> str:
    by_reason: dict[Reason, list[str]] = defaultdict(list)
    for code, reason in {**CODES, **LETTERS}.items():
        by_reason[reason].append(f"`{code}`")
    rows = [f"| {', '.join(codes)} | {reason.words} |" for reason, codes in by_reason.items()]
    rows += [f"| (nothing, or only spaces) | {Reason.EMPTY.words} |"]
    rows += [f"| (no cell) | {Reason.ROW_ENDS_EARLY.words} |"]
    rows += [f"| (other text) | {Reason.UNREADABLE.words}; in a column of words, what it says |"]
    head = ["## Codes in columns of figures and words", "", "| printed | means |", "|---|---|"]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    print(page(), end="")
