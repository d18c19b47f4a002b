"""What is written loads like the real thing, and says what the real thing says and leaves out."""

import re
from pathlib import Path

import polars as pl
import pytest

from bridgehead.core.figures import Reason
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import LoadReport
from bridgehead.opendata.synthetic import Written, write
from bridgehead.opendata.synthetic.gias import CANARY

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def loaded(written: Written, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, LoadReport]:
    store = Store(tmp_path_factory.mktemp("home"))
    return store, load([written.folder], store=store)


def test_every_file_is_taken_as_final_or_provisional_and_known_as_synthetic(
    loaded: tuple[Store, LoadReport],
) -> None:
    store, report = loaded
    assert report.exit_code == 0, [(f.file, f.problem) for f in report.files if f.problem]
    cards = store.cards()
    assert len(cards) == len(report.files) == 49
    assert all(card.synthetic for card in cards)
    assert {(c.kind, c.year) for c in cards if c.status == "provisional"} == {
        ("ks2", 2025),
        ("ks4", 2025),
        ("ks5", 2025),
    }


def test_no_column_is_unknown_and_no_cell_unreadable(loaded: tuple[Store, LoadReport]) -> None:
    for card in loaded[0].cards():
        assert card.unknown_columns == (), card.file
        assert Reason.UNREADABLE.value not in card.codes, card.file


def test_the_gaps_of_the_real_tables_are_gaps_here(loaded: tuple[Store, LoadReport]) -> None:
    years = {
        kind: {c.year for c in loaded[0].cards(kind=kind)}
        for kind in ("ks2", "ks4", "ks5", "absence", "ees_absence", "census")
    }
    assert years["ks2"] == {2016, 2017, 2018, 2022, 2023, 2024, 2025}
    assert years["ks4"] == years["ks5"] == {2016, 2017, 2018, 2021, 2022, 2023, 2024, 2025}
    assert years["absence"] == {2016, 2017, 2018, 2020, 2021, 2022, 2023}
    assert years["ees_absence"] == {2024}, "the newest year is in today's layout"
    assert years["census"] == set(range(2016, 2026))


def test_no_progress_where_none_was_worked_out(read) -> None:
    assert "READPROG" in read("2022-2023_england_ks2").columns
    for year in ("2023-2024", "2024-2025"):
        assert not [c for c in read(f"{year}_england_ks2").columns if c.startswith("READPROG_B")]
    for year in ("2024-2025", "2025-2026"):
        assert set(read(f"{year}_england_ks4")["P8MEA"].drop_nulls()) == {"NP", " "} - {" "}


def test_the_canary_is_in_the_file_and_not_in_the_release(
    loaded: tuple[Store, LoadReport], folder: Path
) -> None:
    register = next(folder.glob("edubasealldata*"))
    assert CANARY in register.read_text("cp1252")
    home = loaded[0].home
    kept = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    (card,) = loaded[0].cards(kind="gias")
    frame = loaded[0].frame(card.id)
    assert CANARY.encode() not in kept
    assert not any(frame[c].cast(pl.String).str.contains(CANARY).any() for c in frame.columns)


def test_key_stage_2_is_as_wide_and_as_ragged_as_the_real_file(folder: Path) -> None:
    path = next(folder.glob("2018-2019_england_ks2*"))
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfRECTYPE,ALPHAIND,LEA,ESTAB,URN,SCHNAME")
    assert data.endswith(b"\r\n")
    lines = [re.sub(rb'"[^"]*"', b"", line) for line in data.split(b"\r\n")[:-1]]
    widths = {line.count(b",") + 1 for line in lines}
    assert len(lines[0].split(b",")) == 318
    assert widths == {318, 26}


def test_aggregates_stand_at_the_end(read) -> None:
    assert read("2018-2019_england_ks2")["RECTYPE"].to_list()[-2:] == ["4", "5"]
    assert read("2018-2019_england_ks4")["RECTYPE"].to_list()[-2:] == ["5", "7"]
    assert read("2018-2019_england_census")["URN"].to_list()[-3:] == ["NAT"] * 3
    absence = read("2018-2019_england_abs")
    assert absence["LA"].to_list()[-3:] == ["NAT"] * 3
    assert absence["ESTAB"].to_list()[-3:] == ["PRI", "SEC", "SPE"]


def test_the_links_are_in_windows_1252_with_an_accent(folder: Path) -> None:
    data = next(folder.glob("links_*")).read_bytes()
    assert "Crèche Élan".encode("cp1252") in data
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(
    written: Written, tmp_path: Path
) -> None:
    again = write(tmp_path / "again", schools=200, seed=7)
    other = write(tmp_path / "other", schools=200, seed=8)
    assert [p.name for p in again.files] == [p.name for p in written.files]
    assert all(
        a.read_bytes() == b.read_bytes() for a, b in zip(again.files, written.files, strict=True)
    )
    ks2 = [p for p in other.files if "ks2" in p.name]
    assert all(p.read_bytes() != (written.folder / p.name).read_bytes() for p in ks2)
