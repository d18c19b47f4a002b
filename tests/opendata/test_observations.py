"""Every known cell can be read back as one observation, with its place in the file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bridgehead.core.figures import Reason
from bridgehead.opendata.observations import Observation, field, observations, precedence
from bridgehead.opendata.releases import Card, Store
from bridgehead.opendata.report import FileReport


@pytest.fixture
def release(write: Callable[..., Path], ks2: str, load_one: Callable[..., FileReport]) -> str:
    return load_one(write("2018-2019_936_ks2final.csv", ks2)).release


def test_a_suppressed_cell_is_an_observation_with_its_reason_and_never_zero(
    store: Store, release: str
) -> None:
    first = next(observations(store, release, ["PTRWM_EXP_FSM6CLA1A"]))
    assert first == Observation(
        urn=100001,
        year=2018,
        field="PTRWM_EXP",
        group="disadvantaged",
        value=None,
        raw="SUPP",
        reason=Reason.SUPPRESSED,
        release=release,
        scope="school",
        phase=None,
        column="PTRWM_EXP_FSM6CLA1A",
        row=2,
    )


def test_a_published_zero_is_zero(store: Store, release: str) -> None:
    second = list(observations(store, release, ["PTRWM_EXP"]))[1]
    assert (second.value, second.raw, second.reason) == (0.0, "0%", None)


def test_history_columns_speak_of_their_own_year(store: Store, release: str) -> None:
    first = next(observations(store, release, ["READPROG_B_LOWER_18"]))
    assert (first.year, first.field, first.group) == (2017, "READPROG_LOWER", "boys")
    assert first.value == -1.2


def test_a_row_that_ends_early_says_so(store: Store, release: str) -> None:
    reasons = [o.reason for o in observations(store, release, ["PTRWM_EXP"])]
    assert reasons[2:4] == [Reason.ROW_ENDS_EARLY] * 2


def test_the_position_in_the_file_counts_even_after_columns_were_dropped(
    store: Store, write: Callable[..., Path], load_one: Callable[..., FileReport], ks2: str
) -> None:
    lines = ks2.split("\r\n")
    cells = [line.split(",") for line in lines]
    text = "\r\n".join(
        ",".join([*row[:4], "HeadLastName" if n == 0 else "x", *row[4:]])
        for n, row in enumerate(cells)
    )
    release = load_one(write("2018-2019_936_ks2final.csv", text)).release
    assert field(store, release, "SCHNAME")["raw"][2] == "Synthetic C"
    assert [o.reason for o in observations(store, release, ["TELIG"])][2] is Reason.ROW_ENDS_EARLY
    assert [o.reason for o in observations(store, release, ["SCHNAME"])][2] is None


def test_all_known_cells_are_there_and_text_is_left_as_printed(store: Store, release: str) -> None:
    seen = list(observations(store, release))
    card = store.card(release)
    assert len(seen) == card.rows * len(card.columns)
    figures = [o for o in seen if o.value is not None or o.reason is not None]
    assert sum(o.value is not None for o in figures) == card.values
    assert sum(o.reason is not None for o in figures) == sum(card.codes.values())
    names = [o.raw for o in seen if o.column == "SCHNAME" and o.scope == "school"]
    assert names[0] == "Synthetic A"


def test_an_unknown_column_is_a_key_error(store: Store, release: str) -> None:
    with pytest.raises(KeyError):
        field(store, release, "NOSUCH")
    with pytest.raises(KeyError):
        field(store, "nosuch", "TELIG")


@pytest.fixture
def card(store: Store, release: str) -> Card:
    return store.card(release)


def test_the_better_status_wins_then_the_later_load(card: Card) -> None:
    later = card.loaded_at + timedelta(days=1)
    final = replace(card, id="f")
    revised = replace(card, id="r", status="revised", loaded_at=later)
    provisional = replace(card, id="p", status="provisional", loaded_at=later)
    second = replace(card, id="g", loaded_at=later)
    best = precedence([provisional, final, revised, second])
    assert [c.id for c in best] == ["g", "f", "r", "p"]


def test_a_years_own_file_goes_before_any_that_looks_back_on_it(card: Card) -> None:
    own = replace(card, id="own", year=2017)
    next_year = replace(card, id="next", year=2018, loaded_at=card.loaded_at + timedelta(days=9))
    two_on = replace(card, id="two", year=2019)
    assert [c.id for c in precedence([two_on, next_year, own], year=2017)] == ["own", "two", "next"]


def test_a_final_file_that_looks_back_goes_before_a_years_own_provisional_one(card: Card) -> None:
    own = replace(card, id="own", year=2017, status="provisional")
    next_year = replace(card, id="next", year=2018)
    assert [c.id for c in precedence([own, next_year], year=2017)] == ["next", "own"]


def test_of_registers_the_later_date_wins_then_the_later_load(card: Card) -> None:
    older = replace(card, id="o", year=None, as_at=date(2021, 1, 1), loaded_at=datetime.now(UTC))
    newer = replace(card, id="n", year=None, as_at=date(2026, 1, 1))
    assert [c.id for c in precedence([newer, older])] == ["n", "o"]


KS5 = (
    "RECTYPE,LEA,ESTAB,URN,SCHNAME,TPUP1618,TALLPPE_ALEV_1618,TALLPPEGRD_ALEV_1618",
    "1,936,4001,100001,NA,30,33.1,B-",
    "1,936,4002,100002,Synthetic B,10,SUPP,SUPP",
    "1,936,4003,100003,Synthetic C,0,NE,",
    "1,936,4004,100004,Synthetic D,9,30",
    "5,,,,,900,35.1,B",
    "7,,,,,800,34.1,NE",
)


def test_a_code_among_grades_is_an_observation_with_its_reason(
    store: Store, write: Callable[..., Path], load_one: Callable[..., FileReport]
) -> None:
    report = load_one(write("2021-2022_936_ks5final.csv", "\r\n".join(KS5)))
    grades = list(observations(store, report.release, ["TALLPPEGRD_ALEV_1618"]))
    assert [(o.raw, o.reason) for o in grades] == [
        ("B-", None),
        ("SUPP", Reason.SUPPRESSED),
        ("", Reason.EMPTY),
        ("", Reason.ROW_ENDS_EARLY),
        ("B", None),
        ("NE", Reason.NO_ENTRIES),
    ]
    assert {o.value for o in grades} == {None}
    assert (report.values, report.words) == (10, 2)
    assert report.printed == {"SUPP": 2, "NE": 2}  # a school may be called NA
    assert "text that is not a number or a known code" not in report.codes
    seen = list(observations(store, report.release))
    assert sum(o.reason is not None for o in seen) == sum(report.codes.values())
