"""Small made-up files in the publishers' layouts, written by the tests that read them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport

KS2_HEADER = "RECTYPE,LEA,ESTAB,URN,SCHNAME,TELIG,PTRWM_EXP,PTRWM_EXP_FSM6CLA1A,READPROG_B_LOWER_18"
KS2_ROWS = (
    "1,936,2001,100001,Synthetic A,30,61%,SUPP,-1.2",
    "1,936,2002,100002,Synthetic B,10,0%,NA,SUPP",
    "1,936,2003,100003,Synthetic C",
    "1,936,2004,100004,Synthetic D",
)
KS2_AGGREGATES = (
    "3,936, , , ,400,64%,45%, ",
    "4, , , , ,600000,65%,51%, ",
    "5, , , , ,590000,65%,51%, ",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file under a name and give its path."""

    def make(name: str, content: str | bytes) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


@pytest.fixture
def ks2() -> str:
    """A whole key stage 2 file of one authority: full rows, short ones and three aggregates."""
    return "\r\n".join([KS2_HEADER, *KS2_ROWS, *KS2_AGGREGATES])


@pytest.fixture
def load_one(store: Store) -> Callable[..., FileReport]:
    """Load one file and give its report."""

    def run(path: Path, **told: object) -> FileReport:
        (report,) = load([path], store=store, **told).files
        return report

    return run
