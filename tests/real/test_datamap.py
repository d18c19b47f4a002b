"""Our readers against the DfE's own map of which file, column and filters feed which measure."""

import csv
from pathlib import Path

import pytest

from bridgehead.opendata.kind import Kind, Role, normal
from bridgehead.opendata.pupils import group_of
from bridgehead.opendata.sources import KINDS

pytestmark = pytest.mark.real

#: How the map's names of files begin or end, and the kind that reads them.
FILES = {
    "performance_tables_schools": "ees_ks4",
    "la_char_data": "ees_ks4",
    "pupils_characteristics_and_geography_breakdowns": "ees_ks4",
    "absence_3term": "ees_absence",
    "exc_": "ees_suspensions",
    "workforce_ptrs": "ees_workforce",
}
#: What the map calls the pupils, and what we do.
PUPILS = {
    "Boys": "boys",
    "Girls": "girls",
    "Disadvantaged": "disadvantaged",
    "Not disadvantaged": "others",
    "EAL - English as additional language": "eal",
    "Non-Mobile": "non-mobile",
    "Total": "all",
}


def kind_of(file: str) -> Kind | None:
    return next((KINDS[key] for part, key in FILES.items() if part in file), None)


@pytest.fixture(scope="module")
def mapped(real_data: Path) -> list[tuple[Kind, dict[str, str]]]:
    with (real_data / "reference" / "sap_datamap.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["Source"] == "EES"]
    found = [(kind_of(row["File"]), row) for row in rows]
    return [(kind, row) for kind, row in found if kind is not None]


def filters(row: dict[str, str]) -> dict[str, str]:
    """Column → text, of a line of the map."""
    pairs = [("Filter", "FilterValue")]
    pairs += [(f"Filter{n}", f"Filter{n}Value") for n in range(2, 6)]
    return {row[name]: row[value] for name, value in pairs if row[name]}


def test_every_mapped_column_is_a_figure_that_we_read(
    mapped: list[tuple[Kind, dict[str, str]]],
) -> None:
    assert len(mapped) > 250
    unknown = {
        (kind.key, row["Field"])
        for kind, row in mapped
        if kind.role(row["Field"], 2024) is not Role.FIGURE
    }
    assert not unknown


def test_the_mapped_filters_choose_the_group_that_the_map_means(
    mapped: list[tuple[Kind, dict[str, str]]],
) -> None:
    seen = set()
    for kind, row in mapped:
        if kind.key != "ees_ks4" or row["PropertyFilter"] not in PUPILS:
            continue
        assert kind.tidy is not None
        said = {c: text for c, text in filters(row).items() if normal(c) in kind.tidy.filters}
        wanted = PUPILS[row["PropertyFilter"]]
        assert group_of(said.values()) == wanted, row["REF"]
        seen.add(wanted)
    assert seen == set(PUPILS.values())
