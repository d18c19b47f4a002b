"""Raw text → number or reason.

``read`` is the one rule for a cell. ``decode`` applies it to a column, each distinct text once; a
picture (``picture.tables.Texts``) to each distinct text of all its releases.
"""

import re

import polars as pl

from bridgehead.core.figures import Reason, reason_code

#: Codes as the publishers print them, by their own lists of abbreviations; compared in capitals.
CODES: dict[str, Reason] = {
    "SUPP": Reason.SUPPRESSED,
    "SUPPMAT": Reason.SUPPRESSED,
    "NE": Reason.NO_ENTRIES,
    "NP": Reason.NOT_PUBLISHED,
    "NA": Reason.NOT_APPLICABLE,
    "N/A": Reason.NOT_APPLICABLE,
    "LOWCOV": Reason.LOW_COVERAGE,
    "NEW": Reason.NEW_SCHOOL,
    "SP": Reason.UNDER_HALF,  # "small percentage", between 0 % and 0.5 %
    "RE": Reason.REDACTED,
    "REDACTED": Reason.REDACTED,
    "NOT AVAIL": Reason.NOT_AVAILABLE,
    "NR": Reason.NOT_REPORTED,
    "NELIG": Reason.NOT_ELIGIBLE,
    "NULL": Reason.NOT_AVAILABLE,
    "NOT JUDGED": Reason.NOT_JUDGED,
    "LOW": Reason.UNDER_HALF,
    # Symbols of the older statistical first releases, still met in their long series.
    ":": Reason.NOT_AVAILABLE,
    "..": Reason.NOT_AVAILABLE,
    ".": Reason.NOT_APPLICABLE,
}

#: One-letter codes of Explore Education Statistics, as printed: ``C`` is a grade, ``c`` is not.
LETTERS: dict[str, Reason] = {
    "c": Reason.CONFIDENTIAL,
    "z": Reason.NOT_APPLICABLE,
    "x": Reason.NOT_AVAILABLE,
    "k": Reason.UNDER_HALF,
    "u": Reason.LOW_RELIABILITY,
}

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_FINITE_LIMIT = 1e300  # beyond it a text of digits is no figure, and floats run out


def read(text: str | None) -> float | Reason:
    """One cell. ``18%``, ``18`` and ``1,800`` are numbers; ``SUPP`` and ``""`` are reasons."""
    stripped = (text or "").strip()
    if not stripped:
        return Reason.EMPTY
    bare = stripped.removesuffix("%").rstrip() if stripped.endswith("%") else stripped
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    if _NUMBER.fullmatch(bare):
        number = float(bare)
        # What rounds to nought from below is printed -0; nought has no sign.
        return number + 0.0 if abs(number) < _FINITE_LIMIT else Reason.UNREADABLE
    return CODES.get(stripped.upper()) or LETTERS.get(stripped) or Reason.UNREADABLE


def read_word(text: str | None) -> Reason | None:
    """One cell of a column that holds words: the reason of a code, ``None`` for words.

    ``SUPP`` is a reason, the grade ``B-`` is not; nor is a ``9`` that stands for a grade.
    """
    answer = read(text)
    return answer if isinstance(answer, Reason) and answer is not Reason.UNREADABLE else None


def decode(text: pl.Series, *, width_ok: pl.Series | None = None) -> pl.DataFrame:
    """Decode one raw-text column, each of its distinct texts once.

    Returns a frame with ``value`` (Float64, null when there is none) and ``reason`` (UInt8: 0, or
    ``core.figures.reason_code``). ``18%`` and ``18`` both give 18.0. ``width_ok`` is False where
    the row ended before this column.
    """
    texts = text.cast(pl.String).rename("text")
    distinct = texts.unique()
    answers = [read(cell) for cell in distinct]
    table = pl.DataFrame(
        {
            "text": distinct,
            "value": [a if isinstance(a, float) else None for a in answers],
            "reason": [0 if isinstance(a, float) else reason_code(a) for a in answers],
        },
        schema={"text": pl.String, "value": pl.Float64, "reason": pl.UInt8},
    )
    decoded = (
        texts.to_frame()
        .join(table, on="text", how="left", maintain_order="left", nulls_equal=True)
        .select("value", "reason")
    )
    if width_ok is None:
        return decoded
    early = pl.lit(reason_code(Reason.ROW_ENDS_EARLY), pl.UInt8)
    return decoded.with_columns(width_ok.alias("ok")).select(
        value=pl.when("ok").then("value"),
        reason=pl.when("ok").then("reason").otherwise(early),
    )
