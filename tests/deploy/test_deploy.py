"""The container and the units. No container engine is at hand: what the files say is taken from
them and run as it stands, on PostgreSQL, with secrets in files."""

import configparser
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridgehead.cli.main import parser
from bridgehead.config.environment import SETTINGS

pytestmark = pytest.mark.slow

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SITE = COMPOSE["services"]["site"]
CONTAINER = (DEPLOY / "Containerfile").read_text()
UNITS = sorted(DEPLOY.glob("*.service"))


def said(word: str) -> list[str]:
    """The words of the container's last instruction of a kind, written as a list."""
    return list(json.loads(re.findall(rf"^.*\b{word} (\[.*\])$", CONTAINER, re.MULTILINE)[-1]))


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path)
    return read


def test_the_container_s_steps_make_a_site_that_is_backed_up_and_moved(
    tmp_path: Path, postgres: Callable[[], str]
) -> None:
    """Compose: secrets into files, the site started by the image's own command until its own check
    says ready; a backup while it runs; a second site, with a database of its own, made of it."""
    port = _free_port()
    words = [*said("ENTRYPOINT"), *said("\nCMD".strip())]
    words[words.index("--port") + 1] = port
    words[words.index("--host") + 1] = "127.0.0.1"
    environment = _environment(tmp_path, "one", postgres())
    check = [sys.executable, *said("HEALTHCHECK.* CMD")[1:], port]
    with subprocess.Popen(
        _ours(words), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as site:
        try:
            assert site.stdout is not None
            assert "Bridgehead is at" in site.stdout.readline()
            answer = _until_ready(check, environment)
            assert answer.stdout == "ready\n"
            backup = tmp_path / "backup.zip"
            _run(_ours(["bridgehead", "backup", str(backup), "--verify"]), environment)
        finally:
            site.terminate()
            written = site.stdout.read() if site.stdout else ""
    asked = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    assert any(line.get("route") == "readyz" for line in asked)
    assert "a-long-word" not in written
    assert subprocess.run(check, env=environment, capture_output=True, check=False).returncode == 1
    moved = _environment(tmp_path, "two", "")
    _run(_ours(["bridgehead", "restore", str(backup)]), moved)
    _run(_ours(["bridgehead", "manage", "migrate", "--check"]), moved)


def _environment(folder: Path, name: str, url: str) -> dict[str, str]:
    """What Compose would set, with its secrets and volumes in a folder."""
    secrets, home = folder / f"{name}-secrets", folder / name
    for place in (secrets, home):
        place.mkdir()
    (secrets / "database-url").write_text(url)
    (secrets / "secret-key").write_text("a-long-word-" * 6)
    (secrets / "audit-key").write_text("another-word-" * 6)
    image = dict(re.findall(r"(\w+)=(\S+)", CONTAINER.partition("\nENV ")[2].partition("\n")[0]))
    image.pop("PATH")
    told = {
        key: value.replace("/run/secrets", str(secrets)).replace(
            "${SITE_URL}", "http://bridge.test"
        )
        for key, value in SITE["environment"].items()
    }
    known = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "PYTHONPATH"}}
    return known | image | told | {"BRIDGEHEAD_HOME": str(home)}


def _ours(words: list[str]) -> list[str]:
    """The words with the command that is being tested."""
    assert words[0] == "bridgehead"
    return [sys.executable, "-m", "bridgehead.cli.main", *words[1:]]


def _run(words: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _until_ready(
    check: list[str], environment: dict[str, str]
) -> "subprocess.CompletedProcess[str]":
    end = time.monotonic() + 60
    while time.monotonic() < end:
        done = subprocess.run(check, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done
    raise AssertionError(f"never ready: {done.stdout}")


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_container_copies_files_that_are_there() -> None:
    for words in re.findall(r"^COPY (?!--from)(.*)$", CONTAINER, re.MULTILINE):
        for name in words.split()[:-1]:
            assert (DEPLOY.parent / name).exists(), name


def test_nobody_runs_it_as_root() -> None:
    assert re.findall(r"^USER (.*)$", CONTAINER, re.MULTILINE) == ["bridgehead"]
    assert SITE["cap_drop"] == ["ALL"]
    assert SITE["read_only"] is True
    assert all(port.startswith("127.0.0.1:") for port in SITE["ports"])
    for path in UNITS:
        assert unit(path)["Service"]["User"] == "bridgehead"
        assert unit(path)["Service"]["NoNewPrivileges"] == "yes"


def test_every_secret_is_given_in_a_file_that_is_declared() -> None:
    for service in COMPOSE["services"].values():
        for key, value in service["environment"].items():
            assert not re.search(r"PASSWORD$|SECRET_KEY$|DATABASE_URL$|TOKEN$", key), key
            if key.endswith("_FILE"):
                assert Path(value).name in service["secrets"]
        assert set(service["secrets"]) <= set(COMPOSE["secrets"])


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_the_units_run_commands_that_are_understood(path: Path) -> None:
    words = unit(path)["Service"]["ExecStart"].split()
    assert words[0] == "/opt/bridgehead/.venv/bin/bridgehead"
    parser().parse_args(words[1:])


@pytest.mark.parametrize("timer", sorted(DEPLOY.glob("*.timer")), ids=lambda path: path.name)
def test_a_timer_starts_a_service_that_is_there(timer: Path) -> None:
    assert timer.with_suffix(".service").exists()
    assert unit(timer)["Timer"]["Persistent"] == "true"


def test_every_setting_that_the_files_make_is_one() -> None:
    known = {s.name for s in SETTINGS} | {f"{s.name}_FILE" for s in SETTINGS if s.secret}
    made: set[Any] = set(SITE["environment"])
    made |= set(re.findall(r"^(?:# )?([A-Z_]+)=", (DEPLOY / "bridgehead.env").read_text(), re.M))
    assert made <= known
