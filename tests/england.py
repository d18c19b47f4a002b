"""The synthetic England of the tests: 200 schools, written, loaded and put in context.

Making it takes longer than most tests, so it is kept from run to run under a digest of the code
that makes it, and each run works on a copy.
"""

import hashlib
import shutil
from pathlib import Path

from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.opendata.synthetic import write
from bridgehead.picture.build import build

SCHOOLS = 200
KEPT = 3  # runs of colleagues with other code may be under way
_SOURCE = Path(__file__).parents[1] / "src" / "bridgehead"
_MAKERS = ("core", "opendata", "measures", "picture")


def england_in(home: Path, *, cache: Path) -> Path:
    """Put the England into a home, made now or taken from the cache."""
    kept = cache / digest()
    if not kept.exists():
        making = cache / f"{kept.name}.making"
        shutil.rmtree(making, ignore_errors=True)
        write(making / "files", schools=SCHOOLS)
        load([making / "files"], store=Store(making))
        build(making)
        making.rename(kept)
        _forget_all_but_the_newest(cache)
    shutil.copytree(kept, home)
    return home


def digest() -> str:
    """Twelve hex digits over every file that has a say in what is made."""
    total = hashlib.sha256()
    for package in _MAKERS:
        for path in sorted((_SOURCE / package).rglob("*")):
            if path.suffix in {".py", ".yaml"}:
                total.update(path.read_bytes())
    return total.hexdigest()[:12]


def _forget_all_but_the_newest(cache: Path) -> None:
    by_age = sorted(cache.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in by_age[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
