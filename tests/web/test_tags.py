"""The filters and tags that templates use."""

from datetime import date

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from tests.web.gallery import figures


def render(source: str, query: str = "", **context: object) -> str:
    """A template with our tags loaded."""
    request = RequestFactory().get(f"/{query}")
    return Template("{% load bridgehead %}" + source).render(
        Context({"request": request, **context})
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ 2018|year }}", "2018/19"),
        ("{{ none|year }}", ""),
        ("{{ low|number:1 }}", "−4.3"),
        ("{{ up|signed:1 }}", "+4.3"),
        ("{{ 'Gap to England'|within }}", "gap to England"),
        ("{{ 'EAL'|within }}", "EAL"),
        ("{{ 82|place }}", "higher than in eight of ten similar schools"),
        ("{{ 82|place:'schools in England' }}", "higher than in eight of ten schools in England"),
        ("{{ when|day }}", "6 February 2027"),
        ("{{ 34|counted:'school' }}", "34 schools"),
        ("{% figure 68.2 'percent' %}", "68%"),
        ("{% figure none 'percent' %}", "—"),
    ],
)
def test_what_a_filter_says(source: str, said: str) -> None:
    context = {"none": None, "low": -4.25, "up": 4.26, "when": date(2027, 2, 6)}
    assert render(source, **context) == said


@pytest.mark.parametrize(
    ("query", "source", "said"),
    [
        ("?q=a&page=3", "{% query_with page=4 %}", "?q=a&amp;page=4"),
        ("?q=a&page=3", "{% query_with page=None %}", "?q=a"),
        ("?phase=a&phase=b", "{% query_with page=2 %}", "?phase=a&amp;phase=b&amp;page=2"),
        ("?q=a", "{% query_with q='' %}", "?"),
        ("?q=%22%3E%3Cb%3E", "{% query_with page=2 %}", "?q=%22%3E%3Cb%3E&amp;page=2"),
    ],
)
def test_a_query_is_changed_in_one_part(query: str, source: str, said: str) -> None:
    assert render(source, query) == said


def test_a_chart_is_drawn_at_both_widths() -> None:
    html = render("{% chart data %}", data=figures.SERIES)
    assert html.count("<svg") == 2
    assert 'width="290"' in html
    assert 'width="640"' in html
    assert render("{% chart data %}", data=figures.STRIP).count("<svg") == 1
    assert render("{% chart data %}", data=None) == ""
