"""What is kept, why, for how long and whose it is: the table ``kinds.yaml``, read strictly."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from bridgehead.core.fields import Fields, parse_yaml

FILE = "kinds.yaml"

#: Articles of the UK GDPR on which a kind may rest, in words.
BASES = {
    "6(1)(a)": "consent",
    "6(1)(b)": "a contract with the person",
    "6(1)(c)": "a legal obligation",
    "6(1)(d)": "vital interests",
    "6(1)(e)": "a task in the public interest or official authority",
    "6(1)(f)": "legitimate interests",
}


class Holder(StrEnum):
    """Who decides about a kind of record: the controller."""

    PARTNERSHIP = "partnership"
    AUTHORITY = "authority"
    SCHOOL = "school"


class End(StrEnum):
    """What becomes of a record whose time is over."""

    DELETE = "delete"
    ERASE = "erase"
    KEEP = "keep"
    BY_HAND = "by hand"

    @property
    def label(self) -> str:
        """For a page."""
        return {
            End.DELETE: "deleted by the site itself",
            End.ERASE: "name and address taken out by the site itself",
            End.KEEP: "kept",
            End.BY_HAND: "deleted by a person",
        }[self]


class Stance(StrEnum):
    """What a request for information meets first."""

    RELEASE = "release"
    CONSIDER = "consider"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in days, months or years."""

    count: int
    unit: str

    def before(self, today: date) -> date:
        """The last day that is as long ago: what is dated on it or earlier is over."""
        if self.unit == "day":
            return today - timedelta(days=self.count)
        months = self.count * (12 if self.unit == "year" else 1)
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count != 1 else ''}"


@dataclass(frozen=True, slots=True)
class Rows:
    """One table of a kind. ``model`` is a label such as ``people.Appointment``; the paths in
    ``date``, ``made``, ``person`` and ``urn`` lead over foreign keys by dots, ``self`` is the row
    itself."""

    model: str
    date: str
    made: str
    person: tuple[str, ...]
    address: tuple[str, ...]
    word: tuple[str, ...]
    text: tuple[str, ...]
    secret: frozenset[str]
    impersonal: frozenset[str]
    urn: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record. ``period`` is None where no date ends it; ``keep`` says it in words.
    ``exemptions`` are (section, words) and ``committee`` (paragraph, words). ``fixed`` kinds are
    never changed, only deleted. ``outside`` says where it lies if that is not the database."""

    key: str
    name: str
    holds: str
    purpose: str
    basis: tuple[str, ...]
    special: str
    holder: Holder
    period: Period | None
    keep: str
    end: End
    because: str
    stance: Stance
    exemptions: tuple[tuple[str, str], ...]
    committee: tuple[tuple[str, str], ...]
    fixed: bool
    rows: tuple[Rows, ...]
    outside: str

    @property
    def bases(self) -> list[str]:
        """The lawful bases in words."""
        return [f"Article {article}: {BASES[article]}" for article in self.basis]

    @property
    def personal(self) -> bool:
        """Whether a row of it may name somebody."""
        return any(r.person or r.address or r.word or r.text for r in self.rows)


def read_kinds(text: str) -> dict[str, Kind]:
    """Read the table. Raises ``Refused`` naming the kind and the field that is wrong, a table that
    is in two kinds, and a period that nobody could keep."""
    fields = Fields(parse_yaml(text, file=FILE), file=FILE)
    words = {part: _words(fields.within(part)) for part in ("exemptions", "committee")}
    within = fields.within("kinds")
    fields.done()
    found = {
        str(key): _kind(str(key), within.sub(str(key), content or {}), words)
        for key, content in within.content.items()
    }
    seen: dict[str, str] = {}
    for kind in found.values():
        for rows in kind.rows:
            if rows.model in seen:
                problem = f"{rows.model} is in {seen[rows.model]} too."
                within.refuse(kind.key, problem, "Leave it in one kind.")
            seen[rows.model] = kind.key
    return found


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of this installation, in the order in which the job takes them."""
    return read_kinds((files("bridgehead.records") / FILE).read_text(encoding="utf-8"))


def kind_of(model: str) -> Kind | None:
    """The kind that a table belongs to, by its label."""
    return next((k for k in kinds().values() for r in k.rows if r.model == model), None)


def _kind(key: str, fields: Fields, words: dict[str, dict[str, str]]) -> Kind:
    period, keep = _keep(fields)
    kind = Kind(
        key=key,
        name=fields.text("name"),
        holds=fields.text("holds"),
        purpose=fields.text("purpose"),
        basis=_known(fields, "basis", BASES),
        special=fields.text("special"),
        holder=fields.choice("holder", Holder),
        period=period,
        keep=keep,
        end=fields.choice("at_end", End),
        because=fields.text("because"),
        stance=fields.choice("stance", Stance),
        exemptions=_told(fields, "exemptions", words),
        committee=_told(fields, "committee", words),
        fixed=fields.flag("fixed"),
        rows=_all_rows(fields),
        outside=fields.text("outside", required=False),
    )
    fields.done()
    if bool(kind.rows) is bool(kind.outside):
        fields.refuse("rows", "a kind is in the database or outside it.", "Give rows or outside.")
    if (kind.end in {End.DELETE, End.ERASE}) is not (period is not None):
        fields.refuse("at_end", "the end does not fit the period.", "See the top of the file.")
    if period and (undated := [rows.model for rows in kind.rows if not rows.date]):
        fields.refuse("rows", "no date to count from.", "Give it a date.", ", ".join(undated))
    return kind


def _keep(fields: Fields) -> tuple[Period | None, str]:
    """The period, and how it is said."""
    keep = fields.within("keep")
    said = {word: keep.text(word, required=False) for word in ("for", "while", "until")}
    keep.done()
    if sum(map(bool, said.values())) != 1:
        fields.refuse("keep", "how long is not said.", "Write {for: 6 years} or {while: …}.")
    span = said["for"]
    if not span:
        return None, next(f"{word} {words}" for word, words in said.items() if words)
    count, _, unit = span.partition(" ")
    unit = unit.removesuffix("s")
    if not count.isdecimal() or int(count) < 1 or unit not in {"day", "month", "year"}:
        keep.refuse("for", "this is not a period.", "Write it like 90 days or 6 years.", span)
    period = Period(int(count), unit)
    return period, str(period)


def _all_rows(fields: Fields) -> tuple[Rows, ...]:
    within = fields.within("rows", required=False)
    return tuple(
        _rows(str(model), within.sub(str(model), content or {}))
        for model, content in within.content.items()
    )


def _rows(model: str, fields: Fields) -> Rows:
    rows = Rows(
        model=model,
        date=fields.text("date", required=False),
        made=fields.text("made", required=False) or fields.text("date", required=False),
        person=fields.words("person", required=False),
        address=fields.words("address", required=False),
        word=fields.words("word", required=False),
        text=fields.words("text", required=False),
        secret=frozenset(fields.words("secret", required=False)),
        impersonal=frozenset(fields.words("impersonal", required=False)),
        urn=fields.text("urn", required=False),
    )
    fields.done()
    return rows


def _known(fields: Fields, name: str, allowed: Any, *, required: bool = True) -> tuple[str, ...]:
    found = fields.words(name, required=required)
    if unknown := [each for each in found if each not in allowed]:
        fields.refuse(name, "this is not known.", f"Use {', '.join(allowed)}.", unknown[0])
    return found


def _told(
    fields: Fields, name: str, words: dict[str, dict[str, str]]
) -> tuple[tuple[str, str], ...]:
    known = words[name]
    return tuple((each, known[each]) for each in _known(fields, name, known, required=False))


def _words(fields: Fields) -> dict[str, str]:
    return {str(key): fields.text(key) for key in fields.content}
