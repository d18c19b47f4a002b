"""Write the reference page of all measures: ``python -m bridgehead.measures.reference``."""

import sys
from collections.abc import Iterator
from pathlib import Path

from bridgehead.core.years import label
from bridgehead.measures.loader import DEFINITIONS, STAGES, in_reading_order, load
from bridgehead.measures.model import High, Law, Measure

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "measures.md"
_FIRST_COLUMN = 2015  # the present key stage 2 tests and the present absence threshold begin here

_STAGE_TITLES = {
    "ks2": "Key stage 2: the end of primary school",
    "ks4": "Key stage 4: the end of Year 11",
    "ks5": "16 to 18",
    "absence": "Absence",
    "suspensions": "Suspensions and permanent exclusions",
    "workforce": "Teachers",
    "census": "Who is in the school",
}
_HIGH = {
    High.BETTER: "Higher is better.",
    High.WORSE: "Lower is better.",
    High.NEITHER: "Neither high nor low is better: it is context.",
}
_LAW = {
    Law.PROPORTION: "a percentage of a cohort, so its noise is p(1−p)/n",
    Law.MEAN: "a mean over pupils with a standard deviation of {sigma:g} {unit}",
    Law.RATE: "a rate over pupils, with a standard deviation of {sigma:g} points between them",
    Law.CENSUS: "a count of who is there, without sampling noise",
}


def page(measures: dict[str, Measure]) -> str:
    """The whole page as Markdown."""
    lines = [
        "# Measures",
        "",
        "Written by `python -m bridgehead.measures.reference` from "
        "`src/bridgehead/measures/definitions/`; do not edit it by hand. "
        "To change or add a measure see [Add a measure](../how-to/add-a-measure.md).",
        "",
        f"There are {len(measures)} measures and "
        f"{sum(len(m.groups) for m in measures.values())} series. A series is a measure for one "
        "group of pupils; its key is the measure's key, a dot, and the group.",
    ]
    for stage in STAGES:
        of_stage = [m for m in in_reading_order(measures) if m.stage == stage]
        if of_stage:
            lines += ["", f"## {_STAGE_TITLES[stage]}", "", *_year_table(of_stage)]
            for measure in of_stage:
                lines += ["", *_section(measure)]
    return "\n".join(lines) + "\n"


def _year_table(measures: list[Measure]) -> Iterator[str]:
    """One row a measure, one column a year, up to the last year that any definition names."""
    named = [
        year
        for m in measures
        for year in (*m.missing_years, *m.marked_years, *(b.year for b in m.breaks))
    ]
    years = range(_FIRST_COLUMN, max(named, default=_FIRST_COLUMN) + 1)
    yield "● published by school · ○ published, read with care · – none · │ a break before the year"
    yield ""
    yield "| measure | " + " | ".join(label(year) for year in years) + " |"
    yield "|---|" + ":-:|" * len(years)
    for measure in measures:
        title = f"**{measure.title}**" if measure.headline else measure.title
        cells = " | ".join(_mark(measure, year) for year in years)
        yield f"| {title} `{measure.key}` | {cells} |"


def _mark(measure: Measure, year: int) -> str:
    if not measure.exists_in(year):
        return "–"
    broken = "│" if any(b.year == year for b in measure.breaks) else ""
    return broken + ("○" if year in measure.marked_years else "●")


def _section(measure: Measure) -> Iterator[str]:
    yield f"### {measure.title}"
    yield ""
    headline = " · a headline" if measure.headline else ""
    yield (
        f"`{measure.key}` · {measure.unit_words} · {measure.publisher}{headline} · "
        f"version {measure.version}, {measure.status}"
    )
    yield ""
    yield f"{_HIGH[measure.high]} {measure.why_it_matters}"
    yield ""
    yield f"**How it is worked out.** {measure.how}"
    yield ""
    yield f"**Example.** {measure.example}"
    yield ""
    law = _LAW[measure.law].format(sigma=measure.sigma or 0, unit=measure.unit_words)
    yield f"**As a statistic** it is {law}. {measure.sigma_source}".rstrip()
    yield ""
    yield from _years(measure)
    yield from _columns(measure)
    yield ""
    yield (
        f"Written by {measure.author}; checked by {measure.checker}; "
        f"to be looked at again by {measure.review_by}."
    )


def _years(measure: Measure) -> Iterator[str]:
    until = "" if measure.last_year is None else f" to {label(measure.last_year)}"
    yield f"- From {label(measure.first_year)}{until}."
    for year, why in measure.why_missing.items():
        yield f"- {label(year)}: none. {why}"
    for year, why in measure.marked_years.items():
        yield f"- {label(year)}: with care. {why}"
    for broken in measure.breaks:
        yield f"- Break at {label(broken.year)}: {broken.why}"
    if measure.minimum_cohort:
        yield f"- The publisher hides figures of fewer than {measure.minimum_cohort} pupils."
    if measure.england_by_definition is not None:
        yield f"- England is {measure.england_by_definition:g} by definition."
    if not measure.england_compares:
        yield "- England's row holds a total, so there is no comparison with England."
    yield ""


def _columns(measure: Measure) -> Iterator[str]:
    yield "| group | file | column | cohort | limits | earlier years in the same file |"
    yield "|---|---|---|---|---|---|"
    for group in measure.groups.values():
        if group.is_gap:
            yield f"| `{group.key}` {group.label} | | | | | |"
        for source in (s for s in group.sources if s.offset == 0):
            since = f" from {label(source.first_year)}" if source.first_year else ""
            limits = f"`{source.lower}` `{source.upper}`" if source.lower else ""
            counted = f" in {source.cohort_file}" if source.cohort_file else ""
            cohort = f"`{source.cohort}`{counted}" if source.cohort else ""
            chosen = "; ".join(f"{column} {texts[0]}" for column, texts in source.where)
            where = f" ({chosen})" if chosen else ""
            history = [s.value for s in group.sources if s.offset == -1 and s.kind == source.kind]
            like = f"such as `{history[0]}`" if history else ""
            yield (
                f"| `{group.key}` {group.label} | {source.kind}{since} | `{source.value}`{where} "
                f"| {cohort} | {limits} | {like} |"
            )


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(load(DEFINITIONS)), encoding="utf-8")
    sys.stdout.write(f"{target}\n")
