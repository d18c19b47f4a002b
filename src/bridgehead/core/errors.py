"""Errors that are shown to people: what was expected, what was found, and what to do."""

from dataclasses import dataclass


@dataclass
class Refused(Exception):
    """Input that is not taken. Nothing of it has been written when this is raised.

    ``file``, ``row`` (1-based, the header is row 1), ``column`` and ``value`` say where;
    ``problem`` says what is wrong in plain English; ``remedy`` says what to do about it.
    """

    problem: str
    remedy: str = ""
    file: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        where = [self.file] if self.file else []
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(f"column {self.column}")
        if self.value is not None:
            where.append(f"value {self.value!r}")
        text = f"{', '.join(where)}: {self.problem}" if where else self.problem
        return f"{text} {self.remedy}".strip()

    def as_dict(self) -> dict[str, str | int | None]:
        """For ``--json``."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "problem": self.problem,
            "remedy": self.remedy,
        }
