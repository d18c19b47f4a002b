"""What to expect of a year to come: it stands apart, and is never taken for a figure."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.web.charts import ahead as panel
from bridgehead.web.charts import series, svg
from bridgehead.web.charts.ahead import Ahead
from bridgehead.web.charts.series import Mark, Series
from tests.web.gallery.figures import FORETOLD, SERIES

NS = "{http://www.w3.org/2000/svg}"
WIDTHS = pytest.mark.parametrize("width", [svg.NARROW, svg.WIDE])


def parsed(data: Series, width: int) -> ET.Element:
    return ET.fromstring(series.draw(data, width))


def numbers(path: ET.Element) -> list[float]:
    return [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", path.attrib["d"])]


def words(root: ET.Element) -> str:
    return " ".join(e.text or "" for e in root.iter(f"{NS}text"))


def expected(root: ET.Element) -> list[ET.Element]:
    return [e for e in root.iter(f"{NS}path") if e.attrib.get("class") == "bh-ahead"]


@WIDTHS
def test_it_says_what_it_is_of_which_year_and_between_which_figures(width: int) -> None:
    root = parsed(FORETOLD, width)
    assert "25/26 What to expect next year" in words(root)
    assert "75% 53%" in words(root)
    desc = root.findtext(f"{NS}desc") or ""
    assert desc.endswith(
        "What to expect next year, 2025/26, not published yet: 53% to 75%, 8 chances in 10."
    )


@WIDTHS
def test_where_years_lie_between_it_names_the_year(width: int) -> None:
    later = replace(FORETOLD, ahead=Ahead(2026, 64, 53, 75, following=False))
    said = words(parsed(later, width))
    assert "What to expect in 2026/27" in said
    assert "next year" not in said


@WIDTHS
def test_it_is_dashed_and_hatched_and_no_dot(width: int) -> None:
    root, without = parsed(FORETOLD, width), parsed(SERIES, width)
    box, diamond = expected(root)
    assert "stroke-dasharray" in box.attrib
    assert diamond.attrib["d"].endswith("z")
    for kind in ("circle", "rect"):
        assert len(list(root.iter(f"{NS}{kind}"))) == len(list(without.iter(f"{NS}{kind}")))


@WIDTHS
def test_no_line_and_no_band_reaches_it(width: int) -> None:
    root = parsed(FORETOLD, width)
    left = width - panel.breadth(width > svg.MIDDLE)
    of_years = [
        e
        for e in root.iter(f"{NS}path")
        if e.attrib.get("class") in ("bh-band", "bh-own-line", "bh-ink-line")
    ]
    in_panel = [e for e in of_years if min(numbers(e)[::2]) >= left]
    assert len(in_panel) == 2, "the panel's edge and its hatching"
    for e in of_years:
        if e not in in_panel:
            assert max(numbers(e)[::2]) <= left - panel.GAP
    assert all(float(e.attrib["cx"]) < left - panel.GAP for e in root.iter(f"{NS}circle"))


@WIDTHS
def test_where_nothing_is_foretold_there_is_no_panel(width: int) -> None:
    drawing = series.draw(SERIES, width)
    assert "bh-ahead" not in drawing
    assert "expect" not in drawing


percent = st.floats(0, 100)


@given(st.lists(percent, min_size=3, max_size=3), st.sampled_from([svg.NARROW, svg.WIDE]))
def test_its_range_lies_within_the_axis_and_its_words_on_the_drawing(
    edges: list[float], width: int
) -> None:
    low, value, high = sorted(edges)
    root = parsed(replace(FORETOLD, ahead=Ahead(2025, value, low, high)), width)
    grid = [numbers(e)[1] for e in root.iter(f"{NS}path") if e.attrib.get("class") == "bh-grid"]
    x, top, _, bottom, _ = numbers(expected(root)[0])
    assert min(grid) - 0.2 <= top <= bottom <= max(grid) + 0.2
    assert x >= width - panel.breadth(width > svg.MIDDLE)
    height = float(root.attrib["height"])
    for e in root.iter(f"{NS}text"):
        assert float(e.attrib["y"]) <= height
        if e.attrib.get("text-anchor") is None:
            wide = svg.text_width(e.text or "", float(e.attrib["font-size"]))
            assert float(e.attrib["x"]) + wide <= width + 1


@WIDTHS
def test_a_unit_in_words_does_not_stick_out(width: int) -> None:
    data = Series("t", "School", "points", (Mark(2024, -2.2),), 1, ahead=Ahead(2025, 0, -12.2, 1.4))
    for e in parsed(data, width).iter(f"{NS}text"):
        if e.attrib.get("text-anchor") is None:
            assert float(e.attrib["x"]) + svg.text_width(e.text or "") <= width + 1
    assert "−12.2 points to 1.4 points" in series.draw(data, width)


def test_the_key_shows_a_dot_where_no_line_is_drawn() -> None:
    dots = Series("t", "Lane", "pupils", (Mark(2023, 446), Mark(2024, 468)))
    root = parsed(dots, svg.NARROW)
    assert len(list(root.iter(f"{NS}circle"))) == 3
    assert "England" not in words(root)
    assert not dots.compared
    assert FORETOLD.compared
    assert len(list(parsed(FORETOLD, svg.NARROW).iter(f"{NS}circle"))) == 7


@given(st.floats(0, 60), st.floats(0, 300))
def test_the_hatching_stays_within_its_rectangle(width: float, height: float) -> None:
    path = panel._hatched(10.0, 20.0, width, height)
    if "h" in path:
        return
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path):
        assert 9.9 <= float(x) <= 10.1 + width
        assert 19.9 <= float(y) <= 20.1 + height


@given(st.integers(2, 14), st.sampled_from([0, 1]), st.sampled_from([svg.NARROW, svg.WIDE]))
def test_figures_beside_their_marks_do_not_run_together(
    years: int, decimals: int, width: int
) -> None:
    marks = tuple(Mark(2026 - years + i, 86 - i % 2) for i in range(years))
    root = parsed(Series("t", "School", "percent", marks, decimals, ahead=FORETOLD.ahead), width)
    shown = [
        (float(e.attrib["x"]), svg.text_width(e.text or ""))
        for e in root.iter(f"{NS}text")
        if e.attrib.get("text-anchor") == "middle" and "bh-own" in e.attrib.get("class", "")
    ]
    assert shown, "the newest figure always stands there"
    for (x1, wide1), (x2, wide2) in pairwise(sorted(shown)):
        assert x1 + wide1 / 2 < x2 - wide2 / 2


@pytest.mark.parametrize("name", ["Willow Lane", "St Bartholomew of the Lea", "S" * 24])
@pytest.mark.parametrize("data", [FORETOLD, SERIES], ids=["foretold", "published"])
def test_a_narrow_chart_names_england_however_long_the_school_is_called(
    data: Series, name: str
) -> None:
    root = parsed(replace(data, name=name), svg.NARROW)
    assert "England" in words(root)


def test_words_written_upwards_stay_on_the_drawing() -> None:
    root = parsed(replace(FORETOLD, not_published=((2019, 2020, "not published " * 4),)), 290)
    turned = [g for g in root.iter(f"{NS}g") if "rotate" in g.attrib.get("transform", "")]
    assert len(turned) > 1
    for g in turned:
        _, y = re.findall(r"-?[\d.]+", g.attrib["transform"])[:2]
        assert float(y) - svg.text_width(g.findtext(f"{NS}text") or "") >= 0
