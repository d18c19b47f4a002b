"""``bridgehead serve``: what must be true before it starts, and that it then answers."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from bridgehead.cli import serve

pytestmark = pytest.mark.slow

BUILT = finders.find("built/bridgehead.css") is not None


def bridgehead(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bridgehead.cli.main", *words],
        env=plain(home) | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def plain(home: Path) -> dict[str, str]:
    """The environment of a machine that knows nothing of these tests."""
    return {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "PYTHONPATH"}} | {
        "BRIDGEHEAD_HOME": str(home)
    }


def test_it_refuses_a_home_without_a_database(tmp_path: Path) -> None:
    assert BUILT, "the style sheets have not been built: make static"
    done = bridgehead(tmp_path, "serve", "--port", _free_port())
    assert done.returncode == 1
    assert "there is no database yet. To make it and start" in done.stderr
    assert "bridgehead serve --migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_refuses_a_database_that_is_not_in_step(tmp_path: Path) -> None:
    assert bridgehead(tmp_path, "manage", "migrate", "schools", "0001", "-v0").returncode == 0
    done = bridgehead(tmp_path, "serve", "--port", _free_port())
    assert done.returncode == 1
    assert "migrations are pending, the first of them" in done.stderr
    assert "To back it up, bring it into step and start" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_refuses_a_database_that_does_not_answer(tmp_path: Path) -> None:
    url = f"postgres://nobody@/none?host={tmp_path}"
    done = bridgehead(tmp_path, "serve", "--migrate", "--port", _free_port(), DATABASE_URL=url)
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_refuses_without_style_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve.finders, "find", lambda _: None)
    with pytest.raises(serve.Refused, match="make static"):
        serve.prepare(port=8000, migrate=False)


@pytest.fixture
def taken() -> Iterator[str]:
    """A port at which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield str(other.getsockname()[1])


@pytest.mark.parametrize("words", [["serve", "--migrate"], ["demo", "--schools", "200"]])
def test_a_port_in_use_is_refused_before_anything_is_done(
    tmp_path: Path, taken: str, words: list[str]
) -> None:
    done = bridgehead(tmp_path, *words, "--port", taken)
    assert done.returncode == 1
    assert f"port {taken} of 127.0.0.1 is in use" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_port_left_a_moment_ago_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    serve.check_port("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 8000), ("127.0.0.1", 70000)])
def test_an_address_that_is_not_ours_is_refused(host: str, port: int) -> None:
    with pytest.raises(serve.Refused, match="cannot listen"):
        serve.check_port(host, port)


def test_the_words_for_the_server() -> None:
    words = serve.command(host="127.0.0.1", port=8123, workers=3, threads=5)
    assert words[0] == sys.executable
    assert words[words.index("--bind") + 1] == "127.0.0.1:8123"
    assert words[words.index("--workers") + 1] == "3"


def test_it_serves(tmp_path: Path) -> None:
    port = _free_port()
    words = [sys.executable, "-m", "bridgehead.cli.main", "serve", "--migrate", "--port", port]
    with subprocess.Popen(
        [*words, "--workers", "1"],
        env=plain(tmp_path) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            assert f"http://localhost:{port}/" in server.stdout.readline()
            page = _first_answer(f"http://localhost:{port}/sign-in/")
            smuggled = _two_ends(int(port))
        finally:
            server.terminate()
    assert smuggled.startswith(b"HTTP/1.1 400")
    assert smuggled.count(b"HTTP/1.1") == 1  # what stands behind is no second request
    assert "<title>Sign in" in page
    assert "/static/built/bridgehead." in page
    assert "/static/built/bridgehead.css" not in page  # named by its digest
    assert (tmp_path / "secret-key").exists()


def _two_ends(port: int) -> bytes:
    """What is answered to a message that says in two ways where it ends, and goes on behind."""
    sent = (
        f"POST /sign-in/ HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 5\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        f"GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("localhost", port), timeout=20) as link:
        link.sendall(sent.encode())
        answer = b""
        while more := link.recv(4096):
            answer += more
    return answer


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def _first_answer(address: str) -> str:
    """Ask until the server listens; it has said its address and binds next."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return str(answer.read().decode())
        except ConnectionError:
            continue
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
    raise AssertionError("the server never listened")
