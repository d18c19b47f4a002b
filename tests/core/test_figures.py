"""A figure has a number or the reason why not, never both and never neither."""

import pytest

from bridgehead.core.figures import REASONS, Figure, Reason, reason_code, reason_of


def test_every_reason_survives_storage_and_has_words() -> None:
    for reason in Reason:
        assert reason_of(reason_code(reason)) is reason
        assert reason.words
    assert reason_code(None) == 0
    assert reason_of(0) is None


def test_the_stored_order_is_never_changed() -> None:
    """Pictures on disk hold these numbers: a new reason goes at the end."""
    assert [reason.name for reason in REASONS] == [
        "SUPPRESSED",
        "NO_ENTRIES",
        "NOT_PUBLISHED",
        "NOT_APPLICABLE",
        "NOT_AVAILABLE",
        "LOW_COVERAGE",
        "NEW_SCHOOL",
        "REDACTED",
        "NOT_REPORTED",
        "NOT_ELIGIBLE",
        "CONFIDENTIAL",
        "UNDER_HALF",
        "NOT_JUDGED",
        "EMPTY",
        "ROW_ENDS_EARLY",
        "UNREADABLE",
        "LOW_RELIABILITY",
        "IMPOSSIBLE",
    ]


@pytest.mark.parametrize(("value", "reason"), [(None, None), (0.0, Reason.SUPPRESSED)])
def test_a_suppressed_figure_is_never_zero(value: float | None, reason: Reason | None) -> None:
    with pytest.raises(ValueError, match="either a value or the reason"):
        Figure(value=value, raw="SUPP", reason=reason)
