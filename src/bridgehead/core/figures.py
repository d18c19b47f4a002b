"""A figure as published: its number, its raw text, and the reason when there is no number.

A published cell is never just a number. ``SUPP`` is a value that exists and may not be shown;
``NE`` says that nobody entered; an empty cell says nothing. All of them are kept, and none is zero.
"""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a figure has no number. The order is part of the stored format: only append."""

    SUPPRESSED = "suppressed"
    NO_ENTRIES = "no entries"
    NOT_PUBLISHED = "not published"
    NOT_APPLICABLE = "not applicable"
    NOT_AVAILABLE = "not available"
    LOW_COVERAGE = "low coverage"
    NEW_SCHOOL = "new school"
    REDACTED = "redacted"
    NOT_REPORTED = "not reported"
    NOT_ELIGIBLE = "not eligible"
    CONFIDENTIAL = "confidential"
    UNDER_HALF = "positive but under 0.5"
    NOT_JUDGED = "not judged"
    EMPTY = "empty"
    ROW_ENDS_EARLY = "the row ends before this column"
    UNREADABLE = "text that is not a number or a known code"
    LOW_RELIABILITY = "low reliability"
    IMPOSSIBLE = "a number that cannot be true"

    @property
    def words(self) -> str:
        """The reason in a sentence fragment that a parent understands."""
        return _WORDS[self]


_WORDS: dict[Reason, str] = {
    Reason.SUPPRESSED: "hidden by the publisher because too few pupils are in it",
    Reason.NO_ENTRIES: "no pupils were entered",
    Reason.NOT_PUBLISHED: "not published",
    Reason.NOT_APPLICABLE: "not available for the year, or does not apply to the school",
    Reason.NOT_AVAILABLE: "not available",
    Reason.LOW_COVERAGE: "too few of the pupils are covered to publish it",
    Reason.NEW_SCHOOL: "the school was new",
    Reason.REDACTED: "withheld by the publisher",
    Reason.NOT_REPORTED: "not reported",
    Reason.NOT_ELIGIBLE: "no pupils were eligible",
    Reason.CONFIDENTIAL: "confidential",
    Reason.UNDER_HALF: "above zero but under 0.5",
    Reason.NOT_JUDGED: "not judged",
    Reason.EMPTY: "left empty in the file",
    Reason.ROW_ENDS_EARLY: "the school's row in the file stops before this column",
    Reason.UNREADABLE: "the file holds text that is not a number",
    Reason.LOW_RELIABILITY: "left out by the publisher because it is not reliable enough",
    Reason.IMPOSSIBLE: "the file holds a number that cannot be true",
}

#: Stored as a small integer: 0 means "there is a number", n means ``REASONS[n - 1]``.
REASONS: tuple[Reason, ...] = tuple(Reason)


def reason_code(reason: Reason | None) -> int:
    """The stored integer of a reason; 0 for none."""
    return 0 if reason is None else REASONS.index(reason) + 1


def reason_of(code: int) -> Reason | None:
    """The reason of a stored integer; ``None`` for 0."""
    return None if code == 0 else REASONS[code - 1]


@dataclass(frozen=True, slots=True)
class Figure:
    """One published cell. Exactly one of ``value`` and ``reason`` is ``None``."""

    value: float | None
    raw: str
    reason: Reason | None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("a figure has either a value or the reason why it has none")
