"""Settings from the environment: read, typed, and refused in words."""

import stat
from pathlib import Path

import pytest

from bridgehead.config import environment as env
from bridgehead.config.reference import markdown
from bridgehead.core.errors import Refused
from bridgehead.core.home import MARK

PAGE = Path(__file__).parents[2] / "docs/reference/settings.md"


def test_the_reference_page_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "Make it again: python -m bridgehead.config.reference > docs/reference/settings.md"
    )


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.text("SECRET_KEY") == "from the file"


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/key")
    with pytest.raises(Refused, match="SECRET_KEY_FILE names /nowhere/key"):
        env.text("SECRET_KEY")


def test_the_key_is_made_once_and_kept_from_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    made = env.secret_key(tmp_path / "home")
    assert env.secret_key(tmp_path / "home") == made
    assert len(made) >= 64
    mode = stat.S_IMODE((tmp_path / "home" / "secret-key").stat().st_mode)
    assert mode == 0o600


@pytest.mark.parametrize(("word", "value"), [("yes", True), ("0", False), ("True", True)])
def test_yes_and_no(monkeypatch: pytest.MonkeyPatch, word: str, value: bool) -> None:
    monkeypatch.setenv("BRIDGEHEAD_DEBUG", word)
    assert env.flag("BRIDGEHEAD_DEBUG") is value


def test_other_words_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGEHEAD_DEBUG", "perhaps")
    monkeypatch.setenv("TRUSTED_PROXIES", "-1")
    with pytest.raises(Refused, match="Write yes or no"):
        env.flag("BRIDGEHEAD_DEBUG")
    with pytest.raises(Refused, match="Write a whole number"):
        env.whole_number("TRUSTED_PROXIES")


def test_only_a_demo_does_without_a_second_factor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECOND_FACTOR", raising=False)
    assert env.second_factor_required(tmp_path)
    monkeypatch.setenv("SECOND_FACTOR", "optional")
    with pytest.raises(Refused, match="holds no demo"):
        env.second_factor_required(tmp_path)
    (tmp_path / MARK).write_text("{}")
    assert not env.second_factor_required(tmp_path)
    monkeypatch.setenv("SECOND_FACTOR", "no")
    with pytest.raises(Refused, match="Write required"):
        env.second_factor_required(tmp_path)


def test_an_unknown_log_level_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(Refused, match="DEBUG, INFO, WARNING, ERROR"):
        env.log_level()
    monkeypatch.setenv("LOG_LEVEL", "warning")
    assert env.log_level() == "WARNING"


def test_hosts_and_origins_follow_from_the_address() -> None:
    site = env.site("https://bridge.example.org/", ["north.example.org"])
    assert site.url == "https://bridge.example.org"
    assert site.https
    assert site.allowed_hosts == ["bridge.example.org", "north.example.org"]
    assert site.trusted_origins == ["https://bridge.example.org", "https://north.example.org"]


def test_a_site_on_this_machine_takes_its_names_and_port() -> None:
    site = env.site("http://localhost:8123", [])
    assert ".localhost" in site.allowed_hosts
    assert "http://*.localhost:8123" in site.trusted_origins
    named = env.site("http://localhost:8123", ["north.localhost"])
    assert "http://north.localhost:8123" in named.trusted_origins


@pytest.mark.parametrize("url", ["bridge.example.org", "ftp://bridge.example.org", "https://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="SITE_URL"):
        env.site(url, [])


def test_the_embedded_database_is_durable_and_queues_its_writers(tmp_path: Path) -> None:
    found = env.database("", tmp_path)
    assert found["NAME"] == tmp_path / "bridgehead.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]


def test_postgres_by_url(tmp_path: Path) -> None:
    found = env.database("postgres://ann:p%40ss@db.example:5433/bridge?sslmode=require", tmp_path)
    assert (found["USER"], found["PASSWORD"]) == ("ann", "p@ss")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "bridge")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_postgres_by_socket(tmp_path: Path) -> None:
    found = env.database("postgresql://postgres:@/bridge?host=/run/pg", tmp_path)
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/run/pg", "", {})


@pytest.mark.parametrize("url", ["mysql://a/b", "postgres://host", "bridge"])
def test_another_database_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="DATABASE_URL") as caught:
        env.database(url, tmp_path)
    assert url not in str(caught.value)


def test_of_two_that_start_together_both_have_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    real = env.os.link

    def beaten(draft: Path, file: Path) -> None:
        file.write_text("the key of the first")
        real(draft, file)

    monkeypatch.setattr(env.os, "link", beaten)
    assert env.secret_key(tmp_path) == "the key of the first"
    assert [p.name for p in tmp_path.iterdir()] == ["secret-key"]


def test_an_empty_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / "secret-key").write_text("\n")
    with pytest.raises(Refused, match="empty"):
        env.secret_key(tmp_path)


KEY = "0123456789abcdef0123456789abcdef"


def test_the_key_of_the_audit_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDIT_KEY", raising=False)
    made = env.audit_keys(tmp_path / "home")
    assert env.audit_keys(tmp_path / "home") == made
    assert (tmp_path / "home" / "audit-key").stat().st_mode & 0o777 == 0o600


def test_the_key_of_the_audit_may_come_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys").write_text(f"{KEY}-new {KEY}-old\n")
    monkeypatch.setenv("AUDIT_KEY_FILE", str(tmp_path / "keys"))
    assert env.audit_keys(tmp_path / "home") == [f"{KEY}-new", f"{KEY}-old"]
    assert not (tmp_path / "home").exists()


def test_a_missing_or_short_key_of_the_audit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_KEY", f"{KEY} short")
    with pytest.raises(Refused, match="key 2 of AUDIT_KEY has fewer than 32"):
        env.audit_keys(tmp_path)
    monkeypatch.delenv("AUDIT_KEY")
    (tmp_path / "audit-key").write_text(" \n")
    with pytest.raises(Refused, match="Put back the key that sealed"):
        env.audit_keys(tmp_path)
