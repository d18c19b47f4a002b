"""Every definition against the files it claims to read.

The files are read here with the standard library alone, so that a fault in our own readers cannot
hide a fault in a definition.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bridgehead.core.years import label, parse_year
from bridgehead.measures.loader import measures
from bridgehead.measures.model import Group, Measure

pytestmark = pytest.mark.real

#: What marks the row of state-funded England in each kind of file (docs/explanation/figures.md).
ENGLAND = {"ks2": ("RECTYPE", "5"), "ks4": ("RECTYPE", "7"), "ks5": ("RECTYPE", "7")}


#: Measures that only Explore Education Statistics publishes, of which no real file is at hand:
#: small files in its layout stand in for it (tests/picture/test_todays_files.py).
ONLY_TODAY = {
    "absence.severe",
    "suspensions.pupils",
    "suspensions.rate",
    "suspensions.permanent",
    "workforce.pupil_teacher_ratio",
}


@dataclass
class File:
    """One published file: columns in upper case, rows of schools, and the England rows."""

    kind: str
    year: int
    columns: set[str]
    schools: list[dict[str, str]] = field(default_factory=list)
    england: list[dict[str, str]] = field(default_factory=list)


def number(text: str) -> float | None:
    """A plain number or a percentage; ``None`` for a code or an empty cell."""
    try:
        return float(text.strip().removesuffix("%"))
    except ValueError:
        return None


def read(path: Path, kind: str) -> File:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = csv.reader(stream)
        header = [name.strip().upper() for name in next(rows)]
        file = File(kind, parse_year(path.name[:9]), set(header))
        for row in rows:
            cells = dict(zip(header, row, strict=False))
            if "NAT" in (cells.get("LA"), cells.get("URN")):
                file.england.append(cells)
            elif kind not in ENGLAND or cells["RECTYPE"].strip() in ("1", "2"):
                file.schools.append(cells)
            elif cells[ENGLAND[kind][0]].strip() == ENGLAND[kind][1]:
                file.england.append(cells)
    return file


@pytest.fixture(scope="module")
def files(real_data: Path) -> list[File]:
    found = []
    for kind, pattern in {
        "ks2": "ks2/*ks2final.csv",
        "ks4": "ks4/*ks4final.csv",
        "ks5": "ks5/*ks5final.csv",
        "absence": "absence/*_abs.csv",
        "census": "census/*_census.csv",
    }.items():
        found += [read(path, kind) for path in sorted(real_data.glob(pattern))]
    assert len(found) == 11
    return found


def of_school(files: list[File], kind: str, year: int, urn: str) -> dict[str, str]:
    file = next(f for f in files if (f.kind, f.year) == (kind, year))
    return next(row for row in file.schools if row["URN"] == urn)


def all_series() -> Iterator[tuple[str, Measure, Group]]:
    """Every series: its key, its measure and its group."""
    for measure in measures().values():
        for key, group in zip(measure.series_keys(), measure.groups.values(), strict=True):
            yield key, measure, group


def of_england(files: list[File], kind: str, year: int, column: str) -> list[float | None]:
    file = next(f for f in files if (f.kind, f.year) == (kind, year))
    return [number(row[column.upper()]) for row in file.england]


def columns_of_own_year(files: list[File]) -> Iterator[tuple[str, File, str]]:
    """Every column that a definition says a file holds for the file's own year."""
    for key, measure, group in all_series():
        for file in files:
            if measure.exists_in(file.year):
                for source in group.sources_for(file.kind, file.year):
                    if source.offset == 0:
                        for column in (source.value, source.cohort, source.lower, source.upper):
                            if column:
                                yield key, file, column


def test_every_named_column_stands_in_every_file_of_a_claimed_year(files: list[File]) -> None:
    missing = [
        f"{key}: {column} is not in {file.kind} {label(file.year)}"
        for key, file, column in columns_of_own_year(files)
        if column.upper() not in file.columns
    ]
    assert not missing, "\n".join(missing)


def test_columns_are_written_as_the_publisher_writes_one_of_them(real_data: Path) -> None:
    published: set[str] = set()
    for path in real_data.glob("*/*.csv"):
        if path.parent.name in ("ks2", "ks4", "ks5", "absence", "census"):
            first = path.open(encoding="utf-8-sig", errors="replace").readline()
            published |= {name.strip() for name in first.split(",")}
    upper = {name.upper() for name in published}
    named = {
        column
        for _, _, group in all_series()
        for source in group.sources
        if source.offset == 0
        for column in (source.value, source.cohort, source.lower, source.upper)
        if column
    }
    assert not {c for c in named if c.upper() in upper and c not in published}


def test_each_file_gives_numbers_for_exactly_the_measures_claimed(files: list[File]) -> None:
    for file in files:
        claimed, found = set(), set()
        for measure in measures().values():
            for source in measure.groups["all"].sources_for(file.kind, file.year):
                if source.offset == 0:
                    if measure.exists_in(file.year):
                        claimed.add(measure.key)
                    column = source.value.upper()
                    if any(number(row.get(column, "")) is not None for row in file.schools):
                        found.add(measure.key)
        assert found == claimed, f"{file.kind} {label(file.year)}"


def test_every_series_of_every_measure_has_a_real_number_somewhere(files: list[File]) -> None:
    without = []
    for key, measure, group in all_series():
        if group.is_gap:
            continue
        if not any(
            number(row.get(source.value.upper(), "")) is not None
            for file in files
            for source in group.sources_for(file.kind, file.year)
            if measure.exists_in(file.year + source.offset)
            for row in file.schools
        ):
            without.append(key)
    assert set(without) == ONLY_TODAY


def test_every_history_pattern_is_met_by_a_published_column(files: list[File]) -> None:
    """A group that claims history finds some: a slip in a pattern would leave it none."""
    dry = []
    for key, _, group in all_series():
        history = [s for s in group.sources if s.offset < 0]
        if history and not any(
            source.value.upper() in file.columns
            for file in files
            for source in group.sources_for(file.kind, file.year)
            if source.offset < 0
        ):
            dry.append(key)
    assert not dry


def test_history_columns_repeat_what_the_year_itself_published(files: list[File]) -> None:
    """The suffix rule is right: a history column agrees with the earlier file, school by school.

    One of the two is often rounded to whole per cents, and a few schools are revised later.
    """
    by_year = {(f.kind, f.year): {row["URN"]: row for row in f.schools} for f in files}
    agreed: dict[str, int] = {}
    differed: dict[str, int] = {}
    for _, measure, group in all_series():
        rounding = 0.51 if measure.unit in ("percent", "score") else 0.006
        own = next((s for s in group.sources if s.offset == 0), None)
        for file in files:
            for source in group.sources_for(file.kind, file.year):
                earlier = by_year.get((file.kind, file.year + source.offset), {})
                if own is None or source.offset == 0 or not earlier:
                    continue
                for row in file.schools:
                    then = number(earlier.get(row["URN"], {}).get(own.value.upper(), ""))
                    now = number(row.get(source.value.upper(), ""))
                    if then is not None and now is not None:
                        same = abs(then - now) <= rounding
                        (agreed if same else differed)[source.value] = (
                            agreed if same else differed
                        ).get(source.value, 0) + 1
    assert sum(agreed.values()) > 20_000
    rare = {c: (n, agreed.get(c, 0)) for c, n in differed.items() if n > 0.05 * agreed.get(c, 0)}
    assert not rare, rare


def test_the_16_to_18_history_of_2021_22_is_that_of_2018_19(files: list[File]) -> None:
    """State-funded England's A level points per entry were 32.87 in 2018/19 (DfE, revised)."""
    measure = measures()["ks5.alevel_points"]
    names = {s.value: s.offset for s in measure.groups["all"].sources_for("ks5", 2021)}
    assert names["TALLPPE_ALEV_1618_19"] == -3
    assert of_england(files, "ks5", 2021, "TALLPPE_ALEV_1618_19") == [32.87]


def test_known_england_figures(files: list[File]) -> None:
    rwm = [of_england(files, "ks2", year, "PTRWM_EXP")[0] for year in (2016, 2017, 2018)]
    assert rwm == [61, 64, 65]
    assert of_england(files, "ks4", 2018, "ATT8SCR") == [46.7]
    assert of_england(files, "absence", 2023, "PPERSABS10") == [14.6, 25.6, 37.2]


def test_the_gap_compares_with_other_pupils_in_england(files: list[File]) -> None:
    """Eastwick Junior (142999), 2016/17: 45 % of 11 disadvantaged pupils; England's others 67 %."""
    groups = measures()["ks2.rwm_expected"].groups
    here, others = groups["disadvantaged"].sources[0], groups["others"].sources[0]
    school = of_school(files, "ks2", 2016, "142999")
    assert here.cohort is not None
    assert number(school[here.value.upper()]) == 45
    assert number(school[here.cohort.upper()]) == 11
    assert of_england(files, "ks2", 2016, others.value) == [67]


def test_suppressed_is_not_a_number(files: list[File]) -> None:
    """Wyke Primary (145543), 2018/19: 78 % of 27; three disadvantaged pupils, so suppressed."""
    groups = measures()["ks2.rwm_expected"].groups
    school = of_school(files, "ks2", 2018, "145543")
    assert number(school[groups["all"].sources[0].value.upper()]) == 78
    assert school[groups["disadvantaged"].sources[0].value.upper()] == "SUPP"


def test_englands_progress_cell_is_empty_which_is_why_it_is_given_by_definition(
    files: list[File],
) -> None:
    for key, column in (
        ("ks2.reading_progress", "READPROG"),
        ("ks2.writing_progress", "WRITPROG"),
        ("ks2.maths_progress", "MATPROG"),
    ):
        assert measures()[key].england_by_definition == 0
        assert of_england(files, "ks2", 2018, column) == [None]
    assert of_england(files, "ks2", 2018, "READPROG_NotFSM6CLA1A") == [0.3]
    assert of_england(files, "ks2", 2018, "READPROG_FSM6CLA1A") == [-0.6]


def test_every_other_measure_has_its_england_figure(files: list[File]) -> None:
    lacking = []
    for measure in measures().values():
        if measure.england_by_definition is not None or not measure.england_compares:
            continue
        if not any(
            number(row.get((source.england_value or source.value).upper(), "")) is not None
            for file in files
            for source in measure.groups["all"].sources_for(file.kind, file.year)
            for row in file.england
        ):
            lacking.append(measure.key)
    assert set(lacking) == ONLY_TODAY


@pytest.mark.parametrize(
    ("key", "cover"),
    [("ks2.reading_progress", "READCOV"), ("ks2.maths_progress", "MATCOV")],
)
def test_sigma_of_progress_follows_from_published_limits(
    files: list[File], key: str, cover: str
) -> None:
    measure = measures()[key]
    source = measure.groups["all"].sources[0]
    assert source.lower
    assert source.upper
    spreads = []
    for file in (f for f in files if f.kind == "ks2"):
        for row in file.schools:
            cells = [row.get(c.upper(), "") for c in (source.lower, source.upper, "TELIG", cover)]
            numbers = [n for cell in cells if (n := number(cell)) is not None]
            if len(numbers) == 4 and min(numbers[2:]) > 0:
                low, high, pupils, share = numbers
                spreads.append((high - low) / 2 / 1.96 * (pupils * share / 100) ** 0.5)
    assert sorted(spreads)[len(spreads) // 2] == pytest.approx(measure.sigma, abs=0.25)
