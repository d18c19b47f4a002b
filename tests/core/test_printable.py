"""Nothing that is shown or kept commands a terminal, breaks a line or turns the writing round."""

from hypothesis import given
from hypothesis import strategies as st

from bridgehead.core.printable import printable


@given(st.text(st.characters(exclude_categories=[])))
def test_whatever_comes_is_one_line_that_can_be_seen_and_written(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert shown.encode("utf-8").decode("utf-8") == shown


def test_words_are_left_alone_and_the_rest_is_spelt_out() -> None:
    assert printable("Zoë Marlin – ks2.csv") == "Zoë Marlin – ks2.csv"
    assert printable("a\nb\x1b[31m\u202e\udcff") == "a\\nb\\x1b[31m\\u202e\\udcff"
