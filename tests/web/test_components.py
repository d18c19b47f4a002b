"""Every documented example is drawn, and says what its words promise."""

import pytest
from django.template import engines
from django.test import RequestFactory

from tests.web.gallery.examples import Example, context, documented


def render(source: str, path: str = "/", **extra: object) -> str:
    """A template as the site draws it."""
    request = RequestFactory().get(path)
    from django_cotton.compiler_regex import CottonCompiler

    compiled = CottonCompiler().process("{% load bridgehead %}" + source)
    return engines["django"].from_string(compiled).render({**context(), **extra}, request)


@pytest.mark.parametrize("example", documented(), ids=lambda e: e.source[:40])
def test_every_documented_example_is_drawn(example: Example) -> None:
    html = render(example.source)
    assert "<c-" not in html and "{{" not in html
    print(html)
