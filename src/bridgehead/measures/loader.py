"""Read the YAML definitions into ``Measure`` objects, refusing what is wrong by file and field."""

from functools import cache
from pathlib import Path

from bridgehead.measures.model import Group, Measure

DEFINITIONS = Path(__file__).parent / "definitions"


@cache
def measures() -> dict[str, Measure]:
    """Every measure by key, in reading order (stage, headline first, then title)."""
    raise NotImplementedError


def series(key: str) -> tuple[Measure, Group]:
    """``ks2.rwm_expected.disadvantaged`` → its measure and group. Raises ``KeyError``."""
    raise NotImplementedError
