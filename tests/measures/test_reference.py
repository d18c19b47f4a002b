"""The reference page says what the definitions say."""

from pathlib import Path

from bridgehead.measures.loader import DEFINITIONS, load
from bridgehead.measures.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "measures.md"


def test_the_page_is_not_stale() -> None:
    written = PAGE.read_text(encoding="utf-8")
    fresh = written == page(load(DEFINITIONS))
    assert fresh, "run: python -m bridgehead.measures.reference"


def test_every_measure_and_every_missing_year_is_on_it() -> None:
    text = page(load(DEFINITIONS))
    for measure in load(DEFINITIONS).values():
        assert f"`{measure.key}`" in text
        assert measure.why_it_matters in text
        assert all(why in text for why in measure.why_missing.values())


def test_the_table_of_years_shows_gaps_and_breaks() -> None:
    rows = page(load(DEFINITIONS)).splitlines()
    row = next(r for r in rows if r.startswith("| **Progress 8** "))
    cells = [cell.strip() for cell in row.split("|")[2:-1]]
    assert cells == ["●", "●", "○", "●", "–", "–", "○", "●", "●", "–", "–", "│●"]
