"""Where Bridgehead keeps its files: one folder, named by ``BRIDGEHEAD_HOME``."""

import os
from pathlib import Path


def where() -> Path:
    """The home folder's path, whether or not it exists: ``BRIDGEHEAD_HOME``, else
    ``~/.bridgehead``."""
    return Path(os.environ.get("BRIDGEHEAD_HOME") or Path.home() / ".bridgehead").expanduser()


def home() -> Path:
    """The folder of releases, pictures, policy overrides and the embedded database, made when
    missing."""
    folder = where()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
