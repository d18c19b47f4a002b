"""Raw text → number or reason, column by column."""

import polars as pl


def decode(text: pl.Series, *, width_ok: pl.Series | None = None) -> pl.DataFrame:
    """Decode one raw-text column.

    Returns a frame with ``value`` (Float64, null when there is none) and ``reason`` (UInt8: 0, or
    ``core.figures.reason_code``). ``18%`` and ``18`` both give 18.0. ``width_ok`` is False where
    the row ended before this column.
    """
    raise NotImplementedError
