"""Loading takes whole files in, says what it found, and writes nothing of what it refuses."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from bridgehead.core.years import label
from bridgehead.opendata.load import load
from bridgehead.opendata.refusals import refusals
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, Outcome

Write = Callable[[str, "str | bytes"], Path]
LoadOne = Callable[..., FileReport]
NAME = "2018-2019_936_ks2final.csv"


def test_a_whole_file_is_loaded_counted_and_described(
    write: Write, ks2: str, load_one: LoadOne, store: Store
) -> None:
    report = load_one(write(NAME, ks2))
    assert (report.outcome, report.kind, report.year) == (Outcome.LOADED, "ks2", 2018)
    assert (report.status, report.area) == ("final", "936")
    assert (report.rows, report.schools, report.short_rows) == (7, 4, 2)
    assert report.values == 14
    assert report.codes == {
        "empty": 3,
        "not applicable": 1,
        "suppressed": 2,
        "the row ends before this column": 8,
    }
    assert report.printed == {"SUPP": 2, "NA": 1}
    assert store.cards()[0].id == report.release


def test_every_figure_cell_is_a_value_or_counted_under_a_reason(
    write: Write, ks2: str, load_one: LoadOne
) -> None:
    report = load_one(write(NAME, ks2))
    figure_columns = 4
    assert report.values + sum(report.codes.values()) == report.rows * figure_columns


def test_the_frame_keeps_raw_text_and_says_what_each_row_is(
    write: Write, ks2: str, load_one: LoadOne, store: Store
) -> None:
    frame = store.frame(load_one(write(NAME, ks2)).release)
    assert frame["PTRWM_EXP"].to_list() == ["61%", "0%", None, None, "64%", "65%", "65%"]
    assert frame["_scope"].to_list() == ["school"] * 4 + ["la", "england_all", "england"]
    assert frame["_row"].to_list() == [2, 3, 4, 5, 6, 7, 8]
    assert frame["_urn"].to_list() == [100001, 100002, 100003, 100004, None, None, None]
    assert frame["_laestab"].to_list()[:2] == [9362001, 9362002]
    assert frame["_width"].to_list() == [9, 9, 5, 5, 9, 9, 9]
    assert {frame[c].dtype for c in ("_row", "_urn", "_laestab", "_width")} == {pl.Int32()}


def test_the_same_bytes_again_change_nothing_and_say_so(
    write: Write, ks2: str, load_one: LoadOne, store: Store
) -> None:
    first = load_one(write(NAME, ks2))
    before = store.cards()
    again = load_one(write("again/" + NAME, ks2))
    assert (again.outcome, again.release) == (Outcome.UNCHANGED, first.release)
    assert store.cards() == before


def test_the_same_bytes_for_another_year_or_status_are_another_release(
    write: Write, ks2: str, load_one: LoadOne, store: Store
) -> None:
    path = write("ks2.csv", ks2)
    load_one(path, year=2018, status="final")
    load_one(path, year=2017, status="final")
    load_one(path, year=2018, status="revised")
    assert len({card.id for card in store.cards()}) == 3


def test_a_withdrawn_release_counts_again_when_it_is_loaded_again(
    write: Write, ks2: str, load_one: LoadOne, store: Store
) -> None:
    report = load_one(write(NAME, ks2))
    store.withdraw(report.release, at=datetime.now(UTC))
    assert store.cards() == []
    again = load_one(write(NAME, ks2))
    assert (again.outcome, again.release) == (Outcome.LOADED, report.release)
    assert "had been withdrawn" in " ".join(again.notes)
    assert [card.id for card in store.cards()] == [report.release]


@pytest.mark.parametrize(
    ("name", "told", "year"),
    [
        ("2018-2019_england_ks2final.csv", {}, 2018),
        ("england_ks2final_2018-19.csv", {}, 2018),
        ("2018-2019/england_ks2final.csv", {}, 2018),
        ("ks2final.csv", {"year": 2018}, 2018),
    ],
)
def test_the_year_is_found_in_the_name_the_folder_or_what_is_said(
    write: Write, ks2: str, load_one: LoadOne, name: str, told: dict[str, int], year: int
) -> None:
    assert load_one(write(name, ks2), **told).year == year


@pytest.mark.parametrize(
    ("name", "told", "problem"),
    [
        ("ks2final.csv", {}, "--year 2018-19"),
        ("2018-2019_ks2.csv", {}, "--status final"),
        (NAME, {"year": 2017}, "leave --year out"),
        (NAME, {"status": "revised"}, "leave --status out"),
    ],
)
def test_without_a_year_or_status_or_with_two_the_refusal_says_how(
    write: Write,
    ks2: str,
    load_one: LoadOne,
    store: Store,
    name: str,
    told: dict[str, object],
    problem: str,
) -> None:
    report = load_one(write(name, ks2), **told)
    assert report.outcome is Outcome.REFUSED
    assert problem in report.remedy
    assert store.cards() == []


@pytest.mark.parametrize("year", [2015, 2016, 2017])
def test_a_wrong_year_is_warned_of(write: Write, ks2: str, load_one: LoadOne, year: int) -> None:
    """The file holds a column that looks back on 2017/18, so it is of a later year than that."""
    report = load_one(write("ks2final.csv", ks2), year=year)
    said = " ".join(report.notes)
    assert "READPROG_B_LOWER_18 looks back on 2017/18" in said
    assert f"of a later year than {label(year)}" in said


def test_a_right_year_is_not_warned_of(write: Write, ks2: str, load_one: LoadOne) -> None:
    assert not any("looks back" in n for n in load_one(write("ks2.csv", ks2), year=2018).notes)


HOSTILE: dict[str, tuple[Callable[[str], "str | bytes"], str]] = {
    "open quote": (lambda t: t + '\r\n1,936,2009,100009,"cut', "inside a quoted cell"),
    "last row cut": (lambda t: t + "\r\n5, , , , ,5900", "as no other row has"),
    "no aggregates": (lambda t: t[: t.index("\r\n3,936")], "England's row"),
    "one aggregate": (lambda t: t[: t.index("\r\n5, ")], "RECTYPE 5"),
    "header only": (lambda t: t.splitlines()[0] + "\r\n", "found none"),
    "empty": (lambda t: "", "empty file"),
    "web page": (lambda t: f"<html><body>{t}</body></html>", "web page"),
    "picture": (lambda t: b"\x89PNG\r\n" + t.encode(), "PNG"),
    "unknown layout": (lambda t: "POTATO,CARROT\n1,2\n", "not known"),
    "prose": (lambda t: "Dear colleague,\nplease find attached\n", "not known"),
    "no URN": (lambda t: t.replace(",URN,", ",NUMBER,"), "missing: URN"),
    "no measure": (lambda t: t.replace("PTRWM_EXP,", "X,"), "missing: PTRWM_EXP"),
    "NUL": (lambda t: t + "\r\n\x00", "NUL"),
    "huge cell": (lambda t: t.replace("Synthetic A", "x" * 1_000_001), "bytes long"),
    "no numbers": (lambda t: t.replace(",1000", ",x1000"), "found none that is a number"),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_hostile_file_is_refused_in_plain_words_and_nothing_lands(
    write: Write, ks2: str, store: Store, how: str
) -> None:
    spoil, problem = HOSTILE[how]
    bad, good = write(NAME, spoil(ks2)), write("2017-2018_936_ks2final.csv", ks2)
    report = load([bad, good], store=store)
    assert [f.outcome for f in report.files] == [Outcome.REFUSED, Outcome.LOADED]
    assert problem in report.files[0].problem
    assert "Error" not in report.files[0].problem
    assert report.exit_code == 1
    assert [card.file for card in store.cards()] == [good.name]
    assert not list(store.folder.glob(".tmp-*"))


def test_cutting_a_file_anywhere_is_refused_or_costs_no_whole_row(
    write: Write, ks2: str, load_one: LoadOne
) -> None:
    """Only a cut within the very last cell cannot be seen."""
    last_cell = len(ks2) - len(ks2.rpartition(",")[2])
    taken = [
        end
        for end in range(1, len(ks2))
        if load_one(write(f"{end}/{NAME}", ks2[:end])).outcome is Outcome.LOADED
    ]
    assert min(taken, default=len(ks2)) >= last_cell


@pytest.mark.parametrize(("lost", "taken"), [(0, True), (2, True), (3, False), (9, False)])
def test_a_list_that_ends_within_its_last_date_is_refused(
    write: Write, load_one: LoadOne, lost: int, taken: bool
) -> None:
    """The two last bytes end the line; such a list has no England row to miss."""
    rows = [f"{100000 + n},Good,20200{n % 9 + 1}11" for n in range(150)]
    data = "\r\n".join(["URN,Rating,Inspection Date", *rows, ""])
    report = load_one(write("ratings.csv", data[: len(data) - lost]))
    assert (report.outcome is Outcome.LOADED) is taken
    assert taken or "cut short" in report.remedy


def test_a_missing_file_is_refused_and_a_folder_is_walked(
    write: Write, ks2: str, store: Store, tmp_path: Path
) -> None:
    write("a/" + NAME, ks2)
    write("a/README.md", "# Notes")
    write("a/.hidden/" + NAME, "not for us")
    write("a/.DS_Store", b"\x00")
    report = load([tmp_path / "files", tmp_path / "nowhere.csv"], store=store)
    assert [f.outcome for f in report.files] == [
        Outcome.LOADED,
        Outcome.NOT_FIGURES,
        Outcome.REFUSED,
    ]
    assert "No such file" in report.files[2].problem


def test_an_empty_folder_is_no_success(store: Store, tmp_path: Path) -> None:
    assert load([tmp_path], store=store).exit_code == 1


def test_what_was_refused_stands_until_the_file_loads(write: Write, ks2: str, store: Store) -> None:
    load([write("a/2017-2018_936_ks2final.csv", "Xanthippe,Quillfeather\n1,2\n")], store=store)
    load([write("b/" + NAME, "")], store=store)
    assert [r.file for r in refusals(store.folder)] == [NAME, "2017-2018_936_ks2final.csv"]
    assert "empty file" in refusals(store.folder)[0].problem
    assert "Quillfeather" not in (store.folder / "refused.json").read_text()
    load([write("c/" + NAME, ks2)], store=store)
    assert [r.file for r in refusals(store.folder)] == ["2017-2018_936_ks2final.csv"]


def test_a_release_whose_cells_were_damaged_is_made_good_by_loading_again(
    write: Write, ks2: str, load_one: LoadOne, store: Store
) -> None:
    path = write(NAME, ks2)
    cells = store.folder / load_one(path).release / "cells.parquet"
    whole = cells.read_bytes()
    cells.write_bytes(whole[: len(whole) // 2])
    assert load_one(path).outcome is Outcome.LOADED
    assert cells.read_bytes() == whole
    assert load_one(path).outcome is Outcome.UNCHANGED


def test_progress_is_told_before_each_file(write: Write, ks2: str, store: Store) -> None:
    path, told = write(NAME, ks2), []
    load([path], store=store, on_progress=lambda *step: told.append(step))
    assert told == [(str(path), 0, 1)]


def test_unknown_columns_are_kept_and_listed(
    write: Write, ks2: str, load_one: LoadOne, store: Store
) -> None:
    lines = ks2.split("\r\n")
    extended = "\r\n".join(
        [lines[0] + ",PNEW_FIGURE"]
        + [line + ",7" if line.count(",") == 8 else line for line in lines[1:]]
    )
    report = load_one(write(NAME, extended))
    assert report.unknown_columns == ("PNEW_FIGURE",)
    assert store.frame(report.release, ["PNEW_FIGURE"])["PNEW_FIGURE"][0] == "7"


def test_a_name_that_says_synthetic_marks_the_release(
    write: Write, ks2: str, load_one: LoadOne
) -> None:
    assert load_one(write("2018-2019_england_ks2final_synthetic.csv", ks2)).synthetic
    assert not load_one(write(NAME, ks2 + "\r\n")).synthetic


ABSENCE = "LA,ESTAB,URN,PERCTOT,PPERSABS10\n936,2001,100001,4.5,SUPP\n937,2002,100002,5,8.1\n"
NATIONAL = "NAT,PRI,,4,8.2\nNAT,SEC,,5.5,13.7\nNAT,SPE,,10.1,28.8"


def test_england_rows_of_absence_are_by_phase(
    write: Write, load_one: LoadOne, store: Store
) -> None:
    report = load_one(write("2018-2019_england_abs.csv", ABSENCE + NATIONAL))
    assert (report.kind, report.status, report.area) == ("absence", "final", "england")
    frame = store.frame(report.release, [])
    assert frame["_phase"].to_list() == [None, None, "primary", "secondary", "special"]
    assert frame["_scope"].to_list() == ["school"] * 2 + ["england"] * 3


def test_one_authoritys_absence_may_come_without_england_but_not_with_a_part_of_it(
    write: Write, load_one: LoadOne
) -> None:
    alone = ABSENCE.replace("937,", "936,")
    whole = load_one(write("2018-2019_936_abs.csv", alone))
    assert (whole.outcome, whole.area) == (Outcome.LOADED, "936")
    part = load_one(write("2017-2018_936_abs.csv", alone + NATIONAL[:15]))
    assert part.outcome is Outcome.REFUSED
    many = load_one(write("2018-2019_england_abs.csv", ABSENCE))
    assert many.outcome is Outcome.REFUSED


def test_an_england_row_that_is_missing_is_named(write: Write, load_one: LoadOne) -> None:
    report = load_one(write("2018-2019_england_abs.csv", ABSENCE + NATIONAL[:33]))
    assert "special schools (NAT)" in report.problem


LINKS = '"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"\r\n'


def test_a_registers_date_is_from_the_name_what_is_said_or_its_rows(
    write: Write, load_one: LoadOne
) -> None:
    rows = LINKS + '1,2,"Café","Successor","31-08-2021"\r\n3,4,"B","Other",""'
    future = (date.today() + timedelta(days=400)).strftime("%d-%m-%Y")
    by_rows = load_one(write("links.csv", rows.encode("cp1252")))
    assert (by_rows.as_at, by_rows.as_at_from) == (
        date(2021, 8, 31),
        "the latest date in LinkEstablishedDate",
    )
    planned = load_one(write("links2.csv", rows + f'\r\n5,6,"C","Other","{future}"'))
    assert planned.as_at == date(2021, 8, 31)
    by_name = load_one(write("links_edubasealldata20260501.csv", rows + "\r\n"))
    assert (by_name.as_at, by_name.as_at_from) == (date(2026, 5, 1), "the file's name")
    said = load_one(write("links3.csv", rows + "\r\n\r\n"), as_at=date(2022, 1, 2))
    assert (said.as_at, said.as_at_from) == (date(2022, 1, 2), "--as-at")


def test_a_cp1252_name_is_kept_as_text(write: Write, load_one: LoadOne, store: Store) -> None:
    report = load_one(
        write("links.csv", (LINKS + '1,2,"Café","Successor","31-08-2021"').encode("cp1252"))
    )
    assert store.frame(report.release)["LinkName"].to_list() == ["Café"]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("m.csv", "Column,Field Name,Label/Description\n1,URN,x\n", "description of columns"),
        ("m4.csv", "Column,Metafile heading,Metafile description,,\n1,URN,x,,\n", "description"),
        ("la.csv", "LEA,LA Name,REGION,REGION NAME\n201,x,1,y\n", "authority"),
        ("map.csv", "Range,REF,PropertyName,Source\n,,,\n", "map of the DfE"),
        ("g.csv", "Identifier,Title,Currency,Amount Awarded,Award Date\n1,a,GBP,1,2\n", "grants"),
        ("g.json", '{"grants": []}', "grants"),
        ("s.json", '[{"URN": "1", "NeighbourURN": "2"}]', "similar-schools"),
        ("README.md", "# Notes\n", "notes"),
    ],
)
def test_files_that_hold_no_figures_are_recognised(
    write: Write, store: Store, name: str, content: str, what: str
) -> None:
    report = load([write(name, content)], store=store)
    assert report.files[0].outcome is Outcome.NOT_FIGURES
    assert what in report.files[0].what
    assert report.exit_code == 0
    assert store.cards() == []


def test_a_table_saved_as_text_is_loaded_like_any_other(
    write: Write, ks2: str, load_one: LoadOne
) -> None:
    report = load_one(write("2018-2019_england_ks2final.txt", ks2))
    assert (report.outcome, report.kind) == (Outcome.LOADED, "ks2")


def test_other_json_is_refused_rather_than_waved_through(write: Write, store: Store) -> None:
    assert load([write("x.json", '{"a": 1}')], store=store).exit_code == 1


def test_opendata_never_imports_django() -> None:
    code = "import sys, bridgehead.opendata.load; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
