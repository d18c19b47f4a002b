"""Setting a second factor up, signing in with it, and ending sessions, in a browser without
JavaScript as well."""

import base64
import re
import time

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bridgehead.accounts.models import Authenticator, User
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in import totp
from bridgehead.people.actions import appoint
from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll
from tests.cast import PASSWORD, Site, code_of, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def newcomer(transactional_db: None) -> User:
    """A broker who has set up nothing."""
    site, made = Site.small(), person("Nia Bowen")
    appoint(person=made, role="broker", partnership=site.partnership, by=COMMAND_LINE)
    return made


def assert_good(page: Page) -> None:
    """Axe finds nothing at a desk and on a phone, and nothing sticks out there."""
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def give_password(page: Page, server: LiveServer, who: User) -> None:
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label("E-mail address").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up(page: Page, press: str = "Continue") -> list[str]:
    """Type the key into an app, and its code into the page; gives the recovery codes."""
    page.get_by_text("You cannot use the picture").click()
    secret = base64.b32decode("".join(page.locator(".bh-key").inner_text().split()))
    page.get_by_label("Code from the app").fill(totp.code_at(secret, totp.step_at(time.time())))
    page.get_by_role("button", name=press).click()
    return page.locator(".bh-codes li").all_inner_texts()


def test_a_newcomer_sets_one_up_and_signs_in_with_it(
    page: Page, live_server: LiveServer, newcomer: User
) -> None:
    give_password(page, live_server, newcomer)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    assert_good(page)
    page.get_by_label("Code from the app").fill("12345")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: Set up a second factor"))
    assert_good(page)
    page.goto(f"{live_server.url}/support-review/")  # nothing else can be opened
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    codes = set_up(page)
    assert len(codes) == 10
    assert_good(page)
    page.get_by_role("button", name="I have kept them").click()
    page.goto(f"{live_server.url}/second-factor/")
    expect(page.get_by_text("Recovery codes left")).to_be_visible()
    assert_good(page)
    for name in ("Make new recovery codes", "Use another phone or app"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        assert_good(page)
        page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Where you are signed in").click()
    assert_good(page)
    page.get_by_role("button", name="Sign out here").click()

    give_password(page, live_server, newcomer)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    assert_good(page)
    page.get_by_label("Code").fill("000 000")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: Enter your code"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_good(page)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{live_server.url}/role/")
    expect(page.get_by_role("heading", name="Your roles")).to_be_visible()
    assert_good(page)


def test_the_same_without_javascript(
    page_without_javascript: Page, live_server: LiveServer, newcomer: User
) -> None:
    page = page_without_javascript
    give_password(page, live_server, newcomer)
    codes = set_up(page)
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    give_password(page, live_server, newcomer)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{live_server.url}/sessions/")
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert Authenticator.objects.filter(person=newcomer).exists()


def test_a_passkey_in_place_of_a_code(
    page: Page, live_server: LiveServer, transactional_db: None
) -> None:
    """With Chromium's own virtual device."""
    broker = Site.small().cast.broker
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    give_password(page, live_server, broker)
    expect(page.get_by_role("button", name="Use your passkey")).to_have_count(0)
    page.get_by_label("Code").fill(code_of(broker))
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{live_server.url}/second-factor/passkeys/new/")
    assert_good(page)
    page.get_by_label("Code").fill(code_of(broker))
    page.get_by_role("button", name="Continue").click()
    assert_good(page)
    page.get_by_role("button", name="Make a passkey on this device").click()
    expect(page.get_by_role("heading", name="Your passkeys")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Chrome on Linux")).to_be_visible()
    assert_good(page)
    page.get_by_role("button", name="Sign out").click()

    give_password(page, live_server, broker)
    expect(page.get_by_text("The device did not show a passkey")).to_be_hidden()
    assert_good(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    page.goto(f"{live_server.url}/role/")
    expect(page.get_by_role("heading", name="Your roles")).to_be_visible()
