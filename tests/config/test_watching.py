"""What the site tells of itself (readiness, figures, log), and what it keeps to itself."""

import json
import logging
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.config import environment as env
from bridgehead.config import health, logs, metrics
from bridgehead.config.requests import watched
from bridgehead.core.errors import Refused
from tests.cast import Site

TOKEN = "a-word-of-the-watcher-0123"


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The lines of the log, as JSON."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Kept()
    handler.setFormatter(logs.Json())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.django_db
def test_ready_means_that_the_picture_can_be_read(
    client: Client, synthetic_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(home))
    assert client.get("/readyz").status_code == 200  # before the first picture
    shutil.copytree(synthetic_home / "pictures", home / "pictures")
    assert client.get("/readyz").content == b"ready\n"
    for damage in ("schools.parquet", "meta.json"):
        broken = tmp_path / damage
        shutil.copytree(home, broken)
        next((broken / "pictures").glob(f"*/{damage}")).write_bytes(b"damaged")
        monkeypatch.setenv("BRIDGEHEAD_HOME", str(broken))
        answer = client.get("/readyz")
        assert (answer.status_code, answer.content) == (503, b"the picture cannot be read\n")
    shutil.rmtree(next((home / "pictures").glob("[0-9a-f]*[0-9a-f]")))
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(home))
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "networks", "asks", "at", "passes"),
    [
        ("", "", "", "127.0.0.1", False),
        ("", "", f"Bearer {TOKEN}", "127.0.0.1", False),
        ("", "", "Bearer ", "127.0.0.1", False),
        (TOKEN, "", f"Bearer {TOKEN}", "203.0.113.9", True),
        (TOKEN, "", TOKEN, "127.0.0.1", False),
        (TOKEN, "", f"Bearer {TOKEN}é", "127.0.0.1", False),
        (TOKEN, "", "", "127.0.0.1", False),
        ("", "127.0.0.1", "", "127.0.0.1", True),
        ("", "10.0.0.0/8, ::1", "", "10.9.8.7", True),
        ("", "10.0.0.0/8, ::1", "", "::1", True),
        ("", "10.0.0.0/8", "", "11.0.0.1", False),
        ("", "10.0.0.0/8", "", "no address", False),
        (TOKEN, "10.0.0.0/8", f"Bearer {TOKEN}", "11.0.0.1", False),
        (TOKEN, "10.0.0.0/8", "Bearer other", "10.0.0.1", False),
        (TOKEN, "10.0.0.0/8", f"Bearer {TOKEN}", "10.0.0.1", True),
    ],
)
def test_who_may_read_the_figures(
    client: Client,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    networks: str,
    asks: str,
    at: str,
    passes: bool,
) -> None:
    monkeypatch.setenv("METRICS_FROM", networks)
    settings.METRICS_TOKEN, settings.METRICS_FROM = token, env.networks("METRICS_FROM")
    headers = {"authorization": asks} if asks else {}
    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=at)
    assert answer.status_code == (200 if passes else 404)
    assert (b"bridgehead_info" in answer.content) == passes


@pytest.mark.django_db
def test_an_address_that_a_browser_writes_opens_nothing(client: Client, settings: Any) -> None:
    settings.METRICS_FROM = [env.ip_network("10.0.0.0/8")]
    forged = {"x-forwarded-for": "10.0.0.1"}
    assert client.get("/metrics", headers=forged, REMOTE_ADDR="203.0.113.9").status_code == 404


@pytest.mark.django_db
def test_the_figures_hold_routes_and_no_people(
    small_site: Site, settings: Any, client: Client
) -> None:
    settings.METRICS_TOKEN = TOKEN
    head = small_site.cast.head
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    watching = {"authorization": f"Bearer {TOKEN}"}
    before = _figures(client.get("/metrics", headers=watching).content.decode())
    for address in ("/role/", f"/schools/{small_site.school.urn}/", "/nowhere/?q=Helen", "/role/"):
        client.get(address)
    text = client.get("/metrics", headers=watching).content.decode()
    after = _figures(text)
    name = 'bridgehead_request_seconds_count{{route="{}",status="{}"}}'

    def more(route: str, status: str) -> float:
        key = name.format(route, status)
        return after.get(key, 0) - before.get(key, 0)

    assert more("people:choose-role", "2xx") + more("people:choose-role", "3xx") == 2
    assert more("none", "4xx") == 1
    for private in (head.name, head.email, str(small_site.school.urn), "Helen", TOKEN):
        assert private not in text
    buckets = [value for key, value in after.items() if "metrics" in key and "_bucket" in key]
    assert buckets == sorted(buckets)  # each bound holds what the one before it holds
    assert after['bridgehead_ready{what="database"}'] == 1


def _figures(text: str) -> dict[str, float]:
    """The lines as Prometheus reads them."""
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_several_processes_are_added_up(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    (tmp_path / metrics.FOLDER).mkdir()
    one = (metrics.routes().index("healthz") * 5 + 1) * (2 + len(metrics.BOUNDS))
    for number in (101, 102):
        sheet = [0.0] * len(metrics.routes()) * 5 * (2 + len(metrics.BOUNDS))
        sheet[one], sheet[one + 1] = 3.0, 0.5
        packed = b"".join(metrics._DOUBLE.pack(value) for value in sheet)
        (tmp_path / metrics.FOLDER / f"{metrics._layout()}-{number}").write_bytes(packed)
    (tmp_path / metrics.FOLDER / "other-103").write_bytes(b"another program's")
    number, seconds, *_ = metrics.totals()["healthz", 2]
    assert (number, seconds) == (6.0, 1.0)


def test_a_request_has_a_number_in_log_and_answer(client: Client, written: list[str]) -> None:
    given = client.get("/healthz", headers={"x-request-id": "from-the-proxy.1"})
    assert given["X-Request-ID"] == "from-the-proxy.1"
    made = client.get("/healthz")["X-Request-ID"]
    assert len(made) == 32
    assert made != client.get("/healthz")["X-Request-ID"]
    first, second, _ = (json.loads(line) for line in written)
    assert (first["request_id"], second["request_id"]) == ("from-the-proxy.1", made)
    assert (first["route"], first["status"], first["method"]) == ("healthz", 200, "GET")


@given(st.text(min_size=1))
def test_no_number_writes_a_line_of_its_own(number: str) -> None:
    request = RequestFactory().get("/healthz")
    request.META["HTTP_X_REQUEST_ID"] = number
    answer = watched(health.healthz)(request)
    kept = answer["X-Request-ID"]
    assert kept == number or len(kept) == 32
    assert kept.isascii()
    assert kept.isprintable()
    assert not set(kept) & set(" \r\n:,;\"'")


@pytest.mark.django_db
def test_nothing_secret_is_written(
    client: Client, written: list[str], small_site: Site, settings: Any
) -> None:
    """Every kind of request that carries a secret, and what the log says of it."""
    settings.METRICS_TOKEN = TOKEN
    secret = "s3cret-word-that-opens"
    client.get(f"/nowhere/?token={secret}")
    client.get(f"/nowhere/{secret}/")
    client.get(f"/set-password/MQ/{secret}/", follow=True)
    client.post("/sign-in/", {"username": "helen.okafor@example.org", "password": secret})
    client.get("/metrics", headers={"authorization": f"Bearer {secret}"})
    client.get("/healthz", headers={"host": "evil.example", "cookie": f"session={secret}"})
    client.generic(secret, "/healthz")
    log = logging.getLogger("bridgehead.anything")
    log.warning("GET /a/b?next=%s failed", secret)
    log.warning("password=%s", secret)
    log.warning('{"token": "%s"}', secret)
    log.warning("Authorization: Bearer %s", secret)
    log.warning("postgres://bridge:%s@host/name", secret)
    log.warning("the key is %s", live.SECRET_KEY)
    log.warning("the watcher says %s", TOKEN)
    try:
        raise ValueError(f"token={secret}")
    except ValueError:
        log.exception("failed")
    whole = "\n".join(written)
    assert len(written) > 12
    assert secret not in whole
    assert str(live.SECRET_KEY) not in whole
    assert TOKEN not in whole


def test_without_the_guard_it_would_be_written() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "token=opens", None, None)
    assert "opens" in record.getMessage()
    assert "opens" not in logs.message(record)


@pytest.mark.parametrize("formatter", [logs.Json(), logs.Line()])
def test_a_message_is_one_line(formatter: logging.Formatter) -> None:
    for text in ("a\nb", "a\r\nb", "a\x1b[31mb", "a b", "\u202eb"):
        record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (text,), None)
        said = formatter.format(record)
        assert len(said.splitlines()) == 1
        assert said.isprintable()


def test_an_error_tells_the_way_to_it() -> None:
    try:
        raise LookupError("lost")
    except LookupError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", None, sys.exc_info())
    assert "LookupError: lost" in json.loads(logs.Json().format(record))["error"]
    assert "LookupError: lost" in logs.Line().format(record)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("METRICS_TOKEN", "short", env.metrics_token),
        ("METRICS_FROM", "10.0.0.1/8", lambda: env.networks("METRICS_FROM")),
        ("LOG_FORMAT", "xml", env.log_format),
    ],
)
def test_a_wrong_setting_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: Any
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=name):
        read()
