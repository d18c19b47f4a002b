"""Reading the YAML files that people write, field by field, so that every fault has a name."""

from difflib import get_close_matches
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from bridgehead.core.errors import Refused
from bridgehead.core.years import parse_year

E = TypeVar("E", bound=StrEnum)

#: The C parser reads the definitions ten times faster; it is missing from some builds of PyYAML.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> "Fields":
    """The fields of a YAML file. Raises ``Refused`` when it holds none."""
    return Fields(parse_yaml(read_text(path), file=path.name), file=path.name)


def read_text(path: Path) -> str:
    """The text of a file that people write. Raises ``Refused`` where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise Refused("the file is not UTF-8 text.", "Save it as UTF-8.", file=path.name) from fault


def parse_yaml(text: str, *, file: str) -> dict[Any, Any]:
    """The outermost mapping of a YAML text. Raises ``Refused`` where there is none, or where a
    mapping has a key twice."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        _once_only(node, set())
        content = loader.construct_document(node) if node else None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Refused(
            f"the file is not valid YAML: {getattr(fault, 'problem', fault)}.",
            "Compare with one that works; indentation is two spaces.",
            file=file,
            row=mark.line + 1 if mark else None,
        ) from fault
    if not isinstance(content, dict):
        raise Refused("the file holds no fields.", "Copy one that works.", file=file)
    return content


def _once_only(node: Any, visited: set[int]) -> None:
    """Refuse a key written twice in one mapping, where YAML would keep the last in silence.

    ``visited`` holds the ids of nodes already seen: an anchor may stand inside itself.
    """
    if id(node) in visited:
        return
    visited.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _once_only(item, visited)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                problem = f"the key {key.value!r} is written twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
            _once_only(value, visited)


class Fields:
    """The fields of one mapping. Each is taken once, with its type; ``done`` refuses the rest."""

    def __init__(self, content: dict[Any, Any], *, file: str, inside: str = "") -> None:
        self.content = content
        self.file = file
        self.inside = inside
        self.known: set[str] = set()

    def refuse(self, name: str, problem: str, remedy: str, value: object = None) -> NoReturn:
        """Raise ``Refused`` naming the file and the field."""
        where = f"{self.inside}.{name}" if self.inside else name
        shown = None if value is None else str(value)
        raise Refused(problem, remedy, file=self.file, column=where, value=shown)

    def _take(self, name: str, kinds: tuple[type, ...], wanted: str, required: bool) -> Any:
        self.known.add(name)
        value = self.content.get(name)
        if value is None:
            if required:
                self.refuse(name, "the field is missing.", f"Add `{name}:` with {wanted}.")
            return None
        is_bool = isinstance(value, bool)  # a bool is an int in Python, but not to a reader of YAML
        if not isinstance(value, kinds) or (is_bool and bool not in kinds):
            self.refuse(name, f"this is not {wanted}.", f"Write {wanted}.", value)
        return value

    def text(self, name: str, *, required: bool = True) -> str:
        """Text on one line: runs of white space become one space. Empty when absent."""
        value = self._take(name, (str,), "text", required)
        text = " ".join(str(value or "").split())
        if required and not text:
            self.refuse(name, "the field is empty.", f"Write some text after `{name}:`.")
        return text

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """Text that must be one of a few words."""
        value = self.text(name)
        if value not in allowed:
            self.refuse(name, "this word is not known here.", f"Use {_list(allowed)}.", value)
        return value

    def choice(self, name: str, kind: type[E]) -> E:
        """A member of an enum, by its value."""
        return kind(self.one_of(name, tuple(member.value for member in kind)))

    def number(self, name: str, *, required: bool = True) -> float | None:
        """Any number."""
        value = self._take(name, (int, float), "a number", required)
        return None if value is None else float(value)

    def between(self, name: Any, low: float, high: float = inf) -> float:
        """A number from ``low`` to ``high``, both included."""
        value = self._take(name, (int, float), "a number", True)
        if not low <= value <= high:
            wanted = f"{low:g} or more" if high == inf else f"a number from {low:g} to {high:g}"
            self.refuse(name, "this number cannot be used.", f"Write {wanted}.", value)
        return float(value)

    def whole(self, name: str, *, at_least: int) -> int:
        """A whole number not below ``at_least``."""
        value = self._take(name, (int,), "a whole number", True)
        if value < at_least:
            self.refuse(name, "the number is too small.", f"Use {at_least} or more.", value)
        return int(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """``true`` or ``false``."""
        value = self._take(name, (bool,), "true or false", False)
        return default if value is None else bool(value)

    def words(self, name: str, *, required: bool = True) -> tuple[str, ...]:
        """One text, or a list of texts."""
        value = self._take(name, (str, list), "text or a list of texts", required)
        items = [value] if isinstance(value, str) else list(value or ())
        if not all(isinstance(item, str) and item for item in items) or (required and not items):
            self.refuse(name, "this is not a list of texts.", "Write it like [one, two].", value)
        return tuple(items)

    def year(self, name: str, *, required: bool = True) -> int | None:
        """An academic year such as ``2018/19``, as the integer in which it starts."""
        value = self._take(name, (str,), "an academic year like 2018/19", required)
        return None if value is None else self._year(name, value)

    def _year(self, name: str, value: object) -> int:
        try:
            return parse_year(str(value))
        except ValueError:
            self.refuse(name, "this is not an academic year.", "Write it like 2018/19.", value)

    def years(self, name: str) -> dict[int, str]:
        """A mapping from academic years to a reason in words, in order of year."""
        value = self._take(name, (dict,), "years with a reason each", False) or {}
        found: dict[int, str] = {}
        for written, reason in value.items():
            if not isinstance(reason, str) or not reason.strip():
                self.refuse(name, "a year has no reason.", "Write 2019/20: and why.", written)
            found[self._year(name, written)] = " ".join(reason.split())
        return dict(sorted(found.items()))

    def within(self, name: str, *, required: bool = True) -> "Fields":
        """A mapping inside this one."""
        value = self._take(name, (dict,), "fields of its own", required)
        return self.sub(name, value or {})

    def sub(self, name: str, content: dict[Any, Any]) -> "Fields":
        """Fields of a mapping found inside this one, named so in refusals."""
        inside = f"{self.inside}.{name}" if self.inside else name
        return Fields(content, file=self.file, inside=inside)

    def done(self) -> None:
        """Refuse every field that nobody asked for, with the nearest known name."""
        for name in self.content:
            if name not in self.known:
                near = get_close_matches(str(name), self.known, n=1)
                hint = f"Did you mean `{near[0]}`?" if near else f"Use {_list(sorted(self.known))}."
                self.refuse(str(name), "this field is not known.", hint)


def _list(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(words)
