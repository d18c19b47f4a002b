"""What a backup says of itself: the last part of its file, written when the others are there."""

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

NAME = "manifest.json"
FORMAT = 1
DATABASE, FILES = "database", "files"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the file: its size in bytes and the SHA-256 of its content."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``holds`` is ``database``, ``files`` or both. ``migrations`` are those that the database had
    had, such as ``people.0001_initial``; ``rows`` counts rows and ``last_ids`` gives the number
    that was given last, by model. ``left_out`` names what of the home the file does not hold."""

    bridgehead: str
    made_at: datetime
    holds: tuple[str, ...]
    vendor: str = ""
    migrations: tuple[str, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    last_ids: dict[str, int] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def nodes(self) -> list[tuple[str, str]]:
        """The migrations as (app, name)."""
        return [(app, name) for app, _, name in (m.partition(".") for m in self.migrations)]

    @property
    def entries(self) -> list[str]:
        """What stands at the top of the home, such as ``releases``, by name."""
        inside = (PurePosixPath(name).parts for name in self.parts)
        return sorted({parts[1] for parts in inside if parts[0] == FILES})

    @property
    def bytes(self) -> int:
        """How much room its parts need."""
        return sum(part.bytes for part in self.parts.values())

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``: all but the list of parts."""
        told = asdict(self) | {"made_at": self.made_at.isoformat(), "bytes": self.bytes}
        return told | {"parts": len(self.parts)}


def to_json(manifest: Manifest) -> str:
    """The manifest as it is written."""
    content = {"format": FORMAT} | asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)


def from_json(text: str | bytes) -> Manifest:
    """The manifest as it was written. Raises ``ValueError``, ``KeyError`` or ``TypeError`` where it
    is none, or has a part that would be written outside its place."""
    content = json.loads(text)
    if content["format"] != FORMAT:
        raise ValueError(f"format {content['format']}")
    known = {f.name for f in fields(Manifest)}
    read: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in content.items()
        if key in known
    }
    read["made_at"] = datetime.fromisoformat(read["made_at"])
    read["parts"] = {name: Part(**part) for name, part in read["parts"].items()}
    for name in read["parts"]:
        _check_place(name)
    return Manifest(**read)


def _check_place(name: str) -> None:
    pieces = name.split("/")
    strange = any(piece in {"", ".", ".."} or "\0" in piece or "\\" in piece for piece in pieces)
    if strange or len(pieces) < 2 or pieces[0] not in {DATABASE, FILES}:
        raise ValueError(f"a part called {name!r}")
    if pieces[0] == FILES and pieces[1].startswith("."):
        raise ValueError(f"a part called {name!r}")


def rows_of(label: str) -> str:
    """The part that holds the rows of a model."""
    return f"{DATABASE}/{label}.jsonl"
