"""Where Bridgehead keeps its files: one folder, named by ``BRIDGEHEAD_HOME``."""

import os
from pathlib import Path


def home() -> Path:
    """The folder of releases, pictures, policy overrides and the embedded database.

    ``BRIDGEHEAD_HOME`` when it is set, else ``~/.bridgehead``. It is created when missing.
    """
    folder = Path(os.environ.get("BRIDGEHEAD_HOME") or Path.home() / ".bridgehead").expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
