"""What a spreadsheet makes of a download."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.web.spreadsheets import csv_response


def read(rows: list[list[object]]) -> list[list[str]]:
    """The rows as a spreadsheet reads them."""
    text = csv_response("file", rows).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "live", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\ufeff=1"]
)
def test_no_text_is_a_live_formula(live):
    assert read([[live]])[0][0].startswith("'")


def test_numbers_stay_numbers_and_nothing_is_nothing():
    assert read([[-0.4, 12, None, 64.0]]) == [["-0.4", "12", "", "64.0"]]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2), min_size=1
    )
)
def test_text_comes_back_as_it_was_or_made_inert(rows):
    for sent, found in zip(rows, read(rows), strict=True):
        for one, other in zip(sent, found, strict=True):
            assert other in {one, f"'{one}"}
