"""What a load did, file by file."""

from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of one file."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    NOT_FIGURES = "not figures"
    REFUSED = "refused"


@dataclass(slots=True)
class FileReport:
    """One file. ``values``, ``words``, ``codes`` and ``printed`` count cells as ``Card`` does;
    ``as_at_from`` says where the as-at date was taken from, ``notes`` what else to know."""

    file: str
    outcome: Outcome
    what: str = ""
    kind: str = ""
    release: str = ""
    year: int | None = None
    status: str = ""
    area: str = ""
    as_at: date | None = None
    as_at_from: str | None = None
    rows: int = 0
    schools: int = 0
    values: int = 0
    words: int = 0
    codes: dict[str, int] = field(default_factory=dict)
    printed: dict[str, int] = field(default_factory=dict)
    unknown_columns: tuple[str, ...] = ()
    dropped_columns: tuple[str, ...] = ()
    short_rows: int = 0
    synthetic: bool = False
    notes: tuple[str, ...] = ()
    problem: str = ""
    remedy: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        data = asdict(self)
        data["as_at"] = self.as_at.isoformat() if self.as_at else None
        return data


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Every file of one call, in the order in which they were read."""

    files: tuple[FileReport, ...]

    def of(self, outcome: Outcome) -> list[FileReport]:
        """The files that ended so."""
        return [file for file in self.files if file.outcome is outcome]

    @property
    def exit_code(self) -> int:
        """1 when a file was refused, or when there was nothing to read; else 0."""
        return 1 if not self.files or self.of(Outcome.REFUSED) else 0

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "files": [file.as_dict() for file in self.files],
            "counts": {outcome.value: len(self.of(outcome)) for outcome in Outcome},
        }
