"""The groups of a measure, and the published columns that hold each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.core.fields import Fields
from bridgehead.measures.model import Group, Source
from bridgehead.measures.span import Span
from bridgehead.opendata.sources import KINDS as FILES

#: Groups in reading order, with the words for people.
GROUPS = {
    "all": "All pupils",
    "disadvantaged": "Disadvantaged pupils",
    "others": "Other pupils",
    "gap": "Gap: disadvantaged pupils here less other pupils in England",
    "boys": "Boys",
    "girls": "Girls",
    "eal": "Pupils with English as an additional language",
    "sen": "Pupils with special educational needs",
    "prior_low": "Low prior attainment",
    "prior_middle": "Middle prior attainment",
    "prior_high": "High prior attainment",
    "non_mobile": "Pupils who did not change school late",
}
KINDS = tuple(key for key, kind in FILES.items() if kind.timed_by_year)
TIDY = tuple(key for key, kind in FILES.items() if kind.tidy is not None)

#: A file carries at most four years of history (2022/23 files reach back over the pandemic).
_YEARS_BACK = 4
#: The last file for which the suffixes of history columns are worked out.
_LAST_FILE = 2039
_PREVIOUS = {-1: "PREV", -2: "PREV2"}


def read_groups(fields: Fields, span: Span) -> dict[str, Group]:
    """The ``groups`` of a definition in reading order.

    ``file`` on the definition is the kind of file; a group's source may name another. A group is
    a mapping, a list of mappings (in order of preference), or for ``gap`` the word ``true``.
    ``tidy`` on the definition says where tidy files hold the same figure for every group.
    """
    kind = fields.one_of("file", KINDS)
    groups = fields.within("groups")
    if "all" not in groups.content:
        groups.refuse("all", "the group is missing.", "Every measure needs a group `all:`.")
    found: dict[str, Group] = {}
    for key, words in GROUPS.items():
        if key == "gap":
            if groups.flag("gap"):
                found[key] = Group(key, words, (), is_gap=True)
            continue
        groups.known.add(key)
        written = groups.content.get(key)
        if key not in groups.content:
            continue
        if not written:
            groups.refuse(key, "the group has no source.", "Add `value:` with a column name.")
        entries = written if isinstance(written, list) else [written]
        sources = [s for entry in entries for s in _sources(groups, key, entry, kind, span)]
        found[key] = Group(key, words, tuple(sources))
    groups.done()
    for entry in _tidy_entries(fields):
        for key, group in found.items():
            if not group.is_gap and (not entry.only or key in entry.only):
                sources = [*group.sources, *entry.sources(group)]
                found[key] = Group(key, group.label, tuple(sources))
    if "gap" in found and not {"disadvantaged", "others"} <= found.keys():
        groups.refuse("gap", "a gap needs two groups.", "Add `disadvantaged:` and `others:`.")
    return found


@dataclass(frozen=True, slots=True)
class _Tidy:
    """Where one kind of tidy file holds a measure, for each group in a row of its own."""

    source: Source
    only: tuple[str, ...]

    def sources(self, group: Group) -> Iterator[Source]:
        """The source of one group. Where another file counts the pupils, it does so under the name
        that they have in the older tables."""
        if self.source.cohort_file is None:
            yield self.source
            return
        cohort = next((s.cohort for s in group.sources if s.cohort and s.offset == 0), None)
        if cohort is not None:
            yield replace(self.source, cohort=cohort)


def _tidy_entries(fields: Fields) -> Iterator[_Tidy]:
    fields.known.add("tidy")
    written = fields.content.get("tidy")
    for entry in written if isinstance(written, list) else [written] if written else []:
        if not isinstance(entry, dict):
            fields.refuse("tidy", "this is not a source.", "Write `file:` and `value:`.", entry)
        yield _tidy(fields.sub("tidy", entry))


def _tidy(fields: Fields) -> _Tidy:
    first = fields.year("first_file", required=False)
    last = fields.year("last_file", required=False)
    cohort_file = fields.one_of("cohort_file", TIDY) if "cohort_file" in fields.content else None
    fields.known.add("cohort_file")
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    if "where" in fields.content:
        inside = fields.within("where")
        where = tuple((column, inside.words(column)) for column in inside.content)
    fields.known.add("where")
    only = fields.words("only", required=False)
    if unknown := [key for key in only if key not in GROUPS or key == "gap"]:
        fields.refuse("only", "not a group.", f"Use {', '.join(GROUPS)}.", unknown[0])
    source = Source(
        kind=fields.one_of("file", TIDY),
        value=fields.text("value"),
        cohort=fields.text("cohort", required=False) or None,
        lower=fields.text("lower", required=False) or None,
        upper=fields.text("upper", required=False) or None,
        first_year=first,
        last_year=last,
        where=where,
        cohort_file=cohort_file,
    )
    fields.done()
    if cohort_file is not None and source.cohort is not None:
        fields.refuse(
            "cohort_file", "the cohort is named twice.", "Keep `cohort` or `cohort_file`."
        )
    return _Tidy(source, only)


def _sources(groups: Fields, key: str, entry: Any, kind: str, span: Span) -> Iterator[Source]:
    """The sources of one entry: its own year's columns first, then the history it can carry."""
    if not isinstance(entry, dict):
        groups.refuse(key, "this is not a source.", "Write `value:` and a column name.", entry)
    fields = groups.sub(key, entry)
    kind = fields.one_of("file", KINDS) if "file" in entry else kind
    first = fields.year("first_file", required=False)
    last = fields.year("last_file", required=False)
    england = fields.text("england", required=False) or None
    fields.known.add("file")
    own = _columns(fields, required="history" not in entry)
    for value in own["value"]:
        yield Source(
            kind=kind,
            value=value,
            cohort=_one(own["cohort"]),
            lower=_one(own["lower"]),
            upper=_one(own["upper"]),
            england_value=england,
            first_year=first,
            last_year=last,
        )
    if "history" in entry:
        history = fields.within("history")
        patterns = _columns(history, required=True)
        for pattern in (column for columns in patterns.values() for column in columns):
            if pattern.count("{") != 1 or not ("{yy}" in pattern or "{prev}" in pattern):
                history.refuse(
                    "value", "no year in the column.", "Write {yy} or {prev} in it.", pattern
                )
        history.done()
        yield from _history(patterns, kind, span, first_file=first, last_file=last)
    fields.done()
    if first is not None and last is not None and last < first:
        fields.refuse("last_file", "the last file is before the first.", "Swap them.")


def _columns(fields: Fields, *, required: bool) -> dict[str, tuple[str, ...]]:
    return {
        "value": fields.words("value", required=required),
        "cohort": fields.words("cohort", required=False),
        "lower": fields.words("lower", required=False),
        "upper": fields.words("upper", required=False),
    }


def _one(columns: tuple[str, ...]) -> str | None:
    return columns[0] if columns else None


def _history(
    patterns: dict[str, tuple[str, ...]],
    kind: str,
    span: Span,
    *,
    first_file: int | None,
    last_file: int | None,
) -> Iterator[Source]:
    """History columns, one source for each file year and year spoken of.

    ``{yy}`` stands for the calendar year in which the year spoken of ends (``_17`` is 2016/17);
    ``{prev}`` for ``PREV`` (the year before the file's) and ``PREV2`` (two before).
    """
    last_of_span = _LAST_FILE if span.last is None else span.last + _YEARS_BACK
    start = max(span.first, first_file or span.first)
    stop = min(last_of_span, last_file or last_of_span)
    for file_year in range(start, stop + 1):
        for offset in range(-1, -_YEARS_BACK - 1, -1):
            if not span.holds(file_year + offset):
                continue
            for pattern in patterns["value"]:
                if "{prev}" in pattern and offset not in _PREVIOUS:
                    continue
                words = {
                    "yy": f"{(file_year + offset + 1) % 100:02d}",
                    "prev": _PREVIOUS.get(offset, ""),
                }
                style = "{prev}" if "{prev}" in pattern else "{yy}"
                rest = {
                    part: next((p.format(**words) for p in patterns[part] if style in p), None)
                    for part in ("cohort", "lower", "upper")
                }
                yield Source(
                    kind=kind,
                    value=pattern.format(**words),
                    offset=offset,
                    first_year=file_year,
                    last_year=file_year,
                    cohort=rest["cohort"],
                    lower=rest["lower"],
                    upper=rest["upper"],
                )
