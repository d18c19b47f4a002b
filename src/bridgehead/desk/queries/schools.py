"""The list of schools: filtered, sorted and paged in the picture, never in the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from bridgehead.core.years import label
from bridgehead.desk.queries.figures import direction_words
from bridgehead.desk.queries.sight import Sight
from bridgehead.measures.model import Measure
from bridgehead.picture.model import Direction, Travel
from bridgehead.picture.picture import Picture
from bridgehead.web import words

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

#: The directions beside which the list prints how likely they are.
MOVING = frozenset(
    {
        Direction.DECLINING,
        Direction.PROBABLY_DECLINING,
        Direction.PROBABLY_IMPROVING,
        Direction.IMPROVING,
    }
)

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader asks of the list. ``sort`` is a column; a minus before it means descending."""

    words: str = ""
    phases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    authority: str = ""
    trust: str = ""
    figure: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class Row:
    """One school of the list, with the chosen figure in words; ``direction`` only for readers who
    may see it of every school."""

    urn: int
    name: str
    facts: str
    own: bool
    pupils: str
    value: str
    year: str
    england: str
    behind: str
    direction: str
    chance: str


def headline_figures(picture: Picture, phases: Iterable[str]) -> dict[str, Measure]:
    """Headline measures that the picture holds and that are about some of these phases."""
    wanted = set(phases)
    return {
        key: measure
        for key in picture.series_keys()
        if key.count(".") == 1
        and (measure := picture.measure(key)).headline
        and wanted & set(measure.phases)
    }


def figure_shown(ask: Ask, figures: dict[str, Measure], schools: pl.DataFrame) -> str:
    """The headline asked for, else the first of the phase asked for, else of the commonest phase;
    empty when the picture holds none."""
    if ask.figure in figures:
        return ask.figure
    common = schools["phase"].value_counts(sort=True)["phase"].to_list()
    return next(
        (
            key
            for phase in (*ask.phases, *common)
            for key, measure in figures.items()
            if phase in measure.phases
        ),
        "",
    )


def matching(schools: pl.DataFrame, ask: Ask, picture: Picture) -> pl.DataFrame:
    """The schools that fit what is asked."""
    keep = [pl.lit(value=True)]
    if ask.phases:
        keep.append(pl.col("phase").is_in(list(ask.phases)))
    if ask.types:
        keep.append(pl.col("type_group").is_in(list(ask.types)))
    if ask.authority:
        keep.append(pl.col("la_name") == ask.authority)
    if ask.trust:
        keep.append(pl.col("trust") == ask.trust)
    if ask.words.strip():
        keep.append(_says(ask.words, picture))
    return schools.filter(*keep)


def ordered(schools: pl.DataFrame, ask: Ask, seen: Sight, figure: str) -> pl.DataFrame:
    """The schools with the newest figure of one series beside each, in the order asked for. A list
    by direction is only for readers who may see it of every school."""
    columns = ["value", "year", "cohort", "england", "label", "p_up", "p_down"]
    if figure:
        latest = seen.picture.latest(figure).select("urn", *columns)
        schools = schools.join(latest, on="urn", how="left")
    else:
        schools = schools.with_columns(pl.lit(None).alias(column) for column in columns)
    by: dict[str, pl.Expr] = {
        "name": pl.col("name").str.to_lowercase(),
        "pupils": pl.col("pupils"),
        "figure": pl.col("value"),
    }
    if seen.every:
        order = {direction.value: place for place, direction in enumerate(DIRECTIONS)}
        by["direction"] = pl.col("label").cast(pl.String).replace_strict(order, default=None)
    return schools.sort(
        by.get(ask.sort.removeprefix("-"), by["name"]),
        pl.col("urn"),
        descending=[ask.sort.startswith("-"), False],
        nulls_last=True,
    )


def rows(schools: pl.DataFrame, seen: Sight, measure: Measure | None) -> tuple[Row, ...]:
    """The rows of one page, in words."""
    return tuple(_row(row, seen, measure) for row in schools.iter_rows(named=True))


def table(seen: Sight, ask: Ask) -> Iterator[list[Cell]]:
    """The whole filtered list with every headline figure as published: the rows of the download.

    The first row holds the headings. Only published figures: no direction, no proposal.
    """
    everyone = seen.schools()
    frame = matching(everyone, ask, seen.picture).sort("name", "urn")
    figures = headline_figures(seen.picture, everyone["phase"].unique())
    facts = {
        "URN": "urn",
        "School": "name",
        "Phase": "phase",
        "Type": "type_name",
        "Authority": "la_name",
        "Trust": "trust",
        "Town": "town",
        "Postcode": "postcode",
        "Pupils": "pupils",
    }
    heads: list[Cell] = list(facts)
    for number, (key, measure) in enumerate(figures.items()):
        latest = seen.picture.latest(key).select(
            "urn",
            *(pl.col(c).alias(f"{c}{number}") for c in ("value", "year", "cohort", "england")),
        )
        frame = frame.join(latest, on="urn", how="left", maintain_order="left")
        heads += [measure.title, "Year", "Pupils behind it", "England"]
    yield heads
    for row in frame.iter_rows(named=True):
        cells: list[Cell] = [row[column] for column in facts.values()]
        for number in range(len(figures)):
            year = row[f"year{number}"]
            cells += [
                row[f"value{number}"],
                None if year is None else label(year),
                row[f"cohort{number}"],
                row[f"england{number}"],
            ]
        yield cells


def _says(text: str, picture: Picture) -> pl.Expr:
    """Whether a school's name, town, postcode or any of its URNs holds the words."""
    bare = "".join(text.split()).casefold()
    named = pl.lit(value=True)
    about = pl.concat_str("name", "town", separator=" ", ignore_nulls=True).str.to_lowercase()
    for word in text.casefold().split():
        named = named & about.str.contains(word, literal=True)
    postcode = pl.col("postcode").fill_null("").str.replace_all(" ", "").str.to_lowercase()
    found = named | postcode.str.starts_with(bare)
    if bare.isascii() and bare.isdigit() and (urn := picture.resolve(int(bare))) is not None:
        found = found | (pl.col("urn") == urn)
    return found


def _row(row: dict[str, object], seen: Sight, measure: Measure | None) -> Row:
    def text(name: str) -> str:
        return str(row[name] or "")

    def shown(name: str) -> str:
        value = row[name]
        return measure.format(value) if measure and isinstance(value, float) else ""

    urn, pupils, year, cohort = row["urn"], row["pupils"], row["year"], row["cohort"]
    assert isinstance(urn, int)
    phase = text("phase_detail") or text("phase")
    facts = [phase[:1].upper() + phase[1:], text("type_name"), words.named(text("trust"))]
    facts.append(text("town"))
    chances = [p for p in (row["p_up"], row["p_down"]) if isinstance(p, float)]
    travel = Travel(Direction(text("label") or "not given"), None, None, None, None)
    visible = seen.every and measure is not None and bool(row["label"])
    given = visible and travel.label in MOVING
    return Row(
        urn=urn,
        name=text("name"),
        facts=" · ".join(fact for fact in facts if fact),
        own=urn in seen.own,
        pupils=f"{pupils:,}" if isinstance(pupils, int) else "",
        value=shown("value"),
        year=label(year) if isinstance(year, int) else "",
        england=shown("england"),
        behind=words.counted(round(cohort), "pupil") if isinstance(cohort, float) else "",
        direction=direction_words(travel, measure.high) if visible and measure else "",
        chance=f"{words.percent(max(chances))} likely" if given and chances else "",
    )
