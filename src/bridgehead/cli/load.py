"""``bridgehead load PATH…``: take published files in, and say of each what became of it."""

import argparse
import json
import sys
from pathlib import Path

from bridgehead.cli import arguments
from bridgehead.core.errors import Refused
from bridgehead.core.home import MARK, home
from bridgehead.core.printable import printable
from bridgehead.core.years import label, parse_year
from bridgehead.opendata.load import Progress, load
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, LoadReport, Outcome

_HELP = """\
Take published files (or folders of them) in. A file's kind is found by its header, never by its
name. A file that is cut short, broken or unknown is refused and nothing of it is kept; the other
files are loaded. Columns that name people are dropped, and the files themselves are not kept.

A performance table does not say its year or status: they are read from the file's name
(2018-2019_england_ks2final.csv), else from its folder's, else from --year and --status.

Exit code 1 when a file was refused.
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "load",
        help="take published files in; each is checked first",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument("--year", type=_year, help="academic year, such as 2018-19")
    parser.add_argument("--status", choices=("provisional", "revised", "final"))
    parser.add_argument(
        "--as-at",
        type=arguments.day,
        metavar="DATE",
        help="the day a register speaks of, as 2026-11-22",
    )
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.set_defaults(run=run)


def _year(text: str) -> int:
    try:
        return parse_year(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def run(args: argparse.Namespace) -> int:
    """Load, print a table per file, and return 1 when one was refused. Raises ``Refused`` in the
    home of a demo: nobody could tell its invented schools from real ones."""
    if (home() / MARK).is_file():
        raise Refused(
            f"{home()} holds the demo, which is never mixed with other figures.",
            "Set BRIDGEHEAD_HOME to a folder for your own files.",
        )
    report = load(
        args.paths,
        store=Store(home()),
        year=args.year,
        status=args.status,
        as_at=args.as_at,
        on_progress=_progress(),
    )
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    if args.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        _print(report)
    return report.exit_code


def _progress() -> Progress:
    """On a terminal one line that changes; elsewhere a line a file."""
    terminal = sys.stderr.isatty()

    def tell(file: str, done: int, total: int) -> None:
        line = f"reading {done + 1} of {total}: {Path(file).name}"
        start, end = ("\r\x1b[K", "") if terminal else ("", "\n")
        print(f"{start}{line}", end=end, file=sys.stderr, flush=True)

    return tell


def _print(report: LoadReport) -> None:
    for file in report.files:
        print(_table(file))
    counts = ", ".join(f"{len(report.of(o))} {o.value}" for o in Outcome if report.of(o))
    print(f"{counts or 'No files found'}.")
    if report.of(Outcome.LOADED):
        print("Next: bridgehead picture")


def _table(file: FileReport) -> str:
    lines = [f"{file.file}: {file.outcome.value}"]
    width = max(len(name) for name, _ in _rows(file))
    lines += [f"  {name:<{width}}  {printable(value)}" for name, value in _rows(file)]
    return "\n".join(lines) + "\n"


def _rows(file: FileReport) -> list[tuple[str, str]]:
    if file.outcome is Outcome.REFUSED:
        places = (("row", file.row), ("column", file.column), ("value", file.value))
        where = ", ".join(f"{name} {value}" for name, value in places if value is not None)
        rows = [("problem", file.problem), ("where", where), ("what to do", file.remedy)]
    elif file.outcome is Outcome.NOT_FIGURES:
        rows = [("what", file.what)]
    else:
        rows = _loaded_rows(file)
    return [(name, value) for name, value in rows if value]


def _loaded_rows(file: FileReport) -> list[tuple[str, str]]:
    codes = [(reason, f"{n:,}") for reason, n in file.codes.items()]
    unread = f"{len(file.unknown_columns)}: {', '.join(file.unknown_columns)}"
    return [
        ("what", file.what + (" (synthetic)" if file.synthetic else "")),
        ("release", file.release),
        ("year", "" if file.year is None else label(file.year)),
        ("as at", f"{file.as_at} (from {file.as_at_from})" if file.as_at else ""),
        ("status", file.status),
        ("area", file.area),
        ("rows", f"{file.rows:,}"),
        ("schools", f"{file.schools:,}"),
        ("values", f"{file.values:,}"),
        ("in words", f"{file.words:,}" if file.words else ""),
        *codes,
        ("short rows", f"{file.short_rows:,}"),
        ("unknown columns", unread if file.unknown_columns else "none"),
        ("dropped columns", ", ".join(file.dropped_columns) or "none"),
        *(("note", note) for note in file.notes),
        ("seconds", f"{file.seconds:.2f}"),
    ]
