"""The reference page of kinds is what the kinds say."""

from pathlib import Path

from bridgehead.opendata.reference import page

PAGE = Path(__file__).parents[2] / "docs/reference/kinds.md"


def test_the_page_of_kinds_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "Make it again: python -m bridgehead.opendata.reference > docs/reference/kinds.md"
    )
