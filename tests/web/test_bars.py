"""Counts on bars can be read, and what they are counts of stays on the drawing."""

import xml.etree.ElementTree as ET

import pytest

from bridgehead.desk.queries.area_charts import FIFTH_COLOURS
from bridgehead.web import charts
from bridgehead.web.charts import counts, svg
from bridgehead.web.charts.bars import Part, Row
from bridgehead.web.charts.stock import Framework, Stock
from tests.web.gallery import figures

NS = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "part", [*figures.OLD, *figures.CARD, *counts.DIRECTIONS, *(Part("", c) for c in FIFTH_COLOURS)]
)
def test_a_count_can_be_read_on_its_bar(part: Part) -> None:
    assert svg.contrast(svg.on(part.colour), part.colour) >= 4.5


def test_the_name_of_a_framework_stays_on_the_drawing_at_every_width() -> None:
    long = "On key judgements of 2024/25, without an overall grade"
    data = Stock("t", (Framework(long, figures.OLD, (Row("2025", (1, 2, 3, 4)),)),))
    for drawing in charts.draw(data):
        root = ET.fromstring(drawing)
        bold = [e for e in root.iter(f"{NS}text") if e.attrib.get("font-weight")]
        assert " ".join(e.text or "" for e in bold) == long
        for e in bold:
            assert svg.text_width(e.text or "", 14) <= float(root.attrib["width"])
