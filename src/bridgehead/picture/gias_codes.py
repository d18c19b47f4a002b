"""The codes of Get Information About Schools, for extracts that print no names.

What they mean is data: ``gias_codes.yaml``.
"""

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from bridgehead.core.fields import parse_yaml

_FILE = Path(__file__).with_name("gias_codes.yaml")


@cache
def _tables() -> dict[str, dict[int, str]]:
    read: dict[str, Any] = parse_yaml(_FILE.read_text(encoding="utf-8"), file=_FILE.name)
    types = read.pop("types")
    return {
        **read,
        "types": {code: one["name"] for code, one in types.items()},
        "groups": {code: one["group"] for code, one in types.items()},
    }


def decoded(column: str, what: str) -> pl.Expr:
    """A column of codes (``2``, ``02``) in words: ``types``, ``groups`` (of types), ``phases``,
    ``states``, ``genders`` or ``group_types``; null where no known code stands."""
    code = pl.col(column).str.strip_chars().cast(pl.Int64, strict=False)
    return code.replace_strict(_tables()[what], default=None, return_dtype=pl.String)
