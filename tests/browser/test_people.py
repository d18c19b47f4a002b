"""Signing in, appointing somebody, the first password, the roles and the ledger, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bridgehead.accounts.models import User
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.people.actions import appoint
from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll
from tests.cast import PASSWORD, Site, code_of, with_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(transactional_db: None) -> Site:
    """The cast and two schools, where the server can see them."""
    return Site.small()


def sign_in(page: Page, server: LiveServer, who: str, password: str = PASSWORD) -> None:
    page.goto(f"{server.url}/sign-in/?next=/role/")
    page.get_by_label("E-mail address").fill(f"{who}@example.org")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    person = User.objects.get(email=f"{who}@example.org")
    if person.second_factor_at and password != "wrong":
        page.get_by_label("Code").fill(code_of(person))
        page.get_by_role("button", name="Continue").click()


def assert_good(page: Page) -> None:
    """Axe finds nothing at a desk and on a phone, and nothing sticks out there."""
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_somebody_is_appointed_sets_a_password_and_signs_in(
    page: Page, live_server: LiveServer, here: Site
) -> None:
    here.alone()
    sign_in(page, live_server, "owen.pryce")
    page.goto(f"{live_server.url}/people/")
    assert_good(page)
    page.get_by_role("button", name="Appoint somebody").click()
    assert_good(page)
    page.get_by_role("button", name="Appoint").click()
    expect(page).to_have_title(re.compile("^Error: Appoint somebody"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_good(page)
    page.get_by_label("Full name").fill("Ida Holm")
    page.get_by_label("E-mail address").fill("ida.holm@example.org")
    page.get_by_label("Governor", exact=True).check()
    page.get_by_label("School").select_option(label=here.school.name)
    page.get_by_role("button", name="Appoint").click()
    expect(page.get_by_role("heading", name="Ida Holm")).to_be_visible()
    assert_good(page)
    link = page.locator(".govuk-inset-text strong").inner_text()
    page.get_by_role("button", name="Sign out").click()

    page.goto(link)
    assert_good(page)
    page.get_by_label("New password", exact=True).fill("seventeen-quiet-otters")
    page.get_by_label("New password again").fill("seventeen-quiet-otters")
    page.get_by_role("button", name="Set password").click()
    sign_in(page, live_server, "ida.holm", "seventeen-quiet-otters")
    expect(page.get_by_role("heading", name="Your roles")).to_be_visible()
    assert_good(page)
    page.goto(link)
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    assert_good(page)


def test_an_appointment_is_ended_and_the_ledger_says_so(
    page: Page, live_server: LiveServer, here: Site
) -> None:
    sign_in(page, live_server, "owen.pryce")
    page.goto(f"{live_server.url}/people/")
    page.get_by_role("link", name="End the appointment of Priya Nair").click()
    assert_good(page)
    page.get_by_role("button", name="End the appointment").click()
    expect(page.get_by_role("heading", name="The appointment has ended")).to_be_visible()
    assert_good(page)
    page.get_by_role("button", name="Back to the list").click()
    page.get_by_role("link", name="Ended").click()
    expect(page.get_by_role("rowheader", name="Priya Nair")).to_be_visible()
    assert_good(page)
    page.goto(f"{live_server.url}/audit/")
    expect(page.get_by_role("cell", name="ended an appointment")).to_be_visible()
    assert_good(page)


def test_a_wrong_password_and_the_pages_for_everybody(
    page: Page, live_server: LiveServer, here: Site
) -> None:
    sign_in(page, live_server, "priya.nair", "wrong")
    expect(page).to_have_title(re.compile("^Error: Sign in"))
    assert_good(page)
    for _ in range(4):
        sign_in(page, live_server, "priya.nair", "wrong")
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    assert_good(page)
    page.goto(f"{live_server.url}/who-can-see/")
    assert_good(page)


def test_a_door_that_is_not_the_readers(page: Page, live_server: LiveServer, here: Site) -> None:
    sign_in(page, live_server, "helen.okafor")
    page.goto(f"{live_server.url}/people/")
    expect(page.get_by_role("heading", name="You cannot see this page")).to_be_visible()
    expect(page.get_by_text("does not let you invite and remove people")).to_be_visible()
    assert_good(page)


def test_several_roles_without_javascript(
    page_without_javascript: Page, live_server: LiveServer, here: Site
) -> None:
    page = page_without_javascript
    appoint(
        person=with_app(here.cast.head),
        role="administrator",
        partnership=here.partnership,
        by=COMMAND_LINE,
    )
    sign_in(page, live_server, "helen.okafor")
    page.get_by_label("Administrator").check()
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{live_server.url}/people/")
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    page.goto(f"{live_server.url}/password/")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("seventeen-quiet-otters")
    page.get_by_label("New password again").fill("seventeen-quiet-otters")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("heading", name="Your password has been changed")).to_be_visible()
