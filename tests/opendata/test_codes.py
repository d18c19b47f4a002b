"""Raw text becomes a number or a reason; a code is never zero and never lost."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.core.figures import Reason, reason_of
from bridgehead.opendata.codes import CODES, LETTERS, decode, read, read_word


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("18", 18.0),
        ("18%", 18.0),
        ("0.00%", 0.0),
        ("32.10%", 32.1),
        (" 61 ", 61.0),
        ("+0.3", 0.3),
        ("-1.25", -1.25),
        (".5", 0.5),
        ("1,800", 1800.0),
        ("4,727,089", 4727089.0),
        ("0", 0.0),
    ],
)
def test_numbers_as_published(text: str, number: float) -> None:
    assert read(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SUPP", Reason.SUPPRESSED),
        ("supp ", Reason.SUPPRESSED),
        ("SUPPMAT", Reason.SUPPRESSED),
        ("NE", Reason.NO_ENTRIES),
        ("NP", Reason.NOT_PUBLISHED),
        ("NA", Reason.NOT_APPLICABLE),
        ("LOWCOV", Reason.LOW_COVERAGE),
        ("NEW", Reason.NEW_SCHOOL),
        ("SP", Reason.UNDER_HALF),
        ("RE", Reason.REDACTED),
        ("NOT AVAIL", Reason.NOT_AVAILABLE),
        ("NR", Reason.NOT_REPORTED),
        ("NELIG", Reason.NOT_ELIGIBLE),
        ("c", Reason.CONFIDENTIAL),
        ("z", Reason.NOT_APPLICABLE),
        ("x", Reason.NOT_AVAILABLE),
        ("low", Reason.UNDER_HALF),
        ("k", Reason.UNDER_HALF),
        ("u", Reason.LOW_RELIABILITY),
        ("NULL", Reason.NOT_AVAILABLE),
        ("Not judged", Reason.NOT_JUDGED),
        ("", Reason.EMPTY),
        (" ", Reason.EMPTY),
        ("C", Reason.UNREADABLE),  # a grade, not Explore Education Statistics' "confidential"
        ("1.2.3", Reason.UNREADABLE),
        ("nan", Reason.UNREADABLE),
        ("inf", Reason.UNREADABLE),
        ("1e999", Reason.UNREADABLE),
        ("12,34", Reason.UNREADABLE),
        ("18 %x", Reason.UNREADABLE),
        ("١٨", Reason.UNREADABLE),
    ],
)
def test_codes_as_published(text: str, reason: Reason) -> None:
    assert read(text) is reason


cells = st.one_of(
    st.sampled_from([*CODES, "c", "z", "low", "", " ", "18%", "1,800", "1e999", "nan", "-", "%"]),
    st.integers(-(10**6), 10**6).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.text(alphabet="0123456789+-.,%eE SUPNA", max_size=8),
    st.text(max_size=6),
    st.none(),
)


@given(st.lists(cells, max_size=30))
def test_a_column_decodes_as_its_cells_do_one_by_one(texts: list[str | None]) -> None:
    decoded = decode(pl.Series(texts, dtype=pl.String))
    assert decoded.schema == {"value": pl.Float64, "reason": pl.UInt8}
    got = [v if r == 0 else reason_of(r) for v, r in decoded.rows()]
    assert got == [read(text) for text in texts]


@given(st.lists(st.tuples(cells, st.booleans()), max_size=20))
def test_a_cell_beyond_the_end_of_its_row_says_so_and_nothing_else(
    pairs: list[tuple[str | None, bool]],
) -> None:
    texts = pl.Series([t for t, _ in pairs], dtype=pl.String)
    present = pl.Series([ok for _, ok in pairs], dtype=pl.Boolean)
    for (value, reason), (text, ok) in zip(
        decode(texts, width_ok=present).rows(), pairs, strict=True
    ):
        if ok:
            assert (value if reason == 0 else reason_of(reason)) == read(text)
        else:
            assert (value, reason_of(reason)) == (None, Reason.ROW_ENDS_EARLY)


@pytest.mark.parametrize("code", [*CODES, *LETTERS, "", " supp "])
def test_a_code_among_words_has_the_reason_that_it_has_among_figures(code: str) -> None:
    assert read_word(code) is read(code)


@pytest.mark.parametrize("words", ["B-", "Dist*", "L2Merit", "C", "U", "Yes", "9", "3066906"])
def test_words_and_numbers_that_stand_for_words_are_no_reason(words: str) -> None:
    assert read_word(words) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [(":", Reason.NOT_AVAILABLE), ("..", Reason.NOT_AVAILABLE), (".", Reason.NOT_APPLICABLE)],
)
def test_the_symbols_of_older_releases_are_reasons(text: str, reason: Reason) -> None:
    assert read(text) is reason
