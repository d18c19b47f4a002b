"""What is kept, requests and erasure in a browser: axe finds nothing, nothing sticks out."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bridgehead.people.models import Invitation
from tests.accounts.test_routes import _invitation
from tests.browser.test_people import assert_good, sign_in
from tests.cast import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(transactional_db: None) -> Site:
    """The cast."""
    return Site.small()


def test_pages_of_what_is_kept(page: Page, live_server: LiveServer, here: Site) -> None:
    page.goto(f"{live_server.url}/records/")
    assert_good(page)
    _invitation(here)
    sign_in(page, live_server, "owen.pryce")
    governor = here.cast.governor.pk
    for address in (
        "",
        "processing/",
        "agreement/",
        "impact-assessment/",
        "about-you/",
        "requests/",
        "requests/?email=nobody@example.org",
        f"requests/people/{governor}/",
        f"requests/people/{governor}/erase/",
        "requests/address/?email=noor.aziz@example.org",
        "requests/disclosure/",
        "requests/safeguarding/",
    ):
        page.goto(f"{live_server.url}/records/{address}")
        assert_good(page)


def test_an_administrator_answers_a_request(
    page: Page, live_server: LiveServer, here: Site, tmp_path: Path
) -> None:
    _invitation(here)
    Invitation.objects.update(name="Grace Lind")  # who may be somebody else of that name
    sign_in(page, live_server, "owen.pryce")
    page.get_by_role("link", name="Requests", exact=True).click()
    page.get_by_label("E-mail address").fill(here.cast.governor.email)
    page.get_by_role("button", name="Find").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Make the file").click()
    saved.value.save_as(tmp_path / "file.zip")
    content = (tmp_path / "file.zip").read_bytes()
    assert "held about you.html" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    page.get_by_role("button", name="Erase this person").click()
    page.get_by_label("Why is this person erased?").fill("asked for it on 3 May 2027")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check before erasing Grace Lind")).to_be_visible()
    assert_good(page)
    page.get_by_label("It means somebody else").check()
    page.get_by_role("button", name="Erase Grace Lind").click()
    expect(page.get_by_role("heading", name="Erased", exact=True)).to_be_visible()
    assert_good(page)
    page.reload()
    expect(page.get_by_role("heading", name="Erased", exact=True)).to_be_visible()
    assert Invitation.objects.get().name == "Grace Lind"
    page.goto(f"{live_server.url}/people/?ended")
    expect(page.get_by_text("Governor (name erased)")).to_be_visible()
