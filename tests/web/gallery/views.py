"""Pages that show every component and chart, empty, full and in error."""

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django_cotton.compiler_regex import CottonCompiler

from bridgehead.accounts.access import public
from bridgehead.web.context import NavigationItem
from tests.web.gallery import examples, figures

READER = SimpleNamespace(user_id=1, name="Priya Nair", role_label="broker", grants=())
LABELS = ("Home", "The area", "Schools", "Support review", "Practice", "Meetings")


def draw(source: str, request: HttpRequest, **context: Any) -> str:
    """A template that extends nothing, drawn as the site draws its files."""
    compiled = CottonCompiler().process("{% load bridgehead %}" + source)
    return engines["django"].from_string(compiled).render(context, request)


def frame(current: str) -> dict[str, Any]:
    """What middleware would have told the frame of the page."""
    return {
        "navigation": [
            NavigationItem(x, f"#{i}", "true" if x == current else "") for i, x in enumerate(LABELS)
        ],
        "reader": READER,
        "partnership_name": "Bridgeshire Learning Partnership",
        "synthetic": True,
        "links": {"sign_out": "/sign-out/", "accessibility": "/accessibility/"},
    }


def page(request: HttpRequest, source: str, current: str = "", **context: Any) -> HttpResponse:
    """A whole page from a template's text."""
    compiled = CottonCompiler().process(source)
    template = engines["django"].from_string(compiled)
    return HttpResponse(template.render({**frame(current), **context}, request))


SHELL = """{% extends "base.html" %}{% block title %}Gallery{% endblock %}
{% block content %}<h1 class="govuk-heading-l">{{ heading }}</h1>{{ body }}{% endblock %}"""


@public
def components(request: HttpRequest) -> HttpResponse:
    """Every documented example, full."""
    return _examples(request, "Components", wrong=False)


@public
def errors(request: HttpRequest) -> HttpResponse:
    """Every documented example, its form sent empty."""
    return _examples(request, "Components in error", wrong=True)


def _examples(request: HttpRequest, heading: str, *, wrong: bool) -> HttpResponse:
    context = examples.context(wrong=wrong)
    shown = []
    for n, example in enumerate(examples.documented()):
        if "<c-breadcrumbs" in example.source or "<c-confirmation" in example.source:
            continue  # they belong to other places of a page
        shown.append(draw(example.source, request, **context).replace("GALLERY", str(n)))
    return page(
        request,
        SHELL,
        heading=heading,
        body=mark_safe("<hr class='bh-rule'>".join(shown)),
        form=context["form"],
    )


@public
def charts(request: HttpRequest) -> HttpResponse:
    """Every chart in every state."""
    body = "".join(
        draw(
            '<c-figure title="{{ title }}" subtitle="{{ state }}" :chart="chart" />',
            request,
            title=title,
            state=state,
            chart=chart,
        )
        for title, state, chart in figures.ALL
    )
    return page(request, SHELL, heading="Charts", body=mark_safe(body))


@public
def school(request: HttpRequest) -> HttpResponse:
    """A school's page, as the desk would put it together."""
    return _file(request, "school", "Schools", **figures.SCHOOL)


@public
def review(request: HttpRequest) -> HttpResponse:
    """A page of the support review."""
    return _file(request, "review", "Support review", **examples.context())


def _file(request: HttpRequest, name: str, current: str, **context: Any) -> HttpResponse:
    path = examples.PAGE.parents[2] / f"tests/web/gallery/{name}.html"
    return page(request, path.read_text(), current, **context)


@public
def message(request: HttpRequest, status: int) -> HttpResponse:
    """An error page by its status; 4030 is the one of a form that could not be matched."""
    name = "403_csrf" if status == 4030 else str(status)
    return HttpResponse(render_to_string(f"{name}.html", {}, request))
