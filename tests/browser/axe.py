"""What every page must pass in a browser: axe without any finding, and no sideways scrolling."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
#: Every rule that is on by default, best practice included, and the one of WCAG 2.2 that is not.
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


@cache
def _source() -> str:
    assert AXE.is_file(), "axe-core is missing: run python -m bridgehead.web.build"
    return AXE.read_text()


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds on the page as it now stands. Evaluated through the debugger, which the
    page's content security policy does not touch."""
    page.evaluate(_source())
    return page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]


def assert_axe_clean(page: Page) -> None:
    """No violation of any impact; the message says what, where and why."""
    found = [
        f"{v['id']} ({v['impact']}): {v['help']}\n    "
        + "\n    ".join(f"{n['target']} {n['html'][:160]}" for n in v["nodes"][:5])
        for v in violations(page)
    ]
    assert not found, f"axe on {page.url}:\n" + "\n".join(found)


def assert_no_sideways_scroll(page: Page, width: int = 320) -> None:
    """At a phone's width (which is also 400% zoom of 1280 pixels) nothing sticks out."""
    page.set_viewport_size({"width": width, "height": 800})
    reach = page.evaluate("document.documentElement.scrollWidth")
    if reach <= width:
        return
    culprits = page.evaluate(
        """width => [...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > width + 0.5 && !e.closest(".bh-scroll"))
            .slice(0, 5).map(e => e.outerHTML.slice(0, 160))""",
        width,
    )
    raise AssertionError(f"{page.url} is {reach} pixels wide at {width}:\n" + "\n".join(culprits))
