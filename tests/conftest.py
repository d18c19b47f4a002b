"""What every test stands on: a home folder of its own, one of two databases, no network, a
synthetic England, and a partnership with its people.

``--database postgres`` runs the database tests (and nothing else) on PostgreSQL.
"""

import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

#: Set before Django's settings are read. One folder a run, shared by its processes.
if "BRIDGEHEAD_TEST_RUN" not in os.environ:
    os.environ["BRIDGEHEAD_TEST_RUN"] = tempfile.mkdtemp(prefix="bridgehead-")
RUN = Path(os.environ["BRIDGEHEAD_TEST_RUN"])
HOME = RUN / f"home-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
os.environ["BRIDGEHEAD_HOME"] = str(HOME)
os.environ["REQUESTS_A_MINUTE"] = "0"  # of processes that tests start
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from hypothesis import settings as property_settings  # noqa: E402

from bridgehead.config import environment  # noqa: E402
from tests import databases  # noqa: E402
from tests.servers import postgres  # noqa: E402, F401 - a fixture

# No test asserts a time: a busy machine must not turn a property red. The fast part tries fewer
# examples of each property.
EXAMPLES = int(os.environ.get("BRIDGEHEAD_TEST_EXAMPLES", "100"))
property_settings.register_profile("bridgehead", deadline=None, max_examples=EXAMPLES)
property_settings.load_profile("bridgehead")

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default="sqlite",
        help="the database of the database tests; with postgres no other tests run",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Point Django at this run's home and database, before anything has connected."""
    (HOME / "static").mkdir(parents=True, exist_ok=True)
    url = ""
    if config.getoption("--database") == "postgres":
        config.stash[_server] = databases.start_postgres(RUN / "postgres")
        url = os.environ[databases.URL]
    database = environment.database(url, HOME)
    if not url:
        # A file, as on a real site: a database in memory has one connection for every thread.
        database["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    settings.DATABASES["default"] = database
    connections.settings = connections.configure_settings(settings.DATABASES)
    for made in connections.all(initialized_only=True):  # by a look at the old settings
        del connections[made.alias]
    settings.HOME, settings.STATIC_ROOT = HOME, HOME / "static"
    settings.SECRET_KEY = "for tests only, and known to everybody"
    settings.REQUESTS_A_MINUTE = 0  # tests ask faster than people; ``test_pace`` sets it
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


_server = pytest.StashKey[Any]()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run clears up after it."""
    if hasattr(config, "workerinput"):
        return
    if server := config.stash.get(_server, None):
        server.cleanup()
    shutil.rmtree(RUN, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL keep the database tests and the browser journey that is marked for it."""
    if config.getoption("--database") != "postgres":
        return
    kept = [item for item in items if _runs_on_postgres(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _runs_on_postgres(item: pytest.Item) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    if "postgres_journey" in marks:
        return True
    touches = "django_db" in marks or "_django_db_helper" in getattr(item, "fixturenames", ())
    return touches and not marks & {"browser", "real", "one_database"}


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """A test that would talk to another machine fails, and is told why."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _only_this_machine(getattr(socket.socket, name)))
        yield


def _only_this_machine(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        here = self.family == socket.AF_UNIX or str(address[0]) in {"127.0.0.1", "::1", "localhost"}
        assert here, f"tests use no network, and this one would connect to {address}"
        return connect(self, address)

    return guarded


@pytest.fixture(autouse=True)
def _no_heads() -> None:
    """The ends of ledgers outside the database go with the ledgers of each test."""
    shutil.rmtree(HOME / "audit", ignore_errors=True)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The published files beside the checkout. Elsewhere than in CI their tests may be skipped."""
    if not REAL.is_dir():
        message = "the published files (../shared/data) are not beside this checkout"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return REAL


@pytest.fixture(scope="session")
def synthetic_home(pytestconfig: pytest.Config) -> Path:
    """The home of a synthetic England of 200 schools, loaded and with its picture. The run shares
    it: a test that loads or withdraws takes a copy."""
    from tests.england import england_in

    home, cache = RUN / "england", pytestconfig.cache.mkdir("england")
    with _alone(cache.with_suffix(".lock")):
        return home if home.exists() else england_in(home, cache=cache)


@pytest.fixture(scope="session")
def picture(synthetic_home: Path) -> Any:
    """The picture of the synthetic England."""
    from bridgehead.picture.picture import Picture

    return Picture.open(synthetic_home)


@pytest.fixture
def site(db: None, picture: Any, synthetic_home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A partnership of the synthetic authority's schools, with the cast appointed in it, and the
    synthetic England as its home (``tests.cast.Site``)."""
    from tests.cast import Site

    monkeypatch.setenv("BRIDGEHEAD_HOME", str(synthetic_home))
    return Site.of(picture)


@pytest.fixture
def small_site(db: None) -> Any:
    """The same people in a partnership of two schools, without a picture: for what needs none."""
    from tests.cast import Site

    return Site.small()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process of the run at a time."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
