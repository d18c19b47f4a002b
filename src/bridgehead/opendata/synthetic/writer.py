"""Write a synthetic England as files in their publishers' own layouts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bridgehead.opendata.synthetic import absence, census, gias, ks2, ks4, ks5, ofsted
from bridgehead.opendata.synthetic.england import England, make

STEPS: tuple[tuple[str, Callable[[England, Path], list[Path]]], ...] = (
    ("key stage 2", ks2.write),
    ("key stage 4", ks4.write),
    ("16 to 18", ks5.write),
    ("census", census.write),
    ("absence", absence.write),
    ("register", gias.write),
    ("inspections", ofsted.write),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and how long each step took."""

    folder: Path
    files: tuple[Path, ...]
    schools: int
    authority: int
    seconds: float


def write(
    folder: Path,
    *,
    schools: int = 5000,
    seed: int = 20261122,
    on_progress: Callable[[str, float], None] | None = None,
) -> Written:
    """Write about ``schools`` schools and ten years of figures into ``folder``.

    The same ``schools`` and ``seed`` give the same bytes. ``on_progress`` is told the name of each
    step and its seconds once it is done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    begun = last = time.perf_counter()
    england = make(schools, seed)
    files: list[Path] = []
    for name, step in STEPS:
        files += step(england, folder)
        now = time.perf_counter()
        if on_progress:
            on_progress(name, now - last)
        last = now
    return Written(folder, tuple(files), england.register.count, 990, last - begun)
