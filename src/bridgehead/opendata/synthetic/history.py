"""History columns: what the same file said one and two years before."""

from collections.abc import Callable

import polars as pl

from bridgehead.opendata.synthetic.identity import Identity
from bridgehead.opendata.synthetic.text import Flags, Ints


def add(
    given: dict[str, pl.Series | str],
    identity: Identity,
    before: dict[int, pl.DataFrame],
    year: int,
    source: dict[int, dict[str, str]],
) -> None:
    """Fill history columns, for the same school whatever its URN was then.

    ``source`` maps how many years back → history column → the column of that year's own file.
    """
    site = pl.DataFrame({"_site": identity.site_rows()})
    for back, columns in source.items():
        then = before.get(year - back)
        if then is None:
            continue
        known = {c: s for c, s in columns.items() if s in then.columns}
        joined = site.join(
            then.select("_site", *(pl.col(s).alias(c) for c, s in known.items())),
            on="_site",
            how="left",
            maintain_order="left",
        )
        for column in known:
            given[column] = joined[column].fill_null("")


def suffixed(
    columns: tuple[str, ...], year: int, marks: Callable[[int], str]
) -> dict[int, dict[str, str]]:
    """Which columns speak of one and of two years back, by the mark that they hold.

    ``READPROG_LOWER_18`` in 2018/19 is last year's ``READPROG_LOWER``. The publisher's own change
    of case (``PTNOTFSM6CLA1A_18``) is undone by ignoring case.
    """
    present = {name.lower(): name for name in columns}
    out: dict[int, dict[str, str]] = {}
    for back in (1, 2):
        mark = marks(year - back)
        out[back] = {}
        for name in columns:
            head, found, tail = name.partition(mark)
            if found and (not tail or tail.startswith("_")):
                plain = present.get((head + tail).lower())
                if plain:
                    out[back][name] = plain
    return out


def put(series: pl.Series | str, where: Flags, text: str) -> pl.Series:
    """The series with ``text`` in the rows of ``where``."""
    held = series if isinstance(series, pl.Series) else pl.Series([series] * len(where))
    return held.set(pl.Series(where), text)


def spread(
    figures: dict[str, pl.Series], place: Ints, columns: tuple[str, ...]
) -> dict[str, pl.Series]:
    """Those figures that are among ``columns``, onto the rows of the file (-1: no figures)."""
    frame = pl.DataFrame({n: s for n, s in figures.items() if n in columns})
    rows = pl.Series(place).replace(-1, None)
    return frame.select(pl.all().gather(rows).fill_null("")).to_dict()
