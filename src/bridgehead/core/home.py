"""Where Bridgehead keeps its files: one folder, named by ``BRIDGEHEAD_HOME``."""

import os
from pathlib import Path

from bridgehead.core.errors import Refused

#: Marks a home as a demo's. Sign-ins with a printed password exist only where this file is.
MARK = "demo.json"


def where() -> Path:
    """The home folder's path, whether or not it exists: ``BRIDGEHEAD_HOME``, else
    ``~/.bridgehead``."""
    return Path(os.environ.get("BRIDGEHEAD_HOME") or Path.home() / ".bridgehead").expanduser()


def home() -> Path:
    """The folder of releases, pictures, policy overrides and the embedded database, made when
    missing. Raises ``Refused`` where it cannot be made."""
    folder = where()
    try:
        # For its owner alone: it holds password digests, sessions and what schools wrote.
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(
            f"Bridgehead cannot keep its files in {folder}: {why[0].lower()}{why[1:]}.",
            "Set BRIDGEHEAD_HOME to a folder that you may write to.",
        ) from error
    return folder
