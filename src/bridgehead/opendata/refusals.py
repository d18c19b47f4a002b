"""Which files were refused last time, for the page that says so.

Only the file's name and the problem are kept, nothing that stood in the file: a refused file may
hold anything. A file that loads later, under the same name, is struck off.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bridgehead.opendata.releases import write_safely
from bridgehead.opendata.report import FileReport, Outcome

_FILE = "refused.json"
_MOST = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused file; ``at`` is when, in ISO form."""

    file: str
    problem: str
    remedy: str
    row: int | None
    column: str | None
    at: str


def refusals(folder: Path) -> list[Refusal]:
    """The refusals that still stand, newest first. ``folder`` is ``Store.folder``."""
    path = folder / _FILE
    if not path.is_file():
        return []
    try:
        return [Refusal(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError):  # a damaged list is only a list: loading goes on without it
        return []


def note_refusals(folder: Path, reports: Iterable[FileReport], *, at: datetime) -> None:
    """Put down what was refused and strike off what was not."""
    standing = {refusal.file: refusal for refusal in reversed(refusals(folder))}
    before = dict(standing)
    for report in reports:
        name = Path(report.file).name
        standing.pop(name, None)
        if report.outcome is Outcome.REFUSED:
            standing[name] = Refusal(
                name, report.problem, report.remedy, report.row, report.column, at.isoformat()
            )
    if standing != before:
        folder.mkdir(parents=True, exist_ok=True)
        newest_first = [asdict(refusal) for refusal in reversed(standing.values())][:_MOST]
        write_safely(folder / _FILE, json.dumps(newest_first, ensure_ascii=False, indent=1))
