"""The statisticians' page of the site, made from the page in ``docs``, so that there is one text.

``python -m bridgehead.desk.reference`` writes the template to its output; ``make docs`` keeps it,
and a test fails when it is out of date. The plots stand in the page itself: it needs nothing else.
"""

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bridgehead.web.words import typeset

EXPLANATION = Path(__file__).resolve().parents[3] / "docs" / "explanation"
SOURCE = "how-direction-is-estimated.md"
#: The pages of ``docs`` that the site has as well, by the name of their address.
PAGES = {"direction-of-travel.md": "desk:direction"}
#: What is linked in ``docs`` and not served: the words stay, the link goes.
_NOT_SERVED = re.compile(r"\.\./decisions/\S+\.md")
_NUMERIC = re.compile(r"[^A-Za-z]*")
_CLASSES = {
    "paragraph_open": "govuk-body bh-narrow",
    "bullet_list_open": "govuk-list govuk-list--bullet bh-narrow",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
}
_PAGE = """\
{{% extends "base.html" %}}
{{# Made from docs/explanation/{source} by make docs: change that page, not this one. #}}
{{% block title %}}{title}{{% endblock %}}
{{% block breadcrumbs %}}<c-breadcrumbs><c-crumb href="{{% url 'desk:direction' %}}">\
How we work out direction of travel</c-crumb><c-crumb>{title}</c-crumb></c-breadcrumbs>\
{{% endblock %}}
{{% block content %}}
<h1 class="govuk-heading-l">{title}</h1>
{body}\
<p class="govuk-body bh-narrow">The commands, files and decisions that are named here are in the \
source code of Bridgehead, where this page is <code>docs/explanation/{source}</code>.</p>
{{% endblock %}}
{{% block who %}}<c-who><p class="govuk-body">Everybody, signed in or not.</p></c-who>\
{{% endblock %}}
"""


def page(text: str, plot: Callable[[str], str]) -> str:
    """The template from Markdown; ``plot`` gives the SVG of an image's address. Raises
    ``ValueError`` for a link to a page that the site does not have."""
    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(text)
    title = tokens[1].content
    parts, topic = [], title
    for kind, block in _blocks(tokens[3:]):
        if kind == "heading_open":
            topic = block[1].content
        _dress(block)
        picture = _picture(block)
        if picture:
            parts.append(_figure(picture, plot))
        elif kind == "fence":
            code = f"<pre><code>{escape(block[0].content)}</code></pre>"
            parts.append(_region(f"{topic}: formulas", code))
        elif kind == "table_open":
            drawn = _html(reader, block).replace(
                ">", f'><caption class="govuk-visually-hidden">{escape(topic)}</caption>', 1
            )
            parts.append(_region(f"{topic}: table", drawn))
        else:
            parts.append(_html(reader, block))
    return _PAGE.format(title=escape(typeset(title)), source=SOURCE, body=_inert("".join(parts)))


def _blocks(tokens: Sequence[Token]) -> list[tuple[str, list[Token]]]:
    """The page's own parts, each from its opening token to its closing one."""
    starts = [i for i, t in enumerate(tokens) if t.level == 0 and t.nesting >= 0]
    return [
        (tokens[a].type, list(tokens[a:b])) for a, b in pairwise([*starts, len(tokens)]) if a < b
    ]


def _dress(block: Sequence[Token]) -> None:
    """The site's classes, its addresses, and curved apostrophes outside code."""
    for token in block:
        if token.type == "heading_open":
            token.attrSet("class", f"govuk-heading-{'m' if token.tag == 'h2' else 's'}")
        elif token.type in _CLASSES:
            token.attrSet("class", _CLASSES[token.type])
        for inner in token.children or ():
            if inner.type == "text":
                inner.content = typeset(inner.content)
            elif inner.type == "link_open":
                _address(inner)
    if block and block[0].type == "table_open":
        _cells(block)


def _address(link: Token) -> None:
    target = str(link.attrGet("href"))
    if target in PAGES:
        link.attrs = {"class": "govuk-link", "href": f"site:{PAGES[target]}"}
    elif _NOT_SERVED.fullmatch(target):
        link.attrs = {"href": "nowhere"}
    else:
        raise ValueError(f"{SOURCE} links to {target}, which the site does not have.")


def _cells(block: Sequence[Token]) -> None:
    """Headings for the rows, and figures to the right."""
    rows: list[list[int]] = []
    for i, token in enumerate(block):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(i)
    for column in range(len(rows[0])):
        cells = [row[column] for row in rows]
        figures = all(_NUMERIC.fullmatch(block[i + 1].content) for i in cells[1:])
        for at, i in enumerate(cells):
            heading = (at == 0 or column == 0) and bool(block[i + 1].content)
            block[i].tag = block[i + 2].tag = "th" if heading else "td"
            kind = "govuk-table__header" if heading else "govuk-table__cell"
            block[i].attrs = {"class": f"{kind} {kind}--numeric" if figures else kind}
            if heading:
                block[i].attrSet("scope", "col" if at == 0 else "row")


def _html(reader: MarkdownIt, block: Sequence[Token]) -> str:
    made = str(reader.renderer.render(block, reader.options, {}))
    return re.sub(r'<a href="nowhere">(.*?)</a>', r"\1", made)


def _picture(block: Sequence[Token]) -> Token | None:
    """The image of a paragraph that is nothing else."""
    inner = block[1].children if len(block) == 3 else None
    return inner[0] if inner and len(inner) == 1 and inner[0].type == "image" else None


def _figure(image: Token, plot: Callable[[str], str]) -> str:
    """A plot as it was drawn, with ids of its own, and its words under it."""
    source = str(image.attrGet("src"))
    name = Path(source).stem
    drawn = (
        plot(source)
        .replace('aria-labelledby="t d"', f'aria-labelledby="t-{name} d-{name}"')
        .replace('id="t"', f'id="t-{name}"')
        .replace('id="d"', f'id="d-{name}"')
    )
    region = _region(f"{name.replace('-', ' ').capitalize()}: plot", drawn.strip(), css=" bh-plot")
    words = escape(typeset(image.content))
    said = f'<figcaption class="govuk-body bh-narrow">{words}</figcaption>'
    return f'<figure class="bh-figure-block">{region}{said}</figure>\n'


def _region(name: str, inside: str, *, css: str = "") -> str:
    """Something that may be wider than a phone scrolls by itself, by keyboard as well."""
    label = escape(typeset(name))
    return (
        f'<div class="bh-scroll{css}" tabindex="0" role="region" aria-label="{label}">'
        f"{inside}</div>\n"
    )


def _inert(body: str) -> str:
    """No brace of the text is a template's; the site's own addresses are."""
    quiet = body.replace("{", "&#123;").replace("}", "&#125;")
    return re.sub(r'"site:([\w:]+)"', "\"{% url '\\1' %}\"", quiet)


def main() -> None:
    """Write the template to the output."""
    text = (EXPLANATION / SOURCE).read_text(encoding="utf-8")
    print(page(text, lambda name: (EXPLANATION / name).read_text(encoding="utf-8")), end="")


if __name__ == "__main__":
    main()
