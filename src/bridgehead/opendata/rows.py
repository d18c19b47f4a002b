"""What each row of a file is about: its scope, phase, URN and LAESTAB."""

from itertools import accumulate

import polars as pl

from bridgehead.opendata.kind import Kind, digits
from bridgehead.opendata.tidy import scope_and_phase

_UNKNOWN_SCOPE = "other"
#: The register counts schools with six digits at most; a LAESTAB has seven.
MOST_URN = 999_999


def marked(kind: Kind, cells: pl.DataFrame, numbers: pl.Series, widths: pl.Series) -> pl.DataFrame:
    """The cells with the ``_`` columns of ``releases.Store`` beside them."""
    columns = cells.columns
    urn = kind.find(columns, kind.urn)
    la, establishment = kind.find(columns, kind.la), kind.find(columns, kind.establishment)
    scope: pl.Expr | pl.Series
    phase: pl.Expr | pl.Series
    if kind.tidy is None:
        scope, phase = _scope(kind, columns, la, establishment, urn)
    else:
        scope, phase = scope_and_phase(kind, cells)
    marks = cells.select(
        numbers.cast(pl.Int32).alias("_row"),
        scope.alias("_scope"),
        phase.alias("_phase"),
        _number(urn).alias("_urn"),
        _issued(_laestab(kind, cells, la, establishment)).alias("_laestab"),
        widths.cast(pl.Int32).alias("_width"),
    )
    return cells.with_columns(_in_pieces(mark, cells) for mark in marks)


def _in_pieces(mark: pl.Series, cells: pl.DataFrame) -> pl.Series:
    """A mark in pieces as long as those of the cells: while columns lie in different ones, polars
    copies all of a frame each time that it is asked for a few."""
    mark = mark.rechunk()
    lengths = cells.to_series(0).chunk_lengths()
    starts = accumulate(lengths, initial=0)
    return pl.concat(
        [mark.slice(at, long) for at, long in zip(starts, lengths, strict=False)], rechunk=False
    )


def _scope(
    kind: Kind, columns: list[str], la: str | None, establishment: str | None, urn: str | None
) -> tuple[pl.Expr, pl.Expr]:
    no_phase = pl.lit(None, pl.String)
    if kind.scope_column is not None:
        column = kind.find(columns, (kind.scope_column,))
        text = pl.col(column or "").str.strip_chars()
        return text.replace_strict(kind.scopes, default=_UNKNOWN_SCOPE), no_phase
    if not kind.national_mark:
        return pl.lit("school"), no_phase
    places = [pl.col(c).str.strip_chars() for c in (la, urn, establishment) if c is not None]
    national = pl.any_horizontal(p.eq(kind.national_mark).fill_null(False) for p in places)
    phases = [p.replace_strict(kind.national_phases, default=None) for p in places]
    scope = (
        pl.when(national)
        .then(pl.lit("england"))
        .when(digits(urn).is_not_null())
        .then(pl.lit("school"))
        .otherwise(pl.lit(_UNKNOWN_SCOPE))
    )
    return scope, pl.when(national).then(pl.coalesce(phases))


def _number(urn: str | None) -> pl.Expr:
    """The number of a school; null for what cannot be one."""
    number = digits(urn)
    return pl.when(number.is_between(1, MOST_URN)).then(number)


def _laestab(kind: Kind, cells: pl.DataFrame, la: str | None, establishment: str | None) -> pl.Expr:
    whole = kind.find(cells.columns, kind.laestab)
    if whole is None:
        number = digits(la) * 10_000 + digits(establishment)
        return number.cast(pl.Int32)
    plain = cells.select(digits(whole)).to_series()
    if plain.null_count() == cells[whole].null_count():
        return pl.lit(plain)
    return pl.col(whole).str.replace_all(r"\D", "").cast(pl.Int32, strict=False)  # 990/2001


def _issued(laestab: pl.Expr) -> pl.Expr:
    """A LAESTAB as it is issued (three digits of the authority, four from 1000); null for what only
    fills the place, by which schools that have nothing to do with one another would be one."""
    number = laestab % 10_000
    issued = laestab.is_between(1_000_000, 9_999_998) & (number >= 1_000)
    return pl.when(issued).then(laestab)


def school_urns(frame: pl.DataFrame) -> pl.Series:
    """The URNs of the rows that are about a school."""
    return frame.select(pl.col("_urn").filter(pl.col("_scope") == "school").drop_nulls())["_urn"]


def area(frame: pl.DataFrame, kind: Kind) -> str:
    """The local authority's code if all schools share it, else ``england``."""
    codes = pl.col("_laestab") // 10_000
    la = kind.find(frame.columns, kind.la)
    if la is not None:
        codes = digits(la)
    schools = pl.col("_scope") == "school"
    shared = frame.select(codes.filter(schools).drop_nulls().unique().alias("la"))["la"]
    return str(shared[0]) if len(shared) == 1 else "england"
