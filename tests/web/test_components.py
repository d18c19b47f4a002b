"""Every documented example is drawn, and says what its words promise."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

import bridgehead.web
from tests.web.gallery.examples import Example, context, documented

COTTON = Path(bridgehead.web.__file__).parent / "templates/cotton"


def render(source: str, query: str = "", **extra: object) -> str:
    """A template as the site draws it."""
    compiled = CottonCompiler().process("{% load bridgehead %}" + source)
    request = RequestFactory().get(f"/schools/{query}")
    return engines["django"].from_string(compiled).render({**context(), **extra}, request)


@pytest.mark.parametrize("example", documented(), ids=lambda e: e.source[:40])
def test_every_documented_example_is_drawn(example: Example) -> None:
    html = render(example.source)
    assert "<c-" not in html
    assert "{{" not in html
    assert re.search(r"\w", re.sub(r"<[^>]+>", "", html)), "it drew no words"


def test_every_component_is_documented() -> None:
    shown = "".join(example.source for example in documented())
    used_by_field = {"label", "hints", "legend", "input", "textarea", "select", "radios"}
    used_by_field |= {"checkboxes", "checkbox", "date_input", "file"}
    for path in COTTON.glob("*.html"):
        if path.stem not in used_by_field:
            assert f"<c-{path.stem.replace('_', '-')}" in shown, f"{path.name} has no example"


@pytest.mark.parametrize("path", sorted(COTTON.parent.rglob("*.html")), ids=lambda p: p.name)
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    """The content security policy refuses both."""
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_what_people_typed_is_escaped() -> None:
    html = render("<c-row key='Name'>{{ name }}</c-row>", name="<script>alert(1)</script>")
    assert "<script>" not in html
    html = render("<c-entry title='{{ name }}' href='{{ name }}' />", name='"><script>')
    assert "<script>" not in html


def test_a_field_ties_its_hint_and_its_error_to_the_box() -> None:
    html = render("<c-field :field='form.name' />", **context(wrong=True))
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name-hint"' in html
    assert 'id="id_name-error"' in html


def test_the_error_summary_leads_to_the_first_control_of_each_field() -> None:
    html = render("<c-error-summary :form='form' />", **context(wrong=True))
    assert "There is a problem" in html
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == [
        "id_name",
        "id_view_0",
        "id_reasons",
        "id_areas_0",
        "id_told",
        "id_phase",
        "id_review_day",
    ]
    form = render("".join(f"<c-field :field='form.{n}' />" for n in context()["form"].fields))
    for target in targets:
        assert f'id="{target}"' in form


def test_without_errors_there_is_no_summary() -> None:
    assert "There is a problem" not in render("<c-error-summary :form='form' />")


def test_a_radio_says_its_own_hint() -> None:
    html = render("<c-field :field='form.view' />")
    assert "The proposal stands as it is." in html
    assert 'aria-describedby="id_view_0-hint"' in html


def test_what_was_typed_into_a_date_comes_back() -> None:
    form = type(context()["form"])({"review_day": "31", "review_month": "2", "review_year": "2027"})
    form.is_valid()
    html = render("<c-field :field='form.review' />", form=form)
    assert "31 2 2027 is not a real date" in html
    assert 'value="31"' in html
    assert 'value="2027"' in html


def test_sorting_keeps_the_filters_drops_the_page_and_says_how_it_stands() -> None:
    source = "<c-th sort='name'>School</c-th><c-th sort='pupils'>Pupils</c-th>"
    html = render(source, "?phase=primary&phase=special&sort=name&page=3")
    assert html.count("aria-sort") == 1
    assert 'aria-sort="ascending"' in html
    assert "?phase=primary&amp;phase=special&amp;sort=-name" in html
    assert "?phase=primary&amp;phase=special&amp;sort=pupils" in html
    assert "page=" not in html


def test_the_default_order_of_a_page_is_said_too() -> None:
    html = render("<c-th sort='name'>School</c-th>", order="-name")
    assert 'aria-sort="descending"' in html


def test_pages_keep_the_query_and_mark_the_present_one() -> None:
    html = render("<c-pagination :page='page' />", "?q=lane&page=4")
    assert "?q=lane&amp;page=5" in html
    assert html.count('aria-current="page"') == 1
    assert "…" in html


def test_one_page_needs_no_pagination() -> None:
    from django.core.paginator import Paginator

    html = render("<c-pagination :page='page' />", page=Paginator([1], 20).page(1))
    assert "<nav" not in html


@pytest.mark.parametrize(
    ("label", "way"),
    [
        ("improving", "up"),
        ("probably improving", "up"),
        ("no clear change", "flat"),
        ("too few data", "flat"),
        ("worsening", "down"),
        ("probably declining", "down"),
    ],
)
def test_a_direction_is_words_with_a_sign(label: str, way: str) -> None:
    html = render("<c-direction label='{{ label }}' />", label=label)
    assert f"bh-direction--{way}" in html
    assert label.capitalize() in html


def test_a_dial_without_a_strip_says_why() -> None:
    html = render("<c-dial measure='Maths' value='—' missing='too few pupils' />")
    assert "too few pupils" in html
    assert "<svg" not in html
