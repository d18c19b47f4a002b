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
from packaging.requirements import Requirement
from packaging.version import Version

from bridgehead.cli import sbom
from bridgehead.cli.main import main
from bridgehead.config import health
from bridgehead.core.errors import Refused
from tests.accounts.test_routes import TABLE, Row, _address, _client
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
    assert "unsafe" not in policy, where
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
    assert "unsafe" not in unknown["Content-Security-Policy"]
    check(client.get("/static/nothing.css"))
    check(client.get("/static/built/bridgehead.css"))
    settings.SECURE_SSL_REDIRECT = True
    moved = Client().get("/sign-in/")
    assert moved.status_code == 301
    assert "default-src 'self'" in moved["Content-Security-Policy"]


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
