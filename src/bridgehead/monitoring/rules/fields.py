"""Read a nested YAML mapping with types, refusing by the full name of the field."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from bridgehead.core.errors import Refused
from bridgehead.monitoring.rules.model import Outcome

T = TypeVar("T", str, float)

_REMEDY = "Compare with the default policy, which explains each field."


class Fields:
    """One mapping of the file. It remembers what was read, so that ``nothing_else`` can name
    a field that nobody knows (a misspelt field would otherwise be ignored in silence)."""

    def __init__(self, data: Any, file: str, path: str = "") -> None:
        self.file, self.path = file, path
        if not isinstance(data, dict):
            raise self.refuse("", "should hold named fields.")
        self.data: dict[str, Any] = {str(k): v for k, v in data.items()}
        self.read: set[str] = set()
        self.children: dict[str, Fields] = {}

    def refuse(self, field: str, problem: str, remedy: str = _REMEDY) -> Refused:
        """The refusal of a field, to be raised."""
        name = ".".join(p for p in (self.path, field) if p) or "the file"
        return Refused(f"{name} {problem}", remedy, self.file)

    def keys(self, field: str) -> list[str]:
        """The names within a mapping."""
        return list(self.part(field).data)

    def part(self, field: str, *, optional: bool = False) -> "Fields":
        """A mapping within this one."""
        if field not in self.children:
            path = ".".join(p for p in (self.path, field) if p)
            value = {} if optional and field not in self.data else self._value(field)
            self.children[field] = Fields(value, self.file, path)
        return self.children[field]

    def parts(self, field: str) -> list["Fields"]:
        """A list of mappings."""
        value = self._value(field)
        if not isinstance(value, list):
            raise self.refuse(field, "should be a list.")
        found = [
            Fields(v, self.file, f"{self.path}.{field}[{i}]".lstrip("."))
            for i, v in enumerate(value, 1)
        ]
        self.children.update({f"{field}[{i}]": r for i, r in enumerate(found)})
        return found

    def text(self, field: str) -> str:
        """Words, not empty."""
        value = self._value(field)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(field, f"should be words; it is {value!r}.")
        return value.strip()

    def choice(self, field: str, among: Iterable[str]) -> str:
        """One of several words."""
        value = self.text(field)
        if value not in among:
            raise self.refuse(field, f"should be one of {', '.join(among)}; it is {value!r}.")
        return value

    def whole(self, field: str, least: int, *, optional: bool = False) -> Any:
        """A whole number, no smaller than ``least``; None where it is optional and missing."""
        if optional and field not in self.data:
            return None
        value = self._value(field)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.refuse(field, f"should be a whole number from {least} on; it is {value!r}.")
        return value

    def flag(self, field: str) -> bool:
        """true or false."""
        value = self._value(field)
        if not isinstance(value, bool):
            raise self.refuse(field, f"should be true or false; it is {value!r}.")
        return value

    def day(self, field: str) -> date:
        """A date written 2026-11-01."""
        value = self._value(field)
        if not isinstance(value, date):
            raise self.refuse(field, f"should be a date such as 2026-11-01; it is {value!r}.")
        return value

    def words(self, field: str, *, optional: bool = False, lower: bool = True) -> tuple[str, ...]:
        """A list of words; in lower case, for comparing, unless said otherwise."""
        if optional and field not in self.data:
            return ()
        value = self._value(field)
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.refuse(
                field, f"should be a list of words (put yes, no and null in quotes): {value!r}."
            )
        return tuple(v.casefold() if lower else v for v in value)

    def outcome(self, field: str) -> Outcome:
        """One of the outcomes."""
        return Outcome(self.choice(field, [o.value for o in Outcome]))

    def outcomes(self, field: str) -> tuple[Outcome, ...]:
        """Several of the outcomes."""
        known = {o.value for o in Outcome}
        found = self.words(field, lower=False)
        if wrong := [w for w in found if w not in known]:
            raise self.refuse(field, f"says {wrong[0]!r}, which is not an outcome.")
        return tuple(Outcome(w) for w in found)

    def mapping(self, field: str, kind: type[T]) -> dict[str, T]:
        """Names to words, or names to numbers."""
        part = self.part(field)
        return part.exactly(list(part.data), kind)

    def exactly(self, names: Iterable[str], kind: type[T]) -> dict[str, T]:
        """This mapping's values for exactly these names."""
        if kind is str:
            return {n: kind(self.text(n)) for n in names}
        found: dict[str, T] = {}
        for name in names:
            value = self._value(name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.refuse(name, f"should be a number; it is {value!r}.")
            found[name] = kind(value)
        return found

    def nothing_else(self) -> None:
        """Refuse a field that nobody has read."""
        if unknown := sorted(set(self.data) - self.read - set(self.children)):
            raise self.refuse(unknown[0], "is not a field of a policy.", "Is it misspelt?")
        for child in self.children.values():
            child.nothing_else()

    def _value(self, field: str) -> Any:
        if field not in self.data:
            raise self.refuse(field, "is missing.")
        self.read.add(field)
        return self.data[field]
