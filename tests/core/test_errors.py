"""A refusal says where, what, and what to do."""

from bridgehead.core.errors import Refused


def test_a_refusal_names_file_row_column_value_and_remedy() -> None:
    refused = Refused("Not a date.", "Write 2026-11-22.", "a.csv", 7, "OpenDate", "soon")
    assert str(refused) == (
        "a.csv, row 7, column OpenDate, value 'soon': Not a date. Write 2026-11-22."
    )
    assert refused.as_dict()["row"] == 7


def test_a_refusal_without_a_place_is_only_its_problem() -> None:
    assert str(Refused("Nothing to do.")) == "Nothing to do."
