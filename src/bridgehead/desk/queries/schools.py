"""The list of schools: filtered, sorted and paged in the picture, never in the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from bridgehead.core.years import label
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.rules import Page, page
from bridgehead.measures.loader import series
from bridgehead.measures.model import Measure
from bridgehead.picture.model import Direction
from bridgehead.picture.picture import Picture

#: How a list by direction runs: those that may need someone first.
DIRECTIONS = (
    Direction.DECLINING,
    Direction.PROBABLY_DECLINING,
    Direction.NO_CLEAR_CHANGE,
    Direction.PROBABLY_IMPROVING,
    Direction.IMPROVING,
    Direction.TOO_FEW,
    Direction.NOT_GIVEN,
)
SORTS = ("name", "pupils", "figure", "direction")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader asks of the list. Words that fit nothing are simply without effect."""

    words: str = ""
    phases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    authority: str = ""
    trust: str = ""
    figure: str = ""
    sort: str = "name"
    down: bool = False
    page: str = "1"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter, with how many schools of the partnership it holds."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One school of the list, with the chosen figure in words; ``direction`` only for readers who
    may see it of every school."""

    urn: int
    name: str
    phase: str
    type_name: str
    place: str
    trust: str
    ages: str
    pupils: int | None
    figure: str
    year: str
    england: str
    cohort: str
    direction: Direction | None
    probability: float | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list and everything that the page around it needs."""

    rows: tuple[Row, ...]
    page: Page
    ask: Ask
    measure: Measure | None
    in_partnership: int
    phases: tuple[Option, ...]
    types: tuple[Option, ...]
    authorities: tuple[Option, ...]
    trusts: tuple[Option, ...]
    figures: tuple[Option, ...]
    directions: bool
    columns: dict[str, str] = field(default_factory=dict)


def find(seen: Sight, ask: Ask) -> Listing:
    """The page of schools that the reader asks for. No query: the sight holds the URNs."""
    everyone = seen.schools()
    figures = headline_figures(seen.picture, everyone)
    chosen = ask.figure if ask.figure in figures else _usual_figure(figures, ask, everyone)
    measure = figures.get(chosen)
    frame = _with_figure(_matching(everyone, ask, seen.picture), seen.picture, chosen)
    frame = _sorted(frame, ask, seen)
    here = page(ask.page, total=frame.height)
    rows = frame.slice(here.start, here.size).iter_rows(named=True)
    return Listing(
        rows=tuple(_row(row, measure, seen) for row in rows),
        page=here,
        ask=ask,
        measure=measure,
        in_partnership=everyone.height,
        phases=_options(everyone, "phase", ask.phases),
        types=_options(everyone, "type_group", ask.types),
        authorities=_options(everyone, "la_name", (ask.authority,)),
        trusts=_options(everyone, "trust", (ask.trust,)),
        figures=tuple(Option(k, m.title, 0, k == chosen) for k, m in figures.items()),
        directions=seen.every,
    )


def headline_figures(picture: Picture, schools: pl.DataFrame) -> dict[str, Measure]:
    """Headline series that the picture holds and that are about the phases of these schools."""
    phases = set(schools["phase"].unique())
    return {
        key: measure
        for key in picture.series_keys()
        if (measure := series(key)[0]).headline
        and key == measure.key
        and phases & set(measure.phases)
    }


def table(seen: Sight, ask: Ask) -> Iterator[list[str | float | int | None]]:
    """The whole filtered list with every headline figure as published: the rows of the download.

    The first row holds the headings. Only published figures: no direction, no proposal.
    """
    everyone = seen.schools()
    frame = _matching(everyone, ask, seen.picture).sort("name", "urn")
    figures = headline_figures(seen.picture, everyone)
    heads: list[str | float | int | None] = [
        "URN",
        "School",
        "Phase",
        "Type",
        "Authority",
        "Trust",
        "Town",
        "Postcode",
        "Pupils",
    ]
    for number, (key, measure) in enumerate(figures.items()):
        latest = seen.picture.latest(key).select(
            "urn",
            *(pl.col(c).alias(f"{c}{number}") for c in ("value", "year", "cohort", "england")),
        )
        frame = frame.join(latest, on="urn", how="left", maintain_order="left")
        heads += [measure.title, "Year", "Pupils behind it", "England"]
    yield heads
    for row in frame.iter_rows(named=True):
        cells: list[str | float | int | None] = [
            row["urn"],
            row["name"],
            row["phase"],
            row["type_name"],
            row["la_name"],
            row["trust"],
            row["town"],
            row["postcode"],
            row["pupils"],
        ]
        for number in range(len(figures)):
            year = row[f"year{number}"]
            cells += [
                row[f"value{number}"],
                None if year is None else label(year),
                row[f"cohort{number}"],
                row[f"england{number}"],
            ]
        yield cells


def _matching(frame: pl.DataFrame, ask: Ask, picture: Picture) -> pl.DataFrame:
    keep = [pl.lit(value=True)]
    if ask.phases:
        keep.append(pl.col("phase").is_in(list(ask.phases)))
    if ask.types:
        keep.append(pl.col("type_group").is_in(list(ask.types)))
    if ask.authority:
        keep.append(pl.col("la_name") == ask.authority)
    if ask.trust:
        keep.append(pl.col("trust") == ask.trust)
    if words := ask.words.strip():
        keep.append(_says(words, picture))
    return frame.filter(*keep)


def _says(words: str, picture: Picture) -> pl.Expr:
    """Whether a school's name, town, postcode or any of its URNs holds the words."""
    bare = "".join(words.split()).casefold()
    named = pl.lit(value=True)
    for word in words.casefold().split():
        text = pl.concat_str("name", "town", separator=" ", ignore_nulls=True).str.to_lowercase()
        named = named & text.str.contains(word, literal=True)
    postcode = pl.col("postcode").fill_null("").str.replace_all(" ", "").str.to_lowercase()
    found = named | postcode.str.starts_with(bare)
    if bare.isascii() and bare.isdigit() and (urn := picture.resolve(int(bare))) is not None:
        found = found | (pl.col("urn") == urn)
    return found


def _with_figure(frame: pl.DataFrame, picture: Picture, key: str) -> pl.DataFrame:
    columns = ["value", "year", "cohort", "england", "label", "p_up", "p_down"]
    if not key:
        return frame.with_columns(pl.lit(None).alias(column) for column in columns)
    return frame.join(picture.latest(key).select("urn", *columns), on="urn", how="left")


def _sorted(frame: pl.DataFrame, ask: Ask, seen: Sight) -> pl.DataFrame:
    by: dict[str, pl.Expr] = {
        "name": pl.col("name").str.to_lowercase(),
        "pupils": pl.col("pupils"),
        "figure": pl.col("value"),
    }
    if seen.every:
        order = {direction.value: place for place, direction in enumerate(DIRECTIONS)}
        by["direction"] = pl.col("label").cast(pl.String).replace_strict(order, default=None)
    return frame.sort(
        by.get(ask.sort, by["name"]),
        pl.col("urn"),
        descending=[ask.down, False],
        nulls_last=True,
    )


def _usual_figure(figures: dict[str, Measure], ask: Ask, everyone: pl.DataFrame) -> str:
    """The first headline of the phase asked for, else of the phase with most schools."""
    common = everyone["phase"].value_counts(sort=True)["phase"].to_list()
    for phase in (*ask.phases, *common):
        for key, measure in figures.items():
            if phase in measure.phases:
                return key
    return ""


def _options(frame: pl.DataFrame, column: str, chosen: tuple[str, ...]) -> tuple[Option, ...]:
    counts = frame.filter(pl.col(column).fill_null("") != "")[column].value_counts()
    return tuple(
        Option(value, value[:1].upper() + value[1:], count, value in chosen)
        for value, count in sorted(counts.iter_rows(), key=lambda pair: pair[0].casefold())
    )


def _row(row: dict[str, object], measure: Measure | None, seen: Sight) -> Row:
    def text(name: str) -> str:
        return str(row[name] or "")

    def shown(name: str) -> str:
        value = row[name]
        return measure.format(value) if measure and isinstance(value, float) else ""

    low, high, year, cohort = row["low_age"], row["high_age"], row["year"], row["cohort"]
    pupils, urn = row["pupils"], row["urn"]
    chances = [p for p in (row["p_up"], row["p_down"]) if isinstance(p, float)]
    assert isinstance(urn, int)
    return Row(
        urn=urn,
        name=text("name"),
        phase=text("phase_detail") or text("phase"),
        type_name=text("type_name"),
        place=", ".join(part for part in (text("town"), text("postcode")) if part),
        trust=text("trust"),
        ages="" if low is None or high is None else f"{low} to {high}",
        pupils=pupils if isinstance(pupils, int) else None,
        figure=shown("value"),
        year=label(year) if isinstance(year, int) else "",
        england=shown("england"),
        cohort=f"{cohort:,.0f}" if isinstance(cohort, float) else "",
        direction=Direction(text("label")) if seen.every and row["label"] else None,
        probability=max(chances) if seen.every and chances else None,
    )
