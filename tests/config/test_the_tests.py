"""What the tests stand on holds: no network, a home of their own."""

import socket
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bridgehead.core.home import home

HOME_OF_THE_RUN = home()


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as outward, pytest.raises(AssertionError, match="no network"):
        outward.connect(("192.0.2.1", 80))


def test_this_machine_can() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_the_home_is_a_temporary_folder() -> None:
    assert Path(tempfile.gettempdir()) in home().parents
    assert home() == settings.HOME


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for(pytestconfig: pytest.Config) -> None:
    asked = pytestconfig.getoption("--database")
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[asked]
    if asked == "sqlite":
        assert HOME_OF_THE_RUN in Path(connection.settings_dict["NAME"]).parents
