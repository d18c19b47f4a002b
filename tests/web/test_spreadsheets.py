"""No text that leaves for a spreadsheet runs there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.web.spreadsheets import inert

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
UNSEEN = "".join((" ", "\u00a0", "\u3000", "\ufeff", "\u200b", "\u202e", "\x0b"))


@given(st.text(UNSEEN), st.sampled_from(SIGNS), st.text())
def test_a_sign_of_a_formula_is_found_behind_what_nobody_sees(
    before: str, sign: str, after: str
) -> None:
    assert inert(before + sign + after) == f"'{before}{sign}{after}"


@pytest.mark.parametrize("begins", ["\t", "\r", "\n"])
def test_a_break_at_the_beginning_is_made_inert(begins: str) -> None:
    assert inert(f"{begins}Willow Lane").startswith("'")


@pytest.mark.parametrize("text", ["", "Willow Lane", "St Mary's = St Anne's", "5-a-side", " 12"])
def test_other_text_is_left_alone(text: str) -> None:
    assert inert(text) == text
