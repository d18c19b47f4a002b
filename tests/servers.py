"""A PostgreSQL server for the tests that start processes of their own, on whichever database the
run's other tests are."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests import databases


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes an empty database and returns its URL."""
    server = None
    if databases.URL not in os.environ:
        folder = Path(os.environ["BRIDGEHEAD_TEST_RUN"])
        server = databases.start_postgres(folder / f"server-{uuid4().hex[:8]}")
    url = os.environ[databases.URL]

    def new() -> str:
        name = f"made_{uuid4().hex[:12]}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return url.replace("/postgres?", f"/{name}?")

    yield new
    if server is not None:
        del os.environ[databases.URL]
        server.cleanup()
