"""The statisticians' page: made from the page in docs, whole, with links that lead somewhere."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from bridgehead.desk.reference import EXPLANATION, SOURCE, page
from tests.architecture.test_docs import ROOT

TEMPLATE = ROOT / "src/bridgehead/desk/templates/desk/estimated.html"
TEXT = (EXPLANATION / SOURCE).read_text(encoding="utf-8")


def plot(name: str) -> str:
    return (EXPLANATION / name).read_text(encoding="utf-8")


def test_the_page_of_the_site_is_in_step_with_that_of_docs() -> None:
    assert TEMPLATE.read_text(encoding="utf-8") == page(TEXT, plot), (
        f"Make it again: python -m bridgehead.desk.reference > {TEMPLATE.relative_to(ROOT)}"
    )


@pytest.mark.django_db
def test_anybody_gets_there_from_the_page_for_heads_and_back(client: Client) -> None:
    heads, statisticians = reverse("desk:direction"), reverse("desk:estimated")
    assert f'href="{statisticians}"' in client.get(heads).content.decode()
    response = client.get(statisticians)
    assert response.status_code == 200
    assert f'href="{heads}"' in response.content.decode()


@pytest.mark.django_db
def test_every_link_answers_and_nothing_comes_from_elsewhere(client: Client) -> None:
    text = client.get(reverse("desk:estimated")).content.decode()
    main = text[text.index("<main") : text.index("</main>")]
    targets = re.findall(r'href="([^"]+)"', main)
    assert targets
    for target in targets:
        assert client.get(target).status_code == 200, target
    assert not re.search(r'src="|url\(|@import|style="', main)


@pytest.mark.django_db
def test_it_holds_every_heading_table_and_plot_of_the_page_in_docs(client: Client) -> None:
    shown = unescape(client.get(reverse("desk:estimated")).content.decode())
    for heading in re.findall(r"^## (.+)$", TEXT, re.MULTILINE):
        assert f">{heading}</h2>" in shown
    plots = re.findall(r"\]\((plots/\S+\.svg)\)", TEXT)
    assert shown.count('role="img"') == len(plots) == 4
    for name in plots:
        desc = re.search(r"<desc[^>]*>(.*?)</desc>", plot(name))
        assert desc
        assert unescape(desc[1]) in shown
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    for named in re.findall(r'aria-labelledby="([^"]+)"', shown):
        assert set(named.split()) <= set(ids)
    assert shown.count("<table") == len(re.findall(r"^\|-", TEXT, re.MULTILINE))


def made(text: str) -> str:
    return page(f"# Title\n\n{text}\n", lambda name: f"<svg>{name}</svg>")


def test_a_brace_of_the_text_is_no_template() -> None:
    text = made("`{{ secret }}` and {% url 'x' %}")
    assert "&#123;&#123; secret &#125;&#125;" in text
    assert "secret }}" not in text
    assert "and {%" not in text


def test_a_link_that_the_site_cannot_follow_is_refused_and_a_decision_keeps_its_words() -> None:
    with pytest.raises(ValueError, match=r"links to figures\.md"):
        made("See [figures](figures.md).")
    text = made("See [decision 0016](../decisions/0016-one-standing.md).")
    assert "See decision 0016." in text
    assert "nowhere" not in text


def test_rows_have_headings_and_figures_stand_to_the_right() -> None:
    text = made("| | n |\n|---|---|\n| schools | 1,204 |\n| left out | – |")
    assert '<th class="govuk-table__header" scope="row">schools</th>' in text
    assert '<td class="govuk-table__cell govuk-table__cell--numeric">1,204</td>' in text
    assert '<td class="govuk-table__cell"></td>' in text
