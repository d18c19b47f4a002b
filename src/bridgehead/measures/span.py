"""In which academic years a measure exists, and which of them need a word."""

from dataclasses import dataclass

from bridgehead.core.fields import Fields
from bridgehead.core.years import label


@dataclass(frozen=True, slots=True)
class Span:
    """First and last year (``None``: still published), and years with a reason each."""

    first: int
    last: int | None
    missing: dict[int, str]
    marked: dict[int, str]
    breaks: dict[int, str]

    def holds(self, year: int) -> bool:
        """Whether the measure was published by school for this year."""
        return (
            year >= self.first
            and (self.last is None or year <= self.last)
            and year not in self.missing
        )


def read_span(fields: Fields) -> Span:
    """The ``years`` and ``breaks`` of a definition, refused where they contradict each other."""
    years = fields.within("years")
    first = years.year("first")
    assert first is not None  # `year` refuses a missing one
    span = Span(
        first=first,
        last=years.year("last", required=False),
        missing=years.years("missing"),
        marked=years.years("marked"),
        breaks=fields.years("breaks"),
    )
    years.done()
    if span.last is not None and span.last < span.first:
        years.refuse("last", "the last year is before the first.", "Swap them.", label(span.last))
    for name, given in (("missing", span.missing), ("marked", span.marked)):
        for year in given:
            if year < span.first or (span.last is not None and year > span.last):
                years.refuse(
                    name, "the year is outside first and last.", "Take it out.", label(year)
                )
    for year in span.marked.keys() & span.missing.keys():
        years.refuse("marked", "the year is missing as well.", "Keep one of them.", label(year))
    for year in span.breaks:
        if not span.holds(year) or year == span.first:
            fields.refuse(
                "breaks",
                "a break must stand in a year with figures, after the first.",
                "Name the first year of the new definition.",
                label(year),
            )
    return span
