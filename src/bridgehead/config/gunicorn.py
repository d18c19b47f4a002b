"""What gunicorn does in each of its processes (``bridgehead serve`` names this module)."""

from typing import Any


def post_worker_init(worker: Any) -> None:
    """Before a process takes its first request. Django is set up by then, and not before."""
    from bridgehead.config import warm  # noqa: PLC0415 - it needs models

    warm.begin()
