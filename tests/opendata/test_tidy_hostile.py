"""Tidy files that are damaged or odd: refused in words, or read without losing or doubling a figure
in silence. Every figure and every school is synthetic."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, Outcome
from tests.tidy_files import GIRLS, KS2, england_row, ks2_row, write

RAW = "expected_standard_pupil_percent"
Load = Callable[..., FileReport]


@pytest.fixture
def take(tmp_path: Path, store: Store) -> Load:
    """``take(rows, spoil)`` writes a file with two more schools, spoils its text and loads it."""

    def run(
        rows: list[dict[str, str]],
        spoil: Callable[[str], str] = str,
        columns: tuple[str, ...] = KS2,
    ) -> FileReport:
        path = write(
            tmp_path / "a.csv", columns, [*rows, *(ks2_row(900100 + n, "40") for n in (1, 2))]
        )
        text = path.read_text("utf-8-sig")
        path.write_text(spoil(text), encoding="utf-8", newline="")
        return load([path], store=store).files[0]

    return run


SPOILT = {
    "a comma in one cell": (lambda t: t.replace("School 900001", "School, 900001"), 2, None),
    "a comma in every name": (lambda t: t.replace("Invented School", "Invented, School"), 1, RAW),
    "a cell too many": (lambda t: t.replace(",60,8,z,z,,,", ",60,8,z,z,,,,99"), 2, None),
    "an open quote": (lambda t: t.replace("Invented School", '"Invented School', 1), 2, None),
    "lines that end in CR here and there": (
        lambda t: t.replace("\n", "\r", 3).replace("\r", "\n", 1),
        2,
        None,
    ),
    "a header that ends in CR": (lambda t: t.replace("\n", "\r", 1), 1, None),
    "a name too few": (lambda t: t.replace("school_name,", "", 1), 1, RAW),
    "a name too many": (
        lambda t: t.replace("school_urn,", "extra,school_urn,", 1),
        2,
        "school_urn",
    ),
    "a filter that stands twice": (
        lambda t: t.replace("school_name", "breakdown", 1),
        1,
        "breakdown",
    ),
    "figures that stand twice": (
        lambda t: t.replace("higher_standard", "expected_standard"),
        1,
        RAW,
    ),
    "figures that stand twice in other capitals": (
        lambda t: t.replace("higher_standard_pupil_percent", RAW.title()),
        1,
        RAW,
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_cells_that_do_not_stand_under_their_names_refuse_the_file(
    take: Load, store: Store, how: str
) -> None:
    spoil, row, column = SPOILT[how]
    found = take([ks2_row(900001, "60")], lambda text: spoil(text.replace("\r\n", "\n")))
    assert (found.outcome, found.row, found.column) == (Outcome.REFUSED, row, column)
    assert found.problem
    assert found.remedy
    assert not store.cards()


def test_an_empty_cell_beyond_the_header_is_no_harm(take: Load) -> None:
    found = take([ks2_row(900001, "60")], lambda text: text.replace("\r\n", ",\r\n"))
    assert found.outcome is Outcome.LOADED


def test_a_quote_within_a_name_is_no_harm(take: Load) -> None:
    found = take([ks2_row(900001, "60")], lambda text: text.replace("School 900001", '5" School'))
    assert (found.outcome, found.schools) == (Outcome.LOADED, 3)


def test_a_year_that_lies_ahead_is_refused(take: Load, store: Store) -> None:
    found = take([ks2_row(900001, "60", period="209900")])
    assert "2099/00, a year that has not begun" in found.problem
    assert not store.cards()


@pytest.mark.parametrize(
    "cells",
    [
        {"subject": "reading, writing and MATHS "},
        {"breakdown": "All pupils"},
        {"breakdown_topic": "", "breakdown": ""},
    ],
)
def test_two_spellings_of_one_thing_contradict_one_another(
    take: Load, store: Store, cells: dict[str, str]
) -> None:
    found = take([ks2_row(900001, "60"), ks2_row(900001, "61", **cells)])
    assert any("rows 2 and 3 contradict one another" in note for note in found.notes)
    frame = store.frame(store.cards()[0].id, [])
    assert frame["_scope"].to_list()[:2] == ["repeated", "repeated"]


def test_two_unknown_groups_are_two_and_a_group_is_not_everybody(take: Load) -> None:
    left = {"breakdown_topic": "Hands", "breakdown": "Left"}
    rows = [ks2_row(900001, "60"), ks2_row(900001, "61", pupils=GIRLS)]
    rows += [
        ks2_row(900001, "62", pupils=left),
        ks2_row(900001, "63", pupils=left | {"breakdown": "Right"}),
    ]
    assert not any("contradict" in note for note in take(rows).notes)


@pytest.mark.parametrize("urn", ["", "900001.0", "-5", "0", "9902001", "٩٠٠٠٠١", "z"])
def test_a_row_of_a_school_without_a_number_is_told(take: Load, urn: str) -> None:
    found = take([ks2_row(900001, "60", school_urn=urn)])
    assert found.schools == 2
    (note,) = found.notes
    assert f"row 2 ({urn!r})" in note


@pytest.mark.parametrize(
    ("level", "said"),
    [("", "is '', which is not read"), ("Schools", "'Schools', which is not read")],
)
def test_a_level_that_is_not_read_is_told(take: Load, level: str, said: str) -> None:
    (note,) = take([ks2_row(900001, "60", geographic_level=level)]).notes
    assert said in note


def test_a_row_that_names_a_school_is_not_england(take: Load, store: Store) -> None:
    rows = [
        ks2_row(900001, "60", geographic_level=level) for level in ("National", "Local authority")
    ]
    found = take([*rows, england_row("61", school_urn="z")])
    assert [note.split(" rows ")[1][:30] for note in found.notes] == [
        "whose geographic_level is 'Nat",
        "whose geographic_level is 'Loc",
    ]
    scopes = store.frame(store.cards()[0].id, [])["_scope"].to_list()
    assert scopes[:3] == ["other", "other", "england"]
