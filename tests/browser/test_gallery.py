"""Every component and chart, in every state: axe finds nothing, and a phone can show it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll, violations

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.web.gallery.urls")]
PAGES = (
    "components",
    "errors",
    "charts",
    "school",
    "review",
    "message/400",
    "message/403",
    "message/4030",
    "message/404",
    "message/500",
)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_at_a_desk_and_on_a_phone(
    page: Page, live_server: LiveServer, name: str
) -> None:
    page.goto(f"{live_server.url}/gallery/{name}/")
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)


def test_axe_would_speak(page: Page, live_server: LiveServer) -> None:
    """The negative control: an image without words is found."""
    page.goto(f"{live_server.url}/gallery/message/404/")
    page.evaluate("document.querySelector('main').append(new Image())")
    assert "image-alt" in {v["id"] for v in violations(page)}


def test_sideways_scrolling_would_be_seen(page: Page, live_server: LiveServer) -> None:
    """The negative control: something too wide is named."""
    page.goto(f"{live_server.url}/gallery/message/404/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML("
        "'beforeend', '<svg class=wide width=900 height=1></svg>')"
    )
    with pytest.raises(AssertionError, match="wide"):
        assert_no_sideways_scroll(page)


def test_the_error_summary_takes_focus_and_leads_to_the_field(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/gallery/errors/")
    assert page.title().startswith("Error: ")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        target = link.get_attribute("href")
        assert target
        expect(page.locator(target)).to_be_visible()
    summary.get_by_role("link", name="Enter the review date").click()
    expect(page.get_by_label("Day")).to_be_focused()


def test_the_menu_folds_on_a_phone_and_opens(page: Page, live_server: LiveServer) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{live_server.url}/gallery/school/")
    expect(page.get_by_role("link", name="Meetings")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Meetings")).to_be_visible()


def test_without_javascript_the_menu_is_open_and_nothing_is_missing(
    page_without_javascript: Page, live_server: LiveServer
) -> None:
    page = page_without_javascript
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{live_server.url}/gallery/school/")
    expect(page.get_by_role("link", name="Meetings")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    expect(page.get_by_text("Three frameworks, no read-across")).to_be_visible()


def test_a_chart_is_drawn_for_the_room_there_is(page: Page, live_server: LiveServer) -> None:
    """One drawing shows at a time, and its smallest letters are 12 pixels high or more."""
    page.goto(f"{live_server.url}/gallery/charts/")
    first = page.locator(".bh-chart").first
    expect(first.locator(".bh-chart__wide svg")).to_be_visible()
    expect(first.locator(".bh-chart__narrow svg")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 800})
    expect(first.locator(".bh-chart__wide svg")).to_be_hidden()
    expect(first.locator(".bh-chart__narrow svg")).to_be_visible()
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll(".bh-chart svg")]
            .filter(s => s.getClientRects().length)
            .flatMap(s => [...s.querySelectorAll("text")].map(t =>
                parseFloat(getComputedStyle(t).fontSize) * s.getBoundingClientRect().width
                / s.viewBox.baseVal.width)))"""
    )
    assert smallest >= 11.9


def test_print_opens_details_and_leaves_out_what_only_a_screen_needs(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/gallery/school/")
    page.emulate_media(media="print")
    expect(page.locator(".govuk-service-navigation")).to_be_hidden()
    expect(page.get_by_text("The table.")).to_be_visible()


def test_focus_is_plain_to_see_on_everything_that_takes_it(
    page: Page, live_server: LiveServer
) -> None:
    """By keyboard through a page: every stop has an outline, or a ground and edge of its own."""
    page.goto(f"{live_server.url}/gallery/review/")
    look = """e => {const s = getComputedStyle(e); return s.outlineStyle + s.outlineColor
        + s.backgroundColor + s.boxShadow + s.borderColor}"""
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        now = page.evaluate_handle("document.activeElement")
        if page.evaluate("e => e === document.body", now):
            break
        focused = page.evaluate(look, now)
        page.evaluate("e => e.blur()", now)
        plain = page.evaluate(look, now)
        page.evaluate("e => e.focus()", now)
        assert focused != plain, page.evaluate("e => e.outerHTML.slice(0, 200)", now)
        seen += 1
    assert seen > 20
