"""Numbers as their publishers print them, and files as their publishers lay them out."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
LAYOUTS = Path(__file__).parent / "layouts"


def words(text: str) -> tuple[str, ...]:
    """Words separated by spaces."""
    return tuple(text.split())


@cache
def layout(name: str) -> tuple[str, ...]:
    """The column names of one publisher's layout, in order. ``{1}`` stands for the year before."""
    return tuple((LAYOUTS / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def printed(number: float, decimals: int) -> str:
    """``-12.0`` → ``-12``, ``0.30`` → ``0.3``: without the noughts that publishers leave out."""
    text = f"{number:.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def cells(
    values: Floats | Ints,
    *,
    decimals: int = 0,
    suffix: str = "",
    hidden: Flags | None = None,
    missing: str = "",
    fixed: bool = False,
) -> pl.Series:
    """One column as text: ``SUPP`` where ``hidden``, ``missing`` where there is no number.

    Half is rounded up, as publishers do. ``fixed`` keeps trailing noughts (``0.00%``).
    """
    numbers = np.asarray(values, dtype=np.float64)
    absent = np.isnan(numbers)
    scaled = np.floor(np.where(absent, 0.0, numbers) * 10**decimals + 0.5).astype(np.int64)
    distinct, place = np.unique(scaled, return_inverse=True)
    words = [
        (f"{k / 10**decimals:.{decimals}f}" if fixed else printed(k / 10**decimals, decimals))
        + suffix
        for k in distinct.tolist()
    ]
    words += [missing, "SUPP"]
    index = np.where(absent, len(words) - 2, place.reshape(-1))
    if hidden is not None:
        index = np.where(hidden, len(words) - 1, index)
    return pl.Series(words, dtype=pl.String).gather(index)


def table(
    columns: tuple[str, ...], given: Mapping[str, pl.Series | str], height: int
) -> pl.DataFrame:
    """A frame of text with exactly these columns; those not given are empty."""
    unknown = set(given) - set(columns)
    if unknown:
        raise KeyError(f"not in this layout: {sorted(unknown)}")
    blank = pl.repeat("", height, dtype=pl.String, eager=True)
    made = {}
    for name in columns:
        value = given.get(name, blank)
        made[name] = (
            pl.repeat(value, height, dtype=pl.String, eager=True)
            if isinstance(value, str)
            else value
        )
    return pl.DataFrame(made)


def _quoted(*, always: bool) -> pl.Expr:
    """Every column, in quotation marks where it needs them or where the publisher puts them."""
    text = pl.all()
    dressed = pl.lit('"') + text.str.replace_all('"', '""', literal=True) + pl.lit('"')
    if always:
        return dressed.name.keep()
    return pl.when(text.str.contains('[",]')).then(dressed).otherwise(text).name.keep()


def save(
    path: Path,
    frame: pl.DataFrame,
    *,
    encoding: str = "utf-8",
    newline: str = "\r\n",
    quote: bool = False,
    widths: Ints | None = None,
) -> None:
    """Write a frame of text as a publisher would.

    ``encoding`` is ``utf-8-sig`` for a file with a byte order mark or ``cp1252``; ``widths`` says
    after how many fields each row stops, for the publishers whose short rows stop early; ``quote``
    puts every field in quotation marks.
    """
    columns = frame.columns
    dressed = frame.select(_quoted(always=quote))
    if widths is None:
        widths = np.full(frame.height, len(columns), dtype=np.int64)
    line = pl.lit("", dtype=pl.String)
    for width in np.unique(widths).tolist():
        joined = pl.concat_str(columns[:width], separator=",")
        line = pl.when(pl.col("_width") == width).then(joined).otherwise(line)
    lines = dressed.with_columns(pl.Series("_width", widths)).select(line.alias("line"))["line"]
    mark = '"' if quote else ""
    header = ",".join(
        f"{mark}{name}{mark}" if quote or "," not in name else f'"{name}"' for name in columns
    )
    with path.open("wb") as file:
        file.write((header + newline).encode(encoding))
        plain = "utf-8" if encoding == "utf-8-sig" else encoding
        for part in lines.to_frame().iter_slices(5000):
            rows = part["line"].to_list()
            file.write((newline.join(rows) + newline).encode(plain))
