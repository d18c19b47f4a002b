"""A partnership's colours must be legible, and ours are."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bridgehead.web
from bridgehead.web.charts import svg
from bridgehead.web.theme import Colours, contrast, stylesheet

SASS = Path(bridgehead.web.__file__).parent / "assets/sass/_theme.scss"
hexes = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(hexes, hexes)
def test_contrast_does_not_depend_on_order(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.01


@given(hexes)
def test_a_colour_is_taken_only_where_it_can_be_read(colour: str) -> None:
    if contrast(colour, "#ffffff") >= 4.5:
        assert colour in stylesheet(Colours(brand=colour))
    else:
        with pytest.raises(ValueError, match="too pale"):
            Colours(brand=colour)


@pytest.mark.parametrize("text", ["teal", "#fff", "#12345g", "red;}body{display:none", "#0b5a57\n"])
def test_only_colours_are_taken(text: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        Colours(accent=text)


def test_our_own_colours_can_be_read_on_white() -> None:
    named = dict(
        re.findall(r"^\$(ink|quiet|brand|accent|error|success): (#\w{6});", SASS.read_text(), re.M)
    )
    assert len(named) == 6
    for name, colour in named.items():
        assert contrast(colour, "#ffffff") >= 4.5, name
    assert named["ink"] == svg.INK
    assert named["accent"] == svg.ACCENT == Colours().accent
    assert named["brand"] == Colours().brand


@pytest.mark.parametrize(
    "colour", [svg.BLUE, svg.GREEN, svg.WINE, svg.ORANGE, svg.GREY, svg.VIOLET]
)
def test_labels_on_the_chart_colours_can_be_read(colour: str) -> None:
    text = "#ffffff" if colour in svg.DARK else svg.INK
    assert contrast(colour, text) >= 4.5
