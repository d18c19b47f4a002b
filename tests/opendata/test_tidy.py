"""Tidy files: years apart, rows told apart, nothing chosen in silence. Every figure is invented."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.core.errors import Refused
from bridgehead.core.figures import Reason
from bridgehead.opendata.kind import Role
from bridgehead.opendata.load import load
from bridgehead.opendata.observations import observations
from bridgehead.opendata.pupils import GROUPS, TOTALS, group_of
from bridgehead.opendata.recognise import kind_of
from bridgehead.opendata.releases import Store
from bridgehead.opendata.report import FileReport, Outcome
from bridgehead.opendata.sources import KINDS
from bridgehead.opendata.tidy import row_groups, year_of_period
from tests.tidy_files import (
    COMBINED,
    DISADVANTAGED,
    GIRLS,
    KS2,
    KS2_ENGLAND,
    KS2_INFO,
    TOTAL,
    england_row,
    ks2_row,
    when,
    write,
)

Load = Callable[..., list[FileReport]]


@pytest.fixture
def reports(store: Store) -> Load:
    """Load one file and give its reports, one a year."""

    def run(path: Path, **told: object) -> list[FileReport]:
        return list(load([path], store=store, **told).files)

    return run


def ks2_file(folder: Path, rows: list[dict[str, str]], **how: str) -> Path:
    return write(folder / "ks2_school_attainment_data_synthetic.csv", KS2, rows, **how)


def test_each_year_of_a_file_is_a_release_of_its_own(
    tmp_path: Path, store: Store, reports: Load
) -> None:
    rows = [
        ks2_row(900001, "61", period="202223", version="Final"),
        ks2_row(900001, "64", period="202324", version="Final"),
        ks2_row(900001, "66", period="202425", version="Revised"),
        ks2_row(900002, "c", period="202425", version="Revised"),
    ]
    found = reports(ks2_file(tmp_path, rows))
    assert [(r.outcome, r.kind, r.year, r.status, r.rows, r.schools) for r in found] == [
        (Outcome.LOADED, "ees_ks2", 2022, "final", 1, 1),
        (Outcome.LOADED, "ees_ks2", 2023, "final", 1, 1),
        (Outcome.LOADED, "ees_ks2", 2024, "revised", 2, 2),
    ]
    assert all(r.synthetic for r in found)
    newest = store.frame(found[2].release)
    assert newest["_row"].to_list() == [4, 5]  # where they stand in the file
    assert newest["_laestab"].to_list() == [9902001, 9902002]


def test_a_file_that_is_loaded_again_changes_nothing(tmp_path: Path, reports: Load) -> None:
    path = ks2_file(tmp_path, [ks2_row(900001, "61"), ks2_row(900001, "60", period="202324")])
    first, again = reports(path), reports(path)
    assert [r.outcome for r in again] == [Outcome.UNCHANGED] * 2
    assert [r.release for r in first] == [r.release for r in again]


def test_two_versions_of_one_year_are_two_releases(tmp_path: Path, reports: Load) -> None:
    rows = [ks2_row(900001, "61", version="Provisional"), ks2_row(900001, "62")]
    assert [(r.year, r.status) for r in reports(ks2_file(tmp_path, rows))] == [
        (2024, "provisional"),
        (2024, "revised"),
    ]


def test_a_cell_is_an_observation_of_its_group_and_subject(
    tmp_path: Path, store: Store, reports: Load
) -> None:
    rows = [
        ks2_row(900001, "61"),
        ks2_row(900001, "c", pupils=DISADVANTAGED),
        ks2_row(900001, "70", subject="Reading", pupils=GIRLS),
        ks2_row(900001, "55", pupils={"breakdown_topic": "Ethnicity", "breakdown": "Invented"}),
    ]
    (report,) = reports(ks2_file(tmp_path, rows))
    column = "expected_standard_pupil_percent"
    seen = list(observations(store, report.release, [column]))
    assert [(o.row, o.group, o.field, o.value, o.raw, o.reason) for o in seen] == [
        (2, "all", f"{COMBINED}: {column}", 61.0, "61", None),
        (3, "disadvantaged", f"{COMBINED}: {column}", None, "c", Reason.CONFIDENTIAL),
        (4, "girls", f"Reading: {column}", 70.0, "70", None),
        (5, "Ethnicity, Invented", f"{COMBINED}: {column}", 55.0, "55", None),
    ]
    assert {o.year for o in seen} == {2024}


@pytest.mark.parametrize("code", ["c", "z", "x", "low", "k", "u"])
def test_a_code_keeps_its_reason_and_is_never_nought(
    tmp_path: Path, store: Store, reports: Load, code: str
) -> None:
    rows = [ks2_row(900001, "50"), ks2_row(900002, code)]
    (report,) = reports(ks2_file(tmp_path, rows))
    seen = list(observations(store, report.release, ["expected_standard_pupil_percent"]))
    assert seen[1].value is None
    assert seen[1].reason not in (None, Reason.UNREADABLE, Reason.EMPTY)


def test_pupils_that_no_measure_knows_are_kept_and_listed(tmp_path: Path, reports: Load) -> None:
    other = {"breakdown_topic": "Ethnicity", "breakdown": "Invented group"}
    average = {"breakdown_topic": "Average (2023 to 2025)", "breakdown": "3 year average"}
    rows = [ks2_row(900001, "50", pupils=p) for p in (TOTAL, other, average)]
    (report,) = reports(ks2_file(tmp_path, rows))
    assert report.rows == 3
    (note,) = report.notes
    assert "Ethnicity, Invented group (1 rows)" in note
    assert "Average (2023 to 2025), 3 year average (1 rows)" in note


def test_of_rows_that_contradict_one_another_none_is_used_and_all_are_named(
    tmp_path: Path, store: Store, reports: Load
) -> None:
    rows = [ks2_row(900001, "60"), ks2_row(900002, "70"), ks2_row(900001, "62")]
    (report,) = reports(ks2_file(tmp_path, rows))
    (note,) = report.notes
    assert "rows 2 and 4 contradict one another in expected_standard_pupil_percent" in note
    assert "URN 900001" in note
    assert store.frame(report.release)["_scope"].to_list() == ["repeated", "school", "repeated"]


def test_of_rows_that_say_the_same_the_first_stands(
    tmp_path: Path, store: Store, reports: Load
) -> None:
    (report,) = reports(ks2_file(tmp_path, [ks2_row(900001, "60")] * 3))
    assert "rows 2, 3 and 4 repeat one another" in report.notes[0]
    scopes = store.frame(report.release)["_scope"].to_list()
    assert scopes == ["school", "repeated", "repeated"]


def test_the_same_school_in_another_subject_group_or_year_repeats_nothing(
    tmp_path: Path, reports: Load
) -> None:
    rows = [
        ks2_row(900001, "60"),
        ks2_row(900001, "61", subject="Reading"),
        ks2_row(900001, "62", pupils=GIRLS),
        ks2_row(900001, "63", period="202324"),
    ]
    assert [r.notes for r in reports(ks2_file(tmp_path, rows))] == [(), ()]


@pytest.mark.parametrize("lost", ["subject", "expected_standard_pupil_percent", "time_period"])
def test_a_missing_column_is_named(tmp_path: Path, reports: Load, lost: str) -> None:
    path = write(tmp_path / "x.csv", [c for c in KS2 if c != lost], [ks2_row(900001, "60")] * 2)
    (report,) = reports(path)
    assert report.outcome is Outcome.REFUSED
    assert lost in report.problem
    assert "ees_ks2" in report.problem


def test_rows_of_schools_need_their_numbers(tmp_path: Path, store: Store, reports: Load) -> None:
    path = write(
        tmp_path / "x.csv", [c for c in KS2 if c != "school_urn"], [ks2_row(900001, "60")] * 2
    )
    (report,) = reports(path)
    assert report.outcome is Outcome.REFUSED
    assert "school_urn" in report.problem
    assert store.cards() == []


@pytest.mark.parametrize("period", ["", "2024", "202499", "Autumn"])
def test_a_row_without_a_year_refuses_the_file_and_names_the_row(
    tmp_path: Path, store: Store, reports: Load, period: str
) -> None:
    rows = [ks2_row(900001, "60"), ks2_row(900002, "61", period=period)]
    (report,) = reports(ks2_file(tmp_path, rows))
    assert report.outcome is Outcome.REFUSED
    assert (report.row, report.column) == (3, "time_period")
    assert store.cards() == []  # not even the year that could be read


def test_a_year_that_the_person_says_must_be_in_the_rows(tmp_path: Path, reports: Load) -> None:
    path = ks2_file(tmp_path, [ks2_row(900001, "60")])
    (refused,) = reports(path, year=2018)
    assert refused.outcome is Outcome.REFUSED
    assert "2024/25" in refused.problem
    (loaded,) = reports(path, year=2024)
    assert loaded.outcome is Outcome.LOADED


@pytest.mark.parametrize(
    "how",
    [
        {"encoding": "utf-8"},
        {"encoding": "cp1252"},
        {"end": "\n"},
        {"encoding": "utf-16"},
    ],
)
def test_encodings_and_line_ends_do_not_matter(
    tmp_path: Path, store: Store, reports: Load, how: dict[str, str]
) -> None:
    rows = [ks2_row(900001, "60", school_name="Invented Sainte-Thérèse’s School")]
    (report,) = reports(ks2_file(tmp_path, rows, **how))
    assert report.outcome is Outcome.LOADED
    (name,) = store.frame(report.release)["school_name"].to_list()
    assert name == "Invented Sainte-Thérèse’s School"


def test_ragged_rows_are_counted_and_the_short_cell_says_so(
    tmp_path: Path, store: Store, reports: Load
) -> None:
    path = ks2_file(tmp_path, [ks2_row(900000 + n, "60", subject="Reading") for n in (1, 2, 3)])
    lines = path.read_text("utf-8-sig").splitlines()
    short = [",".join(lines[1].split(",")[:-8]), ",".join(lines[2].split(",")[:-8])]
    path.write_text("\n".join([lines[0], *short, lines[3]]) + "\n")
    (report,) = reports(path)
    assert report.short_rows == 2
    (first, *_) = observations(store, report.release, ["higher_standard_pupil_percent"])
    assert first.reason is Reason.ROW_ENDS_EARLY


def test_england_is_the_row_of_state_funded_schools(
    tmp_path: Path, store: Store, reports: Load
) -> None:
    rows = [
        england_row("61", establishment_type_group="All schools"),
        england_row("62"),
        england_row("63", establishment_type_group="Academies and free schools"),
        england_row("64", geographic_level="Local authority", old_la_code="990"),
        england_row("65", geographic_level="Regional"),
    ]
    path = write(tmp_path / "ks2_la_nat_attainment_data_synthetic.csv", KS2_ENGLAND, rows)
    (report,) = reports(path)
    assert (report.outcome, report.schools, report.area) == (Outcome.LOADED, 0, "england")
    scopes = store.frame(report.release)["_scope"].to_list()
    assert scopes == ["england_all", "england", "other", "la", "other"]


def test_a_term_is_kept_apart_from_a_year(tmp_path: Path, store: Store, reports: Load) -> None:
    rows = [
        ks2_row(900001, "60"),
        ks2_row(900001, "50", time_identifier="Autumn term"),
    ]
    (report,) = reports(ks2_file(tmp_path, rows))
    assert "1 rows are of part of a year" in report.notes[0]
    assert store.frame(report.release)["_scope"].to_list() == ["school", "part year"]
    alone = write(tmp_path / "autumn.csv", KS2, [rows[1], rows[1] | {"school_urn": "900002"}])
    (refused,) = reports(alone)
    assert refused.outcome is Outcome.REFUSED
    assert (refused.column, refused.value) == ("time_identifier", "Autumn term")


def test_a_file_that_does_not_say_its_status_is_taken_as_final_and_says_so(
    tmp_path: Path, reports: Load
) -> None:
    columns = [c for c in KS2 if c != "version"]
    (report,) = reports(write(tmp_path / "ks2.csv", columns, [ks2_row(900001, "60")]))
    assert report.status == "final"
    assert "taken as final" in report.notes[0]
    (named,) = reports(write(tmp_path / "ks2_provisional.csv", columns, [ks2_row(900001, "61")]))
    assert (named.status, named.notes) == ("provisional", ())


def test_names_of_people_and_addresses_of_post_never_land(
    tmp_path: Path, store: Store, reports: Load
) -> None:
    rows = [when("202425") | {"school_urn": "900001", "telig": "30", "tfsm6cla1a": "9"}]
    rows[0] |= {"HeadteacherName": "Invented Person", "notes": "someone@example.invalid"}
    path = write(tmp_path / "info.csv", [*KS2_INFO, "HeadteacherName", "notes"], rows)
    (report,) = reports(path)
    assert set(report.dropped_columns) == {"HeadteacherName", "notes"}
    assert not {"HeadteacherName", "notes"} & set(store.frame(report.release).columns)


HEADERS = [
    line.split(": ")
    for line in (Path(__file__).parent / "tidy_headers.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("key", "header"), HEADERS)
def test_the_headers_that_the_dfe_publishes_are_known_to_the_last_column(
    key: str, header: str
) -> None:
    columns = header.split(",")
    kind = kind_of(columns)
    assert kind.key == key
    assert [c for c in columns if kind.role(c, 2024) in (Role.UNKNOWN, Role.PERSON)] == []


def test_a_tidy_file_of_another_kind_is_not_taken_for_one_of_ours() -> None:
    """Destinations: they say when and where as all do, and hold none of our figures."""
    columns = [
        *when("202425"),
        "school_urn",
        "breakdown_topic",
        "breakdown",
        "data_type",
        "overall",
    ]
    with pytest.raises(Refused, match="layout is not known"):
        kind_of(columns)


def test_a_description_of_columns_is_no_table_of_figures(tmp_path: Path, reports: Load) -> None:
    lines = ["col_name,col_type,label,indicator_grouping,indicator_unit", "sex,Filter,Sex,,"]
    path = tmp_path / "ks2_school_attainment_data.meta.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    (report,) = reports(path)
    assert report.outcome is Outcome.NOT_FIGURES


@pytest.mark.parametrize("key", [k for k, kind in KINDS.items() if kind.tidy is not None])
def test_every_tidy_kind_knows_its_family_and_reads_figures(key: str) -> None:
    kind = KINDS[key]
    assert kind.family
    assert kind.figures or kind.figure_patterns
    assert kind.timed_by_year


@pytest.mark.parametrize(
    ("texts", "group"),
    [
        (("Total",), "all"),
        (("All pupils", "Total"), "all"),
        (("Sex", "Girls"), "girls"),
        (("Disadvantage", "Total", "Disadvantaged"), "disadvantaged"),
        (("Disadvantaged status", "Disadvantaged all other"), "others"),
        (("First language", "Known or believed to be other than English"), "eal"),
        (("Mobility", "Non mobile", "Total", None), "non-mobile"),
        (("Sex", "Girls", "Girls", "Disadvantaged"), None),
        (("First language", "Known or believed to be English"), None),
        (("Sex", "Total"), None),
        ((), "all"),
    ],
)
def test_a_row_is_about_the_one_group_that_narrows_it(
    texts: tuple[str | None, ...], group: str | None
) -> None:
    assert group_of(texts) == group


@given(st.lists(st.sampled_from(["Total", "", "z", *GROUPS]), max_size=6))
def test_a_group_is_told_whatever_the_order_and_however_often_it_is_said(
    texts: list[str],
) -> None:
    assert group_of(texts) == group_of([*reversed(texts), *texts, "Total"])
    groups = {GROUPS[t] for t in texts if t in GROUPS}
    assert group_of(texts) == ("all" if not groups else groups.pop() if len(groups) == 1 else None)


@given(st.lists(st.tuples(*[st.sampled_from(["Total", "Sex", "Girls", "Boys", "Other"])] * 2)))
def test_the_fast_way_agrees_with_a_row_at_a_time(rows: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    groups, which = row_groups(frame)
    fast = [groups[n] if n >= 0 else None for n in which.tolist()]
    assert fast == [group_of(row) for row in rows]


def test_no_word_means_both_everybody_and_a_group() -> None:
    assert not TOTALS & GROUPS.keys()


@pytest.mark.parametrize(
    ("text", "year"),
    [("202425", 2024), ("2024/25", 2024), ("2024-2025", 2024), ("2024", None), ("202426", None)],
)
def test_a_period_is_an_academic_year(text: str, year: int | None) -> None:
    assert year_of_period(text) == year
