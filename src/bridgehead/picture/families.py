"""Which measures inform one another (``families.yaml``)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Family:
    """Keys of measures of all pupils: ``outcomes`` are worked together, ``cohort`` is known of the
    same pupils beforehand."""

    key: str
    outcomes: tuple[str, ...]
    cohort: tuple[str, ...]


@cache
def families() -> tuple[Family, ...]:
    """Every family that is shipped."""
    content = yaml.safe_load(Path(__file__).with_name("families.yaml").read_text("utf-8"))
    return tuple(
        Family(key, tuple(entry["outcomes"]), tuple(entry["cohort"]))
        for key, entry in content.items()
    )


def family_of(key: str) -> Family | None:
    """The family in which a measure is an outcome, ``None`` where it stands alone."""
    return next((one for one in families() if key in one.outcomes), None)
