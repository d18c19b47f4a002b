"""All of the published files beside the checkout load in one call, and nothing is lost or invented.

The counts are made twice: by the loader, and here by the plain ``csv`` module with its own idea of
what is text, number and code.
"""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest

from bridgehead.core.figures import Reason
from bridgehead.opendata.load import load
from bridgehead.opendata.observations import field, observations
from bridgehead.opendata.releases import Card, Store
from bridgehead.opendata.report import LoadReport, Outcome

pytestmark = pytest.mark.real

LOADED = {
    "ks2": 3, "ks4": 3, "ks5": 2, "absence": 2, "census": 1, "gias": 1, "gias_links": 1,
    "ofsted_history": 1,
}  # fmt: skip
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+|\d{1,3}(,\d{3})+)%?", re.ASCII)
#: The publishers' codes as the files beside the checkout print them.
PRINTED = frozenset(re.findall(r"\S+", "SUPP NE NA NP NR NEW LOWCOV SP RE c z x low"))
IDENTIFY = frozenset(
    re.findall(
        r"\S+",
        """
        RECTYPE ALPHAIND REGION LASORT LEA LA ESTAB URN SCHNAME SCHNAME_AC ADDRESS1 ADDRESS2
        ADDRESS3 TOWN PCODE TELNUM PCON_CODE PCON_NAME URN_AC OPEN_AC
        """,
    )
)
WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        NFTYPE NFTYPE/FESITYPE ICLOSE RELDENOM AGERANGE CONFEXAM CONTFLAG TAB15 TAB1618 TABKS2
        ADMPOL ADMPOL_2017 ADMPOL_PT EGENDER GEND1618 FEEDER DUMMY P8_BANDING SCHOOLTYPE
        """,
    )
)


@pytest.fixture(scope="module")
def loaded(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, LoadReport]:
    store = Store(tmp_path_factory.mktemp("real"))
    return store, load([real_data], store=store)


@pytest.fixture(scope="module")
def store(loaded: tuple[Store, LoadReport]) -> Store:
    return loaded[0]


def the(store: Store, kind: str, year: int | None = None) -> Card:
    (card,) = [c for c in store.cards(kind=kind) if c.year == year]
    return card


def plain_rows(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    return list(csv.reader(io.StringIO(text, newline="")))


def plain_count(path: Path) -> tuple[Counter[str], Counter[str]]:
    """Cells of figures and of words: how many of each sort. And codes as printed, over every
    column of the file, whatever it holds."""
    header, *rows = plain_rows(path)
    sorts, printed = Counter[str](), Counter[str]()
    for row in rows:
        printed.update(cell.strip() for cell in row if cell.strip() in PRINTED)
        for n, name in enumerate(header):
            if name in IDENTIFY:
                continue
            in_words = name in WORDS or "GRD" in name
            if n >= len(row):
                sorts["the row ends before this column"] += 1
            elif not row[n].strip():
                sorts["empty"] += 1
            elif row[n].strip() in PRINTED:
                sorts["code"] += 1
            elif in_words:
                sorts["words"] += 1
            else:
                sorts["value" if NUMBER.fullmatch(row[n].strip()) else "neither"] += 1
    return sorts, printed


def test_all_of_it_loads_in_one_call(loaded: tuple[Store, LoadReport]) -> None:
    store, report = loaded
    assert [(f.file, f.problem) for f in report.of(Outcome.REFUSED)] == []
    assert report.exit_code == 0
    assert Counter(card.kind for card in store.cards()) == LOADED
    assert len(report.files) == len(report.of(Outcome.LOADED)) + len(report.of(Outcome.NOT_FIGURES))


def test_no_published_file_is_doubted_under_its_own_year(loaded: tuple[Store, LoadReport]) -> None:
    assert not [f.file for f in loaded[1].files if any("looks back on" in n for n in f.notes)]


@pytest.mark.parametrize("kind", ["ks2", "ks4", "ks5"])
def test_every_published_file_of_results_is_doubted_under_the_year_before(
    real_data: Path, loaded: tuple[Store, LoadReport], tmp_path: Path, kind: str
) -> None:
    for file in loaded[1].of(Outcome.LOADED):
        if file.kind == kind and file.year is not None:
            nameless = tmp_path / f"{kind}final.csv"
            nameless.write_bytes(Path(file.file).read_bytes())
            home = Store(tmp_path / str(file.year))
            (again,) = load([nameless], store=home, year=file.year - 1).files
            assert any("looks back on" in note for note in again.notes), file.file


def test_every_column_of_the_published_files_is_known(loaded: tuple[Store, LoadReport]) -> None:
    assert {f.file: f.unknown_columns for f in loaded[1].files if f.unknown_columns} == {}


def test_the_same_files_again_change_nothing(
    real_data: Path, loaded: tuple[Store, LoadReport]
) -> None:
    store, first = loaded
    again = load([real_data], store=store)
    assert len(again.of(Outcome.UNCHANGED)) == len(first.of(Outcome.LOADED))
    assert again.of(Outcome.LOADED) == []


@pytest.mark.parametrize("kind", ["ks2", "ks4", "ks5", "absence", "census"])
def test_values_and_codes_are_as_many_as_in_the_raw_file(
    real_data: Path, loaded: tuple[Store, LoadReport], kind: str
) -> None:
    files = [f for f in loaded[1].of(Outcome.LOADED) if f.kind == kind]
    assert files
    for file in files:
        sorts, printed = plain_count(Path(file.file))
        assert sorts["neither"] == 0
        assert (file.values, file.words) == (sorts["value"], sorts["words"])
        assert file.printed == dict(printed)
        for reason in ("empty", "the row ends before this column"):
            assert file.codes.get(reason, 0) == sorts[reason]
        assert sum(file.codes.values()) == sum(sorts.values()) - file.values - file.words


def test_every_printed_code_can_be_read_back_with_its_reason(store: Store) -> None:
    for card in store.cards(kind="ks4"):
        seen = Counter(o.raw.strip() for o in observations(store, card.id) if o.reason is not None)
        assert {text: n for text, n in seen.items() if text} == card.printed


def test_codes_among_words_are_counted(store: Store) -> None:
    ks5, ks4 = the(store, "ks5", 2021), the(store, "ks4", 2018)
    printed = {code: ks5.printed[code] for code in ("SUPP", "NE", "NA", "NR")}
    assert printed == {"SUPP": 75_747, "NE": 168_579, "NA": 105_068, "NR": 128}
    assert ks4.printed["NR"] == 4
    grades = Counter(o.reason for o in observations(store, ks5.id, ["TALLPPEGRD_ALEV_DIS"]))
    assert grades[Reason.SUPPRESSED] == 464
    assert grades[Reason.UNREADABLE] == 0


def test_every_row_and_its_width_are_as_in_the_raw_file(
    loaded: tuple[Store, LoadReport],
) -> None:
    store, report = loaded
    for file in report.of(Outcome.LOADED):
        rows = plain_rows(Path(file.file))[1:]
        frame = store.frame(file.release, [])
        assert frame["_width"].to_list() == [len(row) for row in rows]
        assert frame["_row"].to_list() == list(range(2, len(rows) + 2))


def test_key_stage_2_of_2018_19(store: Store) -> None:
    card = the(store, "ks2", 2018)
    scopes = Counter(store.frame(card.id, [])["_scope"].to_list())
    assert scopes == {"school": 239, "la": 1, "england": 1, "england_all": 1}
    assert (card.rows, card.schools, card.short_rows, card.area) == (242, 239, 12, "936")


@pytest.mark.parametrize(("year", "percent"), [(2016, 61), (2017, 64), (2018, 65)])
def test_england_at_key_stage_2(store: Store, year: int, percent: float) -> None:
    cells = field(store, the(store, "ks2", year).id, "PTRWM_EXP")
    assert [c["value"] for c in cells.to_dicts() if c["_scope"] == "england"] == [percent]


def test_england_at_key_stage_4_is_state_funded(store: Store) -> None:
    cells = field(store, the(store, "ks4", 2018).id, "ATT8SCR").to_dicts()
    assert {c["_scope"]: c["value"] for c in cells if c["_scope"].startswith("england")} == {
        "england": 46.7,
        "england_all": 44.7,
    }


def test_england_at_16_18_is_the_smaller_of_its_two_rows(store: Store) -> None:
    """Row 5 holds independent schools too, as at key stage 4."""
    for year in (2021, 2022):
        card = the(store, "ks5", year)
        pupils = {c["_scope"]: c["value"] for c in field(store, card.id, "TALLPUP_1618").to_dicts()}
        assert pupils["england"] < pupils["england_all"]


def test_england_in_absence_and_census_is_by_phase(store: Store) -> None:
    absence = field(store, the(store, "absence", 2018).id, "PERCTOT").to_dicts()
    assert {c["_phase"]: c["value"] for c in absence if c["_scope"] == "england"} == {
        "primary": 4.0,
        "secondary": 5.5,
        "special": 10.1,
    }
    census = field(store, the(store, "census", 2018).id, "NOR").to_dicts()
    assert {c["_phase"] for c in census if c["_scope"] == "england"} == {
        "primary",
        "secondary",
        "special",
    }


def cell(store: Store, year: int, urn: int, column: str) -> tuple[float | None, Reason | None]:
    card = the(store, "ks2", year)
    (found,) = [o for o in observations(store, card.id, [column]) if o.urn == urn]
    return found.value, found.reason


def test_eastwick_junior(store: Store) -> None:
    assert cell(store, 2016, 142999, "PTRWM_EXP") == (64.0, None)
    assert cell(store, 2016, 142999, "PTRWM_EXP_FSM6CLA1A") == (45.0, None)
    assert cell(store, 2016, 142999, "TFSM6CLA1A") == (11.0, None)


def test_wyke_primary_is_suppressed_and_never_zero(store: Store) -> None:
    assert cell(store, 2018, 145543, "PTRWM_EXP") == (78.0, None)
    assert cell(store, 2018, 145543, "TELIG") == (27.0, None)
    assert cell(store, 2018, 145543, "PTRWM_EXP_FSM6CLA1A") == (None, Reason.SUPPRESSED)
    assert cell(store, 2018, 145543, "TFSM6CLA1A") == (3.0, None)


def test_of_the_urns_of_three_years_as_many_are_in_all(store: Store) -> None:
    years = []
    for year in (2016, 2017, 2018):
        frame = store.frame(the(store, "ks2", year).id, [])
        years.append(set(frame.filter(frame["_scope"] == "school")["_urn"].to_list()))
    assert len(set.union(*years)) == 268
    assert len(set.intersection(*years)) == 203


def test_registers_say_their_date_and_where_it_is_from(store: Store) -> None:
    gias = the(store, "gias")
    assert (str(gias.as_at), gias.as_at_from) == (
        "2021-04-22",
        "the latest date in LastChangedDate",
    )
    assert "HeadLastName" in gias.dropped_columns
    assert all(c.as_at for c in store.cards() if c.year is None)
