"""Small published files, invented, in the publishers' layout."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store

COLUMNS = (
    "RECTYPE",
    "LEA",
    "ESTAB",
    "URN",
    "SCHNAME",
    "NFTYPE",
    "AGERANGE",
    "TOTPUPS",
    "TELIG",
    "TFSM6CLA1A",
    "TNotFSM6CLA1A",
    "PTRWM_EXP",
    "PTRWM_EXP_FSM6CLA1A",
    "PTRWM_EXP_NotFSM6CLA1A",
)
ENGLAND = {
    "RECTYPE": "5",
    "TELIG": "600000",
    "PTRWM_EXP": "61%",
    "PTRWM_EXP_FSM6CLA1A": "47%",
    "PTRWM_EXP_NotFSM6CLA1A": "67%",
}


def school_row(urn: int, **cells: str) -> dict[str, str]:
    """One mainstream primary's row; ``cells`` overwrite."""
    row = {
        "RECTYPE": "1",
        "LEA": "990",
        "ESTAB": str(2000 + urn % 1000),
        "URN": str(urn),
        "SCHNAME": f"Invented School {urn}",
        "NFTYPE": "CY",
        "AGERANGE": "4-11",
        "TOTPUPS": "210",
        "TELIG": "30",
        "TFSM6CLA1A": "10",
        "TNotFSM6CLA1A": "20",
        "PTRWM_EXP": "60%",
        "PTRWM_EXP_FSM6CLA1A": "50%",
        "PTRWM_EXP_NotFSM6CLA1A": "65%",
    }
    return row | cells


@pytest.fixture
def school() -> Callable[..., dict[str, str]]:
    """Makes rows of invented schools."""
    return school_row


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def publish(home: Path, tmp_path: Path) -> Callable[..., str]:
    """``publish("2016-2017", [school(…)], status="final")`` writes a file and loads it; gives the
    release. ``extra`` names further columns."""
    minutes = count()

    def write(
        years: str,
        rows: list[dict[str, str]],
        status: str = "final",
        extra: tuple[str, ...] = (),
        england: dict[str, str] | None = None,
    ) -> str:
        minute = next(minutes)
        path = tmp_path / f"{years}_990_ks2{status}_{minute}_synthetic.csv"
        last = ENGLAND | (england or {})
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow([*COLUMNS, *extra])
            for row in [*rows, last | {"RECTYPE": "4"}, last]:
                writer.writerow([row.get(name, "") for name in (*COLUMNS, *extra)])
        report = load(
            [path],
            store=Store(home),
            now=lambda: datetime(2026, 11, 22, 12, minute, tzinfo=UTC),
        )
        (one,) = report.files
        assert one.outcome.value == "loaded", one
        return str(one.release)

    return write
