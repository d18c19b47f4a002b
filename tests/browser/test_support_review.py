"""The whole journey of a support review in a browser, from opening it to the resulting support."""

from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bridgehead.accounts.models import User
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.monitoring.queries import live_proposals
from bridgehead.monitoring.rules import Outcome
from bridgehead.people.actions import appoint
from bridgehead.schools.models import Organisation
from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll
from tests.cast import LONG_AGO, Site, person

pytestmark = pytest.mark.browser

Visit = Callable[[Page, User, str], None]


@pytest.fixture
def visit(live_server: LiveServer) -> Visit:
    """Open an address as somebody, and hold the page to axe."""

    def go(page: Page, who: User, address: str) -> None:
        client = Client()
        client.force_login(who)
        name = settings.SESSION_COOKIE_NAME
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        page.goto(f"{live_server.url}{address}")

    return go


@pytest.fixture
def urgent(site: Site) -> tuple[Organisation, User]:
    """A school for which priority support is proposed, and its head."""
    proposals = live_proposals(site.picture, site.urns)
    urn = min(urn for urn, p in proposals.items() if p.outcome is Outcome.PRIORITY)
    school = Organisation.objects.get(urn=urn)
    head = person("Ruth Adair")
    appoint(
        person=head,
        role="head",
        partnership=site.partnership,
        organisation=school,
        starts=LONG_AGO,
        by=COMMAND_LINE,
    )
    return school, head


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill_date(page: Page, on: date) -> None:
    for part in ("Day", "Month", "Year"):
        page.get_by_label(part).fill(str(getattr(on, part.lower())))


def board() -> str:
    return reverse("monitoring:board")


@pytest.mark.postgres_journey
def test_from_opening_to_the_resulting_support(
    page: Page, visit: Visit, site: Site, urgent: tuple[Organisation, User]
) -> None:
    school, head = urgent
    officer = site.cast.officer

    visit(page, officer, board())
    expect(page.get_by_text("No review is open")).to_be_visible()
    assert_axe_clean(page)
    page.get_by_role("link", name="Open the review").click()
    assert_axe_clean(page)
    page.get_by_label("Name of the review").fill("")
    press(page, "Continue")
    assert page.title().startswith("Error: ")
    assert_axe_clean(page)
    page.get_by_label("Name of the review").fill("Spring term 2027")
    press(page, "Continue")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    assert_axe_clean(page)
    press(page, "Open the support review")
    expect(page.get_by_role("heading", name="Support review, Spring term 2027")).to_be_visible()
    assert_axe_clean(page)

    page.get_by_role("link", name="See those schools").click()
    assert_axe_clean(page)
    page.get_by_role("link", name=school.name, exact=True).click()
    address = page.url
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 800})

    page.get_by_role("button", name="Record that you told them").click()
    assert_axe_clean(page)
    fill_date(page, date(2026, 11, 20))
    page.get_by_label("How did you tell them?").fill("A meeting at the school")
    press(page, "Continue")
    assert_axe_clean(page)
    press(page, "Record that you told them")
    expect(page.get_by_role("heading", name="You told head and chair")).to_be_visible()
    assert_axe_clean(page)
    page.goto(address)
    page.get_by_role("button", name="Send the proposal to the school").click()
    assert_axe_clean(page)
    press(page, "Continue")
    press(page, "Send the proposal")
    expect(page.get_by_text("has been sent")).to_be_visible()

    visit(page, head, reverse("monitoring:own"))
    assert_axe_clean(page)
    page.get_by_role("link", name="Spring term 2027", exact=True).click()
    assert_axe_clean(page)
    page.get_by_role("button", name="Reply for your school").click()
    assert_axe_clean(page)
    page.get_by_label("We agree in part").check()
    press(page, "Continue")
    expect(page.get_by_text("Say where you see it differently").first).to_be_visible()
    assert_axe_clean(page)
    page.get_by_label("What should be known").fill("Two new leaders since September.")
    page.get_by_label("What would you like help with?").fill("leadership")
    press(page, "Continue")
    assert_axe_clean(page)
    press(page, "Change")
    expect(page.get_by_label("What should be known")).to_have_value(
        "Two new leaders since September."
    )
    press(page, "Continue")
    press(page, "Send your reply")
    expect(page.get_by_text("Reference SR-")).to_be_visible()
    assert_axe_clean(page)

    visit(page, officer, f"{board()}?waiting=a+judgement")
    page.get_by_role("link", name="record a judgement").click()
    assert_axe_clean(page)
    page.get_by_label("Broker support", exact=True).check()
    page.get_by_label("Reasons for your judgement").fill("New leaders; the trust is at work.")
    page.get_by_label("Brokered support").check()
    fill_date(page, date(2099, 6, 1))
    press(page, "Continue")
    assert_axe_clean(page)
    press(page, "Record the judgement")
    expect(page.get_by_text("Judgement and support have been recorded")).to_be_visible()

    visit(page, head, address.removeprefix(page.url.split("/support-review")[0]))
    for words in (
        "Proposed: priority support",
        "Two new leaders since September.",
        "Broker support, otherwise than was proposed",
        "New leaders; the trust is at work.",
        "Brokered support from another school or partner",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    assert_axe_clean(page)


def test_a_reply_needs_no_script(
    page_without_javascript: Page, visit: Visit, site: Site, urgent: tuple[Organisation, User]
) -> None:
    page = page_without_javascript
    visit(page, site.cast.officer, reverse("monitoring:open"))
    press(page, "Continue")
    press(page, "Open the support review")
    page.get_by_role("button", name="Send ").click()
    press(page, "Continue")
    press(page, "Send the proposals")
    visit(page, site.cast.head, reverse("monitoring:own"))
    page.locator("main").get_by_role("link", name="term").first.click()
    page.get_by_role("button", name="Reply for your school").click()
    page.get_by_label("We agree", exact=True).check()
    press(page, "Continue")
    press(page, "Send your reply")
    expect(page.get_by_text("Your reply has been sent")).to_be_visible()


@pytest.mark.parametrize("name", ["board", "rounds", "how"])
def test_pages_fit_a_phone_when_full_and_when_empty(
    page: Page, visit: Visit, site: Site, name: str
) -> None:
    for query in ("", "?trust=nobody&outcome=too-little"):
        visit(page, site.cast.broker, reverse(f"monitoring:{name}") + query)
        assert_axe_clean(page)
        assert_no_sideways_scroll(page)
