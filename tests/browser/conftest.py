"""One Chromium for all browser tests, and a fresh profile for each of them."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Playwright's event loop lives in the test's thread, where Django would
    take it for asynchronous code, so its guard is off while the browser is open."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    assert path, "the browser tests need Chromium: run tests/browser/chromium.sh"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a profile of its own. Afterwards the console must hold no error: a script that
    failed, or something that the content security policy refused."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # An answer of 4xx is what some tests are about; the browser logs it as an error.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            said.append(message.text)

    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert not said, f"the console said: {said}"


@pytest.fixture
def page_without_javascript(chromium: Browser) -> Iterator[Page]:
    """A page in which no script runs."""
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()
