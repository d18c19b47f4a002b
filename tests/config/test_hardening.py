"""What every answer carries, whatever is asked; cookies; how much may be sent; what the program is
made of."""

import csv
import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter
from packaging.requirements import Requirement
from packaging.version import Version

from bridgehead.cli import sbom
from bridgehead.cli.main import main
from bridgehead.config import health
from bridgehead.core.errors import Refused
from tests.accounts.test_routes import TABLE, Row, _address, _client, routes
from tests.cast import PASSWORD, Site

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "bridgehead"
#: What the policy would not run, and what must therefore stand on no page.
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)[^>]*>\s*\S|\sstyle\s*=\s*[\"']|<style|\son[a-z]+\s*=\s*[\"']"
    r"|(?:href|src|action)\s*=\s*[\"']\s*javascript:",
    re.IGNORECASE,
)


def check(answer: HttpResponseBase) -> None:
    """The headers of an answer, and nothing inline on a page."""
    where = f"{answer.status_code} {getattr(answer, 'request', {}).get('PATH_INFO')}"
    policy = answer.headers.get("Content-Security-Policy", "")
    assert "default-src 'self'" in policy, where
    assert "frame-ancestors 'none'" in policy, where
    assert "object-src 'none'" in policy, where
    assert "base-uri 'none'" in policy, where
    assert "form-action 'self'" in policy, where
    assert "unsafe" not in policy, where
    assert answer.headers.get("Referrer-Policy") == "same-origin", where
    assert answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin", where
    assert answer.headers.get("Cross-Origin-Resource-Policy") == "same-origin", where
    assert "camera=()" in answer.headers.get("Permissions-Policy", ""), where
    assert "Access-Control-Allow-Origin" not in answer.headers, where
    kind = answer.headers.get("Content-Type", "").replace('"', "")
    assert "charset=utf-8" in kind.lower() or not kind.startswith("text/"), f"{where}: {kind}"
    assert answer.headers.get("X-Content-Type-Options") == "nosniff", where
    assert answer.headers.get("X-Request-ID"), where
    if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
        found = INLINE.search(answer.content.decode())  # type: ignore[attr-defined]
        assert found is None, f"{where}: {found}"


@pytest.mark.django_db
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.route)
def test_every_route_carries_the_policy(row: Row, site: Site) -> None:
    address = _address(row, site)
    for reader in ("nobody", "head", "broker", "administrator"):
        for method in ("GET", "POST", "DELETE"):
            check(_client(reader, site).generic(method, address))


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("<script>x()</script>", True),
        ('<p style="color: red">', True),
        ('<a onclick="x()">', True),
        ('<a href="javascript:x()">', True),
        ('<script src="/static/a.js" defer></script><p class="style">one = "two"</p>', False),
    ],
)
def test_what_is_inline_would_be_seen(text: str, bad: bool) -> None:
    assert bool(INLINE.search(text)) == bad


@pytest.mark.django_db
def test_every_refusal_and_error_carries_the_policy(
    small_site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in/", {}).status_code == 403
    refused = {"username": small_site.cast.head.email, "password": "wrong"}
    answers = {
        403: strict.post("/sign-in/", {}),
        404: client.get("/nowhere/"),
        405: client.put("/healthz"),
        413: client.post("/sign-in/", REMOTE_ADDR="127.0.0.1", CONTENT_LENGTH="99999999999"),
        400: client.post("/sign-in/", {"username": "x" * 1_100_000}),
        429: [client.post("/sign-in/", refused) for _ in range(6)][-1],
    }
    monkeypatch.setattr(health, "checks", lambda: 1 / 0)
    answers[500] = client.get("/readyz")
    for status, answer in answers.items():
        assert answer.status_code == status
        check(answer)
    unknown = client.get("/sign-in/", headers={"host": "evil.example"})
    assert unknown.status_code == 404
    check(unknown)
    check(client.get("/static/nothing.css"))
    check(client.get("/static/built/bridgehead.css"))
    settings.SECURE_SSL_REDIRECT = True
    moved = Client().get("/sign-in/")
    assert moved.status_code == 301
    assert "default-src 'self'" in moved["Content-Security-Policy"]


@pytest.mark.django_db
def test_every_answer_under_https_asks_for_https_for_a_year(
    small_site: Site, settings: Any
) -> None:
    """Pages, style sheets, refusals of strangers' host names and of what is too large."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    client = Client()
    for answer in (
        client.get("/sign-in/", secure=True),
        client.get("/nowhere/", secure=True),
        client.get("/static/built/bridgehead.css", secure=True),
        client.get("/sign-in/", secure=True, headers={"host": "evil.example"}),
        client.post("/sign-in/", secure=True, CONTENT_LENGTH="99999999999"),
    ):
        said = answer["Strict-Transport-Security"]
        assert said.startswith("max-age=31536000; includeSubDomains"), answer.status_code


@pytest.mark.django_db
def test_an_error_tells_nothing_of_the_inside(
    small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("SELECT secret FROM inside")

    monkeypatch.setattr(health, "checks", broken)
    answer = Client(raise_request_exception=False).get("/readyz")
    assert answer.status_code == 500
    for inside in (b"SELECT", b"RuntimeError", b"Traceback", b"bridgehead/", b"health.py"):
        assert inside not in answer.content


@pytest.mark.django_db
def test_a_number_that_is_nobodys_is_missing_however_large(site: Site) -> None:
    """Larger than the databases can hold, too: missing, and no error."""
    readers = [_client(who, site) for who in ("officer", "head", "administrator")]
    asked = 0
    for name, route in routes():
        kinds = route.pattern.converters
        if not any(isinstance(kind, IntConverter) for kind in kinds.values()):
            continue
        for number in (0, 2**31, 2**63, 10**30):
            parts = {
                part: number if isinstance(kind, IntConverter) else "sent"
                for part, kind in kinds.items()
            }
            for client in readers:
                status = client.get(reverse(name, kwargs=parts)).status_code
                assert status in {403, 404, 405}, (name, number)
                asked += status == 404
    assert asked > 100


@pytest.mark.parametrize(
    "address",
    [
        "/.git/HEAD",
        "/.env",
        "/static/",
        "/static/built/",
        "/static/../settings.py",
        "/static/%2e%2e/",
    ],
)
@pytest.mark.django_db
def test_neither_source_nor_listings_are_served(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_cookies_and_transport_under_https(small_site: Site, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.KNOWN_BROWSER_COOKIE_NAME = "__Host-known"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    client = Client()
    answer = client.get("/sign-in/", secure=True)
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    given = {"username": small_site.cast.head.email, "password": PASSWORD}
    assert client.post("/sign-in/", given, secure=True).status_code == 302
    assert {"__Host-session", "__Host-csrf", "__Host-known"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.django_db
def test_what_machines_ask_is_not_led_to_https(client: Client, settings: Any) -> None:
    """A watcher that asks without TLS is answered or not, never led on unseen; people are led."""
    settings.SECURE_SSL_REDIRECT = True
    for address in ("/healthz", "/readyz", "/metrics"):
        assert client.get(address).status_code in {200, 404}
    assert client.get("/sign-in/").status_code == 301


@pytest.mark.parametrize("told", ["25000001", "-1", "1e9", "٣"])
def test_too_much_is_refused_before_it_is_read(client: Client, told: str) -> None:
    answer = client.post("/sign-in/", CONTENT_LENGTH=told)
    assert answer.status_code == 413
    assert "The most is 25 megabytes" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row", [row for row in TABLE if row.route.endswith("csv")], ids=lambda row: row.route
)
def test_no_download_holds_a_live_formula(row: Row, site: Site) -> None:
    answer = _client("broker", site).get(_address(row, site))
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text, newline="")) for cell in line]
    assert len(cells) >= 10
    numbers = re.compile(r"-?\d[\d.]*(e-?\d+)?")
    assert [c for c in cells if c[:1] in set("=+-@\t\r\n") and not numbers.fullmatch(c)] == []


def test_downloads_are_written_in_one_place_only() -> None:
    """Elsewhere somebody would forget to make formulas inert."""
    web = ("desk", "brokerage", "monitoring", "people", "schools", "accounts", "web", "config")
    found = [
        str(path.relative_to(SOURCE))
        for name in web
        for path in (SOURCE / name).rglob("*.py")
        if re.search(r"text/csv|csv\.writer|csv\.DictWriter|write_csv", path.read_text())
    ]
    assert found == ["web/spreadsheets.py"]


def test_the_bill_of_materials_names_every_locked_package(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["sbom"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    named = {(one["name"], one["version"]) for one in told["components"]}
    lock = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.MULTILINE)
    assert {(n.lower().replace("_", "-"), v) for n, v in pinned} <= named
    assert "govuk-frontend" in {name for name, _ in named}
    assert all(one["hashes"] for one in told["components"])
    refs = [one["bom-ref"] for one in told["components"]]
    assert len(refs) == len(set(refs))
    assert told == sbom.bill(ROOT)


def test_everything_that_is_asked_for_is_locked_to_a_digest() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = project["optional-dependencies"]
    locked: dict[str, list[str]] = {}
    for one in sbom.python_packages((ROOT / "requirements.lock").read_text()):
        locked.setdefault(one["name"], []).append(one["version"])
    for text in [*project["dependencies"], *extra["dev"], *extra["build"]]:
        asked = Requirement(text)
        name = asked.name.lower().replace("_", "-")
        assert name in locked, f"{name} is not in requirements.lock"
        assert all(asked.specifier.contains(Version(v)) for v in locked[name]), text


@pytest.mark.parametrize("lock", ["django>=5\n", "django==5.2\n", "-e git+https://example.org/x\n"])
def test_a_package_that_is_not_pinned_is_refused(lock: str) -> None:
    with pytest.raises(Refused, match="not pinned"):
        list(sbom.python_packages(lock))
