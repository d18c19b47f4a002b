"""The desk's pages in a browser, as every role sees them: axe, a phone's width, no JavaScript."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from bridgehead.accounts.models import User
from bridgehead.schools.actions import keep_similar
from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll
from tests.cast import Site

pytestmark = pytest.mark.browser

Visit = Callable[[Page, User, str], None]
SERIES = "ks2.rwm_expected"


@pytest.fixture
def visit(live_server: LiveServer) -> Visit:
    """Open an address as somebody."""

    def go(page: Page, who: User, address: str) -> None:
        sign_in(page.context, who, live_server)
        page.goto(f"{live_server.url}{address}")

    return go


def sign_in(context: BrowserContext, who: User, server: LiveServer) -> None:
    client = Client()
    client.force_login(who)
    name = settings.SESSION_COOKIE_NAME
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server.url}])


def assert_good(page: Page) -> None:
    """Axe finds nothing, and nothing sticks out at a phone's width, however much is unfolded."""
    assert page.locator("h1").count() == 1, page.url
    assert page.title()[0].isalnum(), page.title()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def addresses(site: Site, urn: int) -> list[str]:
    """Every page of the desk about a school, and those about all of them."""
    about = ("school", "standards", "inspections", "sources")
    return [
        reverse("desk:home"),
        reverse("desk:area"),
        reverse("desk:schools"),
        *(reverse(f"desk:{name}", args=[urn]) for name in about),
        reverse("desk:series", args=[urn, SERIES]),
    ]


@pytest.mark.parametrize(
    "who", ["other_head", "governor", "officer", "broker", "board_member", "administrator"]
)
def test_every_page_is_good_for_every_role(page: Page, visit: Visit, site: Site, who: str) -> None:
    for address in addresses(site, site.other_school.urn):
        visit(page, getattr(site.cast, who), address)
        assert_good(page)


def test_pages_for_those_who_see_more_are_good(page: Page, visit: Visit, site: Site) -> None:
    urn, release = site.other_school.urn, site.picture.releases[0]
    kept = keep_similar(
        partnership=site.partnership,
        organisation=site.other_school,
        picture=site.picture,
        purpose="Maths plan, spring 2027",
        token=uuid4(),
        by=site.reader("broker"),
    )
    for address in (
        reverse("desk:similar", args=[urn]),
        reverse("desk:keep-similar", args=[urn]),
        reverse("desk:kept-similar", args=[urn, kept.pk]),
        reverse("brokerage:supporters", args=[urn]),
        f"{reverse('brokerage:supporters', args=[urn])}?need=Inclusion",
        f"{reverse('brokerage:supporters', args=[urn])}?within=far",
        reverse("desk:data"),
        reverse("desk:release", args=[release]),
        reverse("desk:measures"),
        reverse("desk:measure", args=[SERIES]),
        reverse("desk:direction"),
        reverse("desk:estimated"),
        reverse("desk:accessibility"),
        f"{reverse('desk:schools')}?q=nothing-like-it",
        f"{reverse('desk:schools')}?phase=primary&sort=-figure&page=2",
    ):
        visit(page, site.cast.broker, address)
        assert_good(page)


def test_schools_without_figures_have_good_pages(page: Page, visit: Visit, site: Site) -> None:
    schools = site.picture.schools.filter(site.picture.schools["urn"].is_in(site.urns))
    for phase in ("nursery", "special", "secondary", "16-18"):
        for urn in schools.filter(schools["phase"] == phase)["urn"][:1]:
            for name in ("school", "standards", "inspections"):
                visit(page, site.cast.broker, reverse(f"desk:{name}", args=[urn]))
                assert_good(page)


def test_before_anything_is_loaded_pages_are_good(
    page: Page, live_server: LiveServer, small_site: Site, monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    for who in (small_site.cast.administrator, small_site.cast.head):
        sign_in(page.context, who, live_server)
        for name in ("desk:home", "desk:area"):
            page.goto(f"{live_server.url}{reverse(name)}")
            assert_good(page)
    sign_in(page.context, small_site.cast.administrator, live_server)
    page.goto(f"{live_server.url}{reverse('desk:data')}")
    assert_good(page)


def test_on_a_phone_the_filters_fold_and_the_list_comes_first(
    page: Page, visit: Visit, site: Site
) -> None:
    visit(page, site.cast.broker, reverse("desk:schools"))
    search = page.get_by_label("Name, town, postcode or URN")
    expect(search).to_be_visible()
    page.set_viewport_size({"width": 375, "height": 800})
    expect(search).to_be_hidden()
    expect(page.get_by_role("link", name="Pupils")).to_be_visible()
    page.get_by_text("Find and filter").click()
    expect(search).to_be_visible()
    assert_axe_clean(page)


def test_a_school_is_found_and_read_without_javascript(
    page_without_javascript: Page, visit: Visit, site: Site
) -> None:
    page = page_without_javascript
    visit(page, site.cast.broker, reverse("desk:schools"))
    page.get_by_label("Name, town, postcode or URN").fill(str(site.other_school.urn))
    page.get_by_role("button", name="Apply filters").click()
    page.get_by_role("link", name=site.other_school.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(site.other_school.name)
    page.get_by_role("link", name="Who could help this school").click()
    page.get_by_label("Help with").select_option("Inclusion")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".bh-facts").first).to_contain_text("Inclusion")


def test_similar_schools_are_compared_on_a_phone_without_scrolling_sideways(
    page: Page, visit: Visit, site: Site
) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    visit(page, site.cast.officer, reverse("desk:similar", args=[site.other_school.urn]))
    tables = page.locator(".bh-scroll").all()
    assert len(tables) >= 2
    for table in tables:
        assert table.evaluate("each => each.scrollWidth <= each.clientWidth")
    schools = page.locator(".bh-scroll", has_text="Similar schools, closest first")
    assert schools.locator("td[data-label]").count() > 20


def test_who_has_looked_is_a_good_page(page: Page, visit: Visit, site: Site) -> None:
    head, urn = site.cast.head, site.school.urn
    visit(page, head, reverse("desk:seen", args=[urn]))
    expect(page.get_by_text("nobody opened a page")).to_be_visible()
    assert_good(page)
    for who, name in ((site.cast.officer, "school"), (site.cast.broker, "similar")):
        visit(page, who, reverse(f"desk:{name}", args=[urn]))
    visit(page, head, reverse("desk:home"))
    page.get_by_role("link", name="Who has looked at our school’s pages").click()
    expect(page.get_by_role("rowheader")).to_have_count(3)
    expect(page.get_by_role("cell", name="Priya Nair")).to_be_visible()
    assert_good(page)
