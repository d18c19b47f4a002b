"""What holds of schools and groups without any database."""

from bridgehead.schools.rules.days import (
    DAY,
    WEEK,
    SchoolCalendar,
    Span,
    calendar,
    common_pattern,
    early_may,
    easter_sunday,
    read_calendar,
)
from bridgehead.schools.rules.kinds import GroupKind, MemberKind, SimilarMethod, kind_of

__all__ = [
    "DAY",
    "WEEK",
    "GroupKind",
    "MemberKind",
    "SchoolCalendar",
    "SimilarMethod",
    "Span",
    "calendar",
    "common_pattern",
    "early_may",
    "easter_sunday",
    "kind_of",
    "read_calendar",
]
