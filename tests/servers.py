"""A PostgreSQL server for what starts processes of its own, on whichever database the run's other
tests are."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests import databases


@contextmanager
def running(folder: Path) -> Iterator[Callable[[], str]]:
    """A server, its files in a folder unless one is running already; makes an empty database and
    returns its URL each time that it is called."""
    server = None
    if databases.URL not in os.environ:
        server = databases.start_postgres(folder / f"server-{uuid4().hex[:8]}")
    url = os.environ[databases.URL]

    def new() -> str:
        name = f"made_{uuid4().hex[:12]}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return url.replace("/postgres?", f"/{name}?")

    try:
        yield new
    finally:
        if server is not None:
            del os.environ[databases.URL]
            server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes an empty database and returns its URL."""
    with running(Path(os.environ["BRIDGEHEAD_TEST_RUN"])) as new:
        yield new
