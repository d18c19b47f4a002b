"""Every file with which a partnership overrides ours is refused by name when it cannot be read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.brokerage.queries.policy import load_policy as brokerage_policy
from bridgehead.core.errors import Refused
from bridgehead.monitoring.rules.policy import load_policy as monitoring_policy
from bridgehead.schools.rules import calendar


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("policy.yaml", monitoring_policy),
        ("terms.yaml", calendar),
        ("brokerage.yaml", lambda home: brokerage_policy()),
    ],
)
def test_a_file_that_is_not_utf8(
    name: str,
    read: Callable[[Path], object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    (tmp_path / name).write_bytes("name: Éducation".encode("cp1252"))
    with pytest.raises(Refused, match=f"{name}.*not UTF-8"):
        read(tmp_path)
