"""Read the environment, typed. Every setting that a person may make stands in ``SETTINGS``, from
which ``docs/reference/settings.md`` is generated."""

import os
import secrets
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bridgehead.accounts.sign_in.oidc import Provider
from bridgehead.core.errors import Refused
from bridgehead.core.home import MARK


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its value where it is not set, and what it does."""

    name: str
    default: str
    what: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "BRIDGEHEAD_HOME",
        "~/.bridgehead",
        "The folder of releases, pictures, overrides, keys, the embedded database, and the end of "
        "every audit ledger.",
    ),
    Setting(
        "SITE_URL",
        "http://localhost:8000",
        "The address at which people reach the site. Accepted hosts, trusted origins, secure "
        "cookies and HSTS follow from it.",
    ),
    Setting(
        "PARTNERSHIP_HOSTS",
        "",
        "Further host names, separated by commas, where a partnership has one of its own.",
    ),
    Setting(
        "DATABASE_URL",
        "",
        "PostgreSQL, as `postgres://user:password@host:5432/name`. "
        "Empty: SQLite in the home folder.",
        secret=True,
    ),
    Setting(
        "SECRET_KEY",
        "",
        "Signs sessions and seals the secrets of second factors. Empty: made once and kept in the "
        "home folder, readable by its owner only. With another key everybody signs in anew, and "
        "those with a second factor by a recovery code.",
        secret=True,
    ),
    Setting(
        "AUDIT_KEY",
        "",
        "Seals the audit, so that whoever can change the database cannot change what it says. "
        "Several keys may stand there with blanks between: the first seals, all are believed. "
        "Empty: made once and kept in the home folder as `audit-key`. Keep a copy apart from the "
        "database: without it nothing that it sealed can be checked.",
        secret=True,
    ),
    Setting(
        "SECOND_FACTOR",
        "required",
        "Whether those who work beyond one school need a second factor. `optional` is refused "
        "outside a demo.",
    ),
    Setting(
        "SESSION_HOURS",
        "12",
        "How many hours a sign-in lasts at most, from 1 to 24, whatever is done in it.",
    ),
    Setting(
        "SESSION_IDLE_MINUTES",
        "60",
        "After how many minutes in which nothing is asked a sign-in ends, from 5.",
    ),
    Setting(
        "REQUESTS_A_MINUTE",
        "300",
        "How many pages one person may ask for in a minute of each worker; a file counts as ten, a "
        "write as three. 0: as many as they like.",
    ),
    Setting(
        "SECURITY_CONTACT",
        "",
        "Where to report a weakness, as `mailto:security@example.org` or an https address: it "
        "stands in `/.well-known/security.txt`. Empty: there is no such page.",
    ),
    Setting(
        "EMAIL_URL",
        "",
        "How invitations are sent: `smtp://user:password@host:587` (STARTTLS), "
        "`smtps://user:password@host:465`, or `console:` to print them. Empty: none is sent, and "
        "administrators hand links over.",
        secret=True,
    ),
    Setting("EMAIL_FROM", "bridgehead@localhost", "The address that e-mails come from."),
    Setting(
        "TRUSTED_PROXIES",
        "0",
        "How many reverse proxies stand in front. With 0 the `X-Forwarded-…` headers are ignored.",
    ),
    Setting(
        "METRICS_TOKEN",
        "",
        "Who sends it as `Authorization: Bearer …` may read `/metrics`. At least 16 characters.",
        secret=True,
    ),
    Setting(
        "METRICS_FROM",
        "",
        "Addresses or networks, separated by commas, from which `/metrics` may be read, such as "
        "`127.0.0.1, 10.0.0.0/8`. With a token too, both are asked for; with neither it is closed.",
    ),
    Setting("LOG_FORMAT", "line", "`line` for people, `json` for a collector of logs."),
    Setting("LOG_LEVEL", "INFO", "How much is logged: `DEBUG`, `INFO`, `WARNING` or `ERROR`."),
    Setting(
        "BRIDGEHEAD_DEBUG", "no", "`yes` shows full error pages. Never on a site that people use."
    ),
)

LOG_FORMATS = {"line": "bridgehead.config.logs.Line", "json": "bridgehead.config.logs.Json"}

#: Where people may sign in with an account that they have: in settings, in words, usual issuer, and
#: whether it confirms every address before an account has it.
OIDC = (
    ("MICROSOFT", "Microsoft", "", False),
    ("GOOGLE", "Google", "https://accounts.google.com", False),
    ("DFE", "DfE Sign-in", "https://oidc.signin.education.gov.uk", True),
)

SETTINGS += tuple(
    setting
    for key, name, issuer, _ in OIDC
    for setting in (
        Setting(
            f"OIDC_{key}_CLIENT_ID",
            "",
            f"Lets people sign in with {name}: the identifier under which the site is registered "
            "there. Empty: no such sign-in.",
        ),
        Setting(f"OIDC_{key}_CLIENT_SECRET", "", "The secret that belongs to it.", secret=True),
        Setting(
            f"OIDC_{key}_ISSUER",
            issuer,
            f"The issuer of {name}, as its discovery document names it."
            if issuer
            else f"The issuer of {name}: `https://login.microsoftonline.com/<tenant id>/v2.0`, of "
            "your own tenant.",
        ),
    )
)

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

SHORTEST_TOKEN = 16
Network = IPv4Network | IPv6Network

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def text(name: str) -> str:
    """The value of a setting. A secret may instead stand in a file named by ``<NAME>_FILE``."""
    setting = _BY_NAME[name]
    if setting.secret and (file := os.environ.get(f"{name}_FILE")):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Refused(f"{name}_FILE names {file}, which cannot be read: {error}.") from error
    return os.environ.get(name) or setting.default


def flag(name: str) -> bool:
    """``yes`` or ``no``."""
    value = text(name).strip().lower()
    if value not in {"yes", "no", "true", "false", "1", "0"}:
        raise Refused(f"{name} is {value!r}.", "Write yes or no.")
    return value in {"yes", "true", "1"}


def whole_number(name: str) -> int:
    """A whole number from 0."""
    value = text(name)
    if not value.isdecimal():
        raise Refused(f"{name} is {value!r}.", "Write a whole number, such as 1.")
    return int(value)


def from_to(name: str, least: int, most: int) -> int:
    """A whole number between two."""
    number = whole_number(name)
    if not least <= number <= most:
        raise Refused(f"{name} is {number}.", f"Write a whole number from {least} to {most}.")
    return number


def security_contact() -> str:
    """Where a weakness is reported; empty where nobody said."""
    said = text("SECURITY_CONTACT").strip()
    parts = urlsplit(said)
    whole = said.isascii() and said.isprintable() and " " not in said
    named = parts.hostname if parts.scheme == "https" else parts.scheme == "mailto" and "@" in said
    if said and not (whole and named):
        raise Refused(f"SECURITY_CONTACT is {said!r}.", "Write it like mailto:security@example.org")
    return said


def log_level() -> str:
    """The least serious kind of line that is logged."""
    level = text("LOG_LEVEL").strip().upper()
    if level not in LOG_LEVELS:
        raise Refused(f"LOG_LEVEL is {level!r}.", f"Write one of {', '.join(LOG_LEVELS)}.")
    return level


def log_format() -> str:
    """The class that writes the lines of the log."""
    name = text("LOG_FORMAT").strip().lower()
    if name not in LOG_FORMATS:
        raise Refused(f"LOG_FORMAT is {name!r}.", f"Write one of {', '.join(LOG_FORMATS)}.")
    return LOG_FORMATS[name]


def metrics_token() -> str:
    """The word that opens the figures; empty where there is none."""
    token = text("METRICS_TOKEN")
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable()):
        raise Refused(
            f"METRICS_TOKEN is no plain word of {SHORTEST_TOKEN} characters or more.",
            "Make one: openssl rand -hex 32",
        )
    return token


def networks(name: str) -> list[Network]:
    """Addresses and networks."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise Refused(f"{name}: {error}.", "Write it like 127.0.0.1, 10.0.0.0/8") from error


def words(name: str) -> list[str]:
    """A list separated by commas; empty parts are left out."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


@dataclass(frozen=True, slots=True)
class Site:
    """What follows from the site's address."""

    url: str
    https: bool
    allowed_hosts: list[str]
    trusted_origins: list[str]


def site(url: str, further_hosts: list[str]) -> Site:
    """Hosts and origins that are accepted at this address and at the partnerships' own hosts."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(f"SITE_URL is {url!r}.", "Write it like https://bridge.example.org")
    host = parts.hostname
    hosts = [host, *further_hosts]
    if host == "localhost":
        hosts += ["127.0.0.1", "[::1]", ".localhost"]
    port = f":{parts.port}" if parts.port else ""
    origins = [f"{parts.scheme}://{'*.localhost' if h == '.localhost' else h}{port}" for h in hosts]
    return Site(url.rstrip("/"), parts.scheme == "https", hosts, origins)


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's settings for the embedded database, or for PostgreSQL where a URL names it."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "bridgehead.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise Refused(
            "DATABASE_URL cannot be read.",
            "Write it like postgres://user:password@host:5432/name",
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder does not fit where a URL has its host, so it comes as ?host=/folder.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def second_factor_required(home: Path) -> bool:
    """``required``, or in a demo ``optional``: there every sign-in is printed for all to see."""
    value = text("SECOND_FACTOR").strip().lower()
    if value not in {"required", "optional"}:
        raise Refused(f"SECOND_FACTOR is {value!r}.", "Write required, or leave it unset.")
    if value == "optional" and not (home / MARK).is_file():
        raise Refused(
            f"SECOND_FACTOR is 'optional', but {home} holds no demo.",
            "Leave it unset: who works beyond one school needs a second factor.",
        )
    return value == "required"


def oidc_providers() -> tuple[Provider, ...]:
    """The providers that are set, in the order of ``OIDC``."""
    return tuple(
        _provider(key, name, confirms)
        for key, name, _, confirms in OIDC
        if text(f"OIDC_{key}_CLIENT_ID")
    )


def _provider(key: str, name: str, confirms: bool) -> Provider:
    issuer, secret = text(f"OIDC_{key}_ISSUER"), text(f"OIDC_{key}_CLIENT_SECRET")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) != ("http", "localhost"):
        raise Refused(f"OIDC_{key}_ISSUER is {issuer!r}.", "Write the https address of the issuer.")
    # Everybody's tenants answer there, and whoever manages one can write any address into it.
    if {"common", "organizations", "consumers"} & set(parts.path.lower().split("/")):
        raise Refused(
            f"OIDC_{key}_ISSUER is {issuer!r}, which speaks for every organisation.",
            "Name your own tenant in it.",
        )
    if not secret:
        raise Refused(f"OIDC_{key}_CLIENT_SECRET is not set.", "Set it, or its _FILE.")
    return Provider(key.lower(), name, issuer, text(f"OIDC_{key}_CLIENT_ID"), secret, confirms)


@dataclass(frozen=True, slots=True)
class Mail:
    """How e-mails are sent; ``backend`` is the name of one of Django's."""

    backend: str
    goes_out: bool
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    ssl: bool = False


def mail(url: str) -> Mail:
    """The mail server of a URL; none where it is empty. A server is only spoken to in secret."""
    if not url:
        return Mail("dummy", goes_out=False)
    if url.rstrip("/:") == "console":
        return Mail("console", goes_out=True)
    refused = Refused("EMAIL_URL cannot be read.", "Write it like smtp://user:password@host:587")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise refused from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise refused
    ssl = parts.scheme == "smtps"
    return Mail(
        "smtp",
        goes_out=True,
        host=parts.hostname,
        port=port or (465 if ssl else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=not ssl,
        ssl=ssl,
    )


def secret_key(home: Path) -> str:
    """The key from the environment, else the one kept in the home folder, made when first asked."""
    if given := text("SECRET_KEY"):
        return given
    file = home / "secret-key"
    if not (kept := _kept(file)):
        raise Refused("the secret key is empty.", "Delete the file to have one made.", str(file))
    return kept


SHORTEST_AUDIT_KEY = 32


def audit_keys(home: Path) -> list[str]:
    """The keys of the audit from the environment, else the one kept in the home folder, made when
    first asked. The first seals; a seal under any of them is believed."""
    file = home / "audit-key"
    if not (keys := (text("AUDIT_KEY") or _kept(file)).split()):
        raise Refused(
            "the key of the audit is empty.",
            "Put back the key that sealed what is there, or set AUDIT_KEY to it. A new key cannot "
            "check old lines.",
            str(file),
        )
    if short := [n for n, key in enumerate(keys, 1) if len(key) < SHORTEST_AUDIT_KEY]:
        raise Refused(
            f"key {short[0]} of AUDIT_KEY has fewer than {SHORTEST_AUDIT_KEY} characters.",
            "Write a longer one, such as 64 random letters and digits.",
        )
    return keys


def _kept(file: Path) -> str:
    """What a file for a key holds; made where it is missing."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        _keep_new_key(file)
    return file.read_text(encoding="utf-8").strip()


def _keep_new_key(file: Path) -> None:
    """Write a key elsewhere and link it into place whole: of two processes that start together, the
    second takes the key of the first, and neither ever reads half of one."""
    draft = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
