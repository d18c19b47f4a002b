"""Charts: what they show, what they say, and what they never do."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.web import charts
from bridgehead.web.charts import lanes, series, strip, svg
from bridgehead.web.charts import map as area_map
from bridgehead.web.charts.bars import Part, Row
from bridgehead.web.charts.counts import Counts
from bridgehead.web.charts.distribution import Distribution
from bridgehead.web.charts.gap import Gap
from bridgehead.web.charts.gap import Row as GapRow
from bridgehead.web.charts.lanes import Event, Lane, Lanes
from bridgehead.web.charts.map import Dot, Map
from bridgehead.web.charts.series import Mark, Series
from bridgehead.web.charts.stock import Framework, Stock
from bridgehead.web.charts.strip import Strip
from tests.web.gallery import figures

NS = "{http://www.w3.org/2000/svg}"
places = st.none() | st.floats(0, 100)
values = st.none() | st.floats(-500, 500)
words = st.text(max_size=30)


def parsed(drawing: str) -> ET.Element:
    """A drawing as XML: it must be well formed."""
    return ET.fromstring(drawing)


def check(drawing: str) -> ET.Element:
    """What holds of every drawing whatsoever."""
    root = parsed(drawing)
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r">[^<]*<", "><", drawing))
    assert "style=" not in drawing
    assert "<script" not in drawing
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids)) == 2
    assert root.attrib["aria-labelledby"].split() == ids
    title, desc = root.find(f"{NS}title"), root.find(f"{NS}desc")
    assert title is not None
    assert desc is not None
    assert desc.text
    sizes = [float(e.attrib["font-size"]) for e in root.iter(f"{NS}text")]
    assert all(size >= 12 for size in sizes)
    return root


def texts(drawing: str) -> list[str]:
    """The words on a drawing."""
    return [e.text or "" for e in parsed(drawing).iter(f"{NS}text")]


@pytest.mark.parametrize("shown", figures.ALL, ids=lambda s: str(s)[:30])
def test_every_chart_of_the_gallery_is_sound_at_every_width(shown: tuple[str, str, Any]) -> None:
    for drawing in charts.draw(shown[2]):
        check(drawing)


@pytest.mark.parametrize(
    "empty",
    [
        Strip("t", None, missing="Nothing is known."),
        Series("t", "School", "percent", (), missing="Nothing is known."),
        Lanes("t", (), missing="Nothing is known."),
        Stock("t", (), missing="Nothing is known."),
        Counts("t", (), missing="Nothing is known."),
        Gap("t", (), missing="Nothing is known."),
        Map("t", (), missing="Nothing is known."),
        Distribution("t", (), "percent", missing="Nothing is known."),
    ],
    ids=lambda e: type(e).__name__,
)
def test_a_chart_without_figures_says_so(empty: Any) -> None:
    for drawing in charts.draw(empty):
        check(drawing)
        assert " ".join(texts(drawing)) == "Nothing is known."


def test_only_charts_are_drawn() -> None:
    with pytest.raises(TypeError, match="str is not a chart"):
        charts.draw("a chart")


# The dial


@given(places, places, places, places, places, words)
def test_any_dial_is_drawn(
    at: float | None,
    low: float | None,
    high: float | None,
    england: float | None,
    similar: float | None,
    label: str,
) -> None:
    label = re.sub(r"[^\w <>&\"']", "", label)
    check(strip.draw(Strip("t", at, low, high, england, label, similar, key=label)))


def own_dot(data: Strip) -> float:
    """Where the school's dot is, in pixels from the left."""
    return next(
        float(e.attrib["cx"])
        for e in parsed(strip.draw(data)).iter(f"{NS}circle")
        if "bh-own" in e.attrib["class"]
    )


@given(st.floats(0, 100), st.floats(0, 100))
def test_right_is_better(worse: float, better: float) -> None:
    worse, better = sorted((worse, better))
    assert own_dot(Strip("t", worse)) <= own_dot(Strip("t", better))


@given(st.lists(st.floats(-50, 50), min_size=1), st.floats(-50, 50))
def test_a_place_is_the_share_of_schools_that_are_worse(others: list[float], value: float) -> None:
    below = sum(o < value for o in others) + sum(o == value for o in others) / 2
    ordered = sorted(others)
    high = strip.place(value, ordered, high_is_better=True)
    low = strip.place(value, ordered, high_is_better=False)
    assert high == pytest.approx(100 * below / len(others))
    assert low == pytest.approx(100 - high)


def test_nothing_can_be_placed_among_nobody() -> None:
    with pytest.raises(ValueError, match="nothing to be placed among"):
        strip.place(1, [], high_is_better=True)


def test_a_suppressed_figure_has_no_dot_and_says_why() -> None:
    drawing = strip.draw(Strip("t", None, england=50, missing="Too few pupils."))
    assert "bh-own" not in drawing
    assert "Too few pupils." in drawing


# The series


marks = st.builds(
    lambda value, level, spread, england, provisional: (value, level, spread, england, provisional),
    values,
    values,
    st.floats(0, 50),
    values,
    st.booleans(),
)


@given(st.dictionaries(st.integers(2009, 2027), marks, max_size=12), st.sampled_from([290, 640]))
def test_any_series_is_drawn(years: dict[int, Any], width: int) -> None:
    made = tuple(
        Mark(
            year,
            value,
            level,
            None if level is None else level - spread,
            None if level is None else level + spread,
            england,
            provisional,
        )
        for year, (value, level, spread, england, provisional) in years.items()
    )
    check(series.draw(Series("t", "School", "score", made, 1), width))


def drawn_lines(data: Series, css: str) -> list[list[str]]:
    """The points of each line of a class that a series draws."""
    return [
        e.attrib["d"][1:].split("L")
        for e in parsed(series.draw(data)).iter(f"{NS}path")
        if e.attrib.get("class") == css and "z" not in e.attrib["d"]
    ]


def test_a_missing_year_is_a_gap_in_every_line() -> None:
    full = tuple(Mark(y, 50 + y % 7, 52, 48, 56, 60) for y in range(2015, 2019))
    later = tuple(Mark(y, 50 + y % 7, 52, 48, 56, 60) for y in range(2022, 2025))
    lines = drawn_lines(Series("t", "School", "percent", full + later), "bh-own-line")
    assert [len(points) for points in lines] == [4, 3]
    together = tuple(Mark(y, 50, 52, 48, 56, 60) for y in range(2015, 2022))
    assert [len(p) for p in drawn_lines(Series("t", "S", "percent", together), "bh-own-line")] == [
        7
    ]


def test_a_year_whose_level_is_unknown_is_a_gap_too() -> None:
    some = tuple(Mark(y, 50, None if y == 2017 else 52) for y in range(2015, 2020))
    lines = drawn_lines(Series("t", "School", "percent", some), "bh-own-line")
    assert [len(points) for points in lines] == [2, 2]


def test_no_line_crosses_a_break_and_the_break_says_what_changed() -> None:
    some = tuple(Mark(y, 50, 52) for y in range(2014, 2020))
    data = Series("t", "School", "score", some, breaks=((2016, "new grades"),))
    assert [len(points) for points in drawn_lines(data, "bh-own-line")] == [2, 4]
    assert "new grades" in texts(series.draw(data))


def test_years_without_publication_are_a_region_that_says_so() -> None:
    drawing = series.draw(figures.SERIES)
    assert "not published for" in " ".join(texts(drawing))
    assert "2019/20 to 2021/22: not published" in drawing


def test_a_region_too_narrow_for_its_words_is_written_upwards() -> None:
    years = tuple(Mark(y, 5, 5, 4, 6, 5) for y in range(2016, 2025) if y != 2019)
    data = Series("t", "School", "percent", years, not_published=((2019, 2019, "not published"),))
    narrow = series.draw(data, 290)
    turned = re.search(r"rotate\(-90\)\"><text[^>]*>not published<", narrow)
    assert turned
    assert "rotate" not in series.draw(figures.SERIES, 640)


def test_a_suppressed_year_is_not_drawn_as_zero() -> None:
    data = Series("t", "School", "percent", (Mark(2017, 50), Mark(2018, None), Mark(2019, 55)))
    root = parsed(series.draw(data))
    dots = list(root.iter(f"{NS}circle"))
    assert len(dots) == 2
    assert "2018/19" not in (root.findtext(f"{NS}desc") or "")


def test_a_provisional_figure_is_hollow_and_said() -> None:
    drawing = series.draw(Series("t", "School", "percent", (Mark(2024, 61, provisional=True),)))
    assert "provisional" in drawing
    assert 'fill="#fff"' in drawing
    firm = series.draw(Series("t", "School", "percent", (Mark(2024, 61),)))
    assert "provisional" not in firm


def test_a_percentage_axis_stays_between_nought_and_a_hundred() -> None:
    for low, high in ((0, 3), (97, 100), (0, 100)):
        data = Series("t", "School", "percent", (Mark(2023, low), Mark(2024, high)))
        axis = [int(t[:-1]) for t in texts(series.draw(data)) if re.fullmatch(r"\d+%", t)]
        assert min(axis) >= 0
        assert max(axis) <= 100


def test_a_band_of_percentages_ends_where_percentages_do() -> None:
    data = Series("t", "School", "percent", (Mark(2023, 2, 1, -4, 6), Mark(2024, 0, 1, -5, 5)))
    assert not any("−" in words for words in texts(series.draw(data)))
    gap = Series("t", "School", "", (Mark(2023, -9, -8, -14, -2), Mark(2024, -7, -8, -13, -1)))
    assert any("−" in words for words in texts(series.draw(gap)))


@given(
    st.lists(st.floats(-300, 300), min_size=1, max_size=8), st.sampled_from(["percent", "score"])
)
def test_every_mark_lies_within_the_axis(figures_: list[float], unit: str) -> None:
    if unit == "percent":
        figures_ = [abs(f) / 3 for f in figures_]
    data = Series("t", "S", unit, tuple(Mark(2010 + i, f) for i, f in enumerate(figures_)), 1)
    root = parsed(series.draw(data))
    grid = [
        float(e.attrib["d"].split()[1].split("L")[0])
        for e in root.iter(f"{NS}path")
        if e.attrib.get("class") == "bh-grid"
    ]
    for dot in root.iter(f"{NS}circle"):
        assert min(grid) - 0.2 <= float(dot.attrib["cy"]) <= max(grid) + 0.2


def test_small_differences_are_not_blown_up() -> None:
    close = Series("t", "School", "percent", (Mark(2023, 61), Mark(2024, 62)))
    heights = [float(e.attrib["cy"]) for e in parsed(series.draw(close)).iter(f"{NS}circle")]
    assert abs(heights[0] - heights[1]) < 20


# The lanes


def test_no_line_joins_two_grades() -> None:
    root = parsed(lanes.draw(figures.LANES))
    straight = [e.attrib["d"] for e in root.iter(f"{NS}path")]
    for path in straight:
        x1, y1, x2, y2 = (float(v) for v in re.findall(r"-?[\d.]+", path))
        assert x1 == x2 or y1 == y2, "only the grid and the breaks are lines"
    dashed = [e for e in root.iter(f"{NS}path") if "stroke-dasharray" in e.attrib]
    assert len(dashed) == len(figures.LANES.lanes) - 1


def test_each_lane_is_named_and_says_what_was_printed() -> None:
    for drawing in charts.draw(figures.LANES):
        said = " ".join(texts(drawing))
        for lane in figures.LANES.lanes:
            assert lane.name in said
            for event in lane.events:
                assert event.words in said


def test_a_predecessor_is_hollow_and_said() -> None:
    one = Lanes("t", (Lane("Overall grade", (Event(date(2014, 1, 1), "Good", False),)),))
    assert 'fill="#fff"' in lanes.draw(one)
    assert "predecessor school" in lanes.draw(one)


@given(
    st.lists(
        st.tuples(
            st.dates(date(1993, 1, 1), date(2030, 1, 1)),
            st.sampled_from(["Good", "Requires improvement in a good many areas at once"]),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([290, 640]),
)
def test_no_word_of_a_lane_sticks_out(events: list[tuple[date, str]], width: int) -> None:
    data = Lanes("t", (Lane("Overall grade", tuple(Event(*e) for e in events)),))
    root = check(lanes.draw(data, width))
    for e in root.iter(f"{NS}text"):
        x, wide = float(e.attrib["x"]), svg.text_width(e.text or "", float(e.attrib["font-size"]))
        start = (
            x - {"start": 0, "middle": wide / 2, "end": wide}[e.attrib.get("text-anchor", "start")]
        )
        assert start >= -1
        assert start + wide <= width + 1


# Counts and stock


def test_every_count_is_said_and_frameworks_are_never_summed() -> None:
    drawing = charts.draw(figures.STOCK)[1]
    desc = parsed(drawing).findtext(f"{NS}desc") or ""
    assert "2026: Outstanding 20, Good 96, Requires improvement 9, Inadequate 1." in desc
    assert "2026: every area expected or above 61" in desc
    shown = texts(drawing)
    assert "126" in shown
    assert "87" in shown
    assert str(126 + 87) not in shown


@given(st.lists(st.tuples(*[st.integers(0, 400)] * 3), min_size=1, max_size=6))
def test_bars_are_as_long_as_their_counts(rows: list[tuple[int, ...]]) -> None:
    parts = tuple(Part(f"p{i}", c) for i, c in enumerate((svg.BLUE, svg.GREEN, svg.WINE)))
    data = Counts("t", tuple(Row(f"r{i}", r) for i, r in enumerate(rows)), parts)
    root = check(charts.draw(data)[1])
    most = max(sum(r) for r in rows)
    if not most:
        return
    bars = {}
    for e in root.iter(f"{NS}rect"):
        if (title := e.findtext(f"{NS}title")) is not None:
            bars[title] = float(e.attrib["width"])
    longest = max(bars.values())
    for i, row in enumerate(rows):
        for j, count in enumerate(row):
            if count:
                assert bars[f"r{i}, p{j}: {count}"] >= longest * count / most - 2


def test_what_nobody_counts_is_not_in_the_key() -> None:
    drawing = charts.draw(Counts("t", (Row("Primary", (3, 0, 0, 0, 0, 0)),)))[0]
    assert "improving" in texts(drawing)
    assert "declining" not in texts(drawing)


# The gap


def test_a_hidden_group_is_said_and_not_drawn() -> None:
    data = Gap("t", (GapRow("Maths", 70, None, 74, missing="too few pupils to publish"),))
    drawing = charts.draw(data)[0]
    assert "Disadvantaged: too few pupils to publish" in texts(drawing)
    assert "disadvantaged: " not in drawing
    assert "0%" not in texts(drawing)


@given(st.lists(st.tuples(values, values, values), max_size=5))
def test_any_gap_is_drawn(rows: list[tuple[float | None, ...]]) -> None:
    for drawing in charts.draw(Gap("t", tuple(GapRow("Maths", *r) for r in rows))):
        check(drawing)


# The map


def place_of(mark: ET.Element) -> tuple[float, float]:
    """Where a mark on the map has been put."""
    x, y = re.findall(r"-?[\d.]+", mark.attrib["transform"])
    return float(x), float(y)


points = st.tuples(st.floats(0, 700_000), st.floats(0, 1_200_000))


@given(st.lists(points, min_size=1, max_size=30), st.sampled_from([290, 640]))
def test_every_dot_is_on_the_map_and_north_is_up(
    where: list[tuple[float, float]], width: int
) -> None:
    dots = tuple(Dot(e, n, f"School {i}", "/s") for i, (e, n) in enumerate(where))
    root = check(area_map.draw(Map("t", dots), width))
    height = float(root.attrib["height"])
    at = {a.findtext(f"{NS}title") or "": place_of(a) for a in root.iter(f"{NS}a")}
    for x, y in at.values():
        assert 0 <= x <= width
        assert 0 <= y <= height
    for i, (e1, n1) in enumerate(where):
        e2, n2 = where[0]
        one, other = at[f"School {i}"], at["School 0"]
        assert (one[0] - other[0]) * (e1 - e2) >= -0.2 * abs(e1 - e2)
        assert (one[1] - other[1]) * (n1 - n2) <= 0.2 * abs(n1 - n2)


@given(st.lists(points, min_size=3, max_size=25))
def test_the_outline_holds_every_school(where: list[tuple[float, float]]) -> None:
    around = area_map.hull(where)
    if len(around) < 3:
        return
    edges = zip(around, [*around[1:], around[0]], strict=True)
    for (ax, ay), (bx, by) in edges:
        for px, py in where:
            turn = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
            assert turn >= -1e-3 * max(1.0, abs(bx - ax) + abs(by - ay))


def test_the_scale_bar_is_true() -> None:
    dots = (Dot(400_000, 100_000, "a", "/a"), Dot(410_000, 100_000, "b", "/b"))
    drawing = area_map.draw(Map("t", dots))
    xs = sorted(place_of(a)[0] for a in parsed(drawing).iter(f"{NS}a"))
    label = next(t for t in texts(drawing) if t.endswith(" km"))
    bar = re.search(r'd="M2 [\d.]+L2 [\d.]+L([\d.]+) ', drawing)
    assert bar
    km = float(label.split()[0])
    assert (float(bar[1]) - 2) / km == pytest.approx((xs[1] - xs[0]) / 10, rel=0.01)


def test_the_own_school_is_ringed_and_named() -> None:
    drawing = area_map.draw(Map("t", (Dot(1, 1, "Lane", own=True), Dot(9000, 1, "Hill"))))
    assert "your school" in texts(drawing)
    assert "Your own: Lane." in drawing


# The distribution


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=60), values)
def test_every_school_is_in_exactly_one_bar(others: list[float], own: float | None) -> None:
    data = Distribution("t", others, "score", 1, own)
    root = check(charts.draw(data)[1])
    counts = [
        int(t.split()[0].replace(",", ""))
        for e in root.iter(f"{NS}rect")
        if (t := e.findtext(f"{NS}title"))
    ]
    assert sum(counts) == len(others)


# What they are made of


@given(st.floats(-1e4, 1e4), st.floats(0, 1e4), st.integers(3, 8))
def test_steps_cover_the_range_in_few_round_steps(low: float, span: float, most: int) -> None:
    grid = svg.steps(low, low + span, most)
    assert grid[0] <= low + 1e-6
    assert grid[-1] >= low + span - 1e-6
    assert 2 <= len(grid) <= most + 2
    gaps = [round(b - a, 8) for a, b in pairwise(grid)]
    assert max(gaps) - min(gaps) < 1e-6


def test_two_charts_with_the_same_words_can_stand_on_one_page() -> None:
    one = strip.draw(Strip("t", 50, key="a"))
    other = strip.draw(Strip("t", 50, key="b"))
    assert not set(re.findall(r' id="(\w+)"', one)) & set(re.findall(r' id="(\w+)"', other))


def test_words_from_outside_cannot_break_out() -> None:
    evil = '"><script>alert(1)</script>'
    for data in (
        Strip(evil, 50, england=40, england_label=evil),
        Series(
            evil, evil, "percent", (Mark(2020, 1, england=2),), not_published=((2015, 2019, evil),)
        ),
        Lanes(evil, (Lane(evil, (Event(date(2020, 1, 1), evil),)),)),
        Stock(evil, (Framework(evil, (Part(evil, svg.BLUE),), (Row(evil, (1,)),)),)),
        Gap(evil, (GapRow(evil, 1, 2, 3),)),
        Map(evil, (Dot(1, 1, evil, evil),)),
        Distribution(evil, (1, 2), "score", own=1, own_label=evil),
    ):
        for drawing in charts.draw(data):
            check(drawing)
            assert "<script" not in drawing
