"""One person who asks for very much is slowed down, and nobody else."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.accounts import pace
from bridgehead.accounts.pace import FILE, Pace
from tests.cast import Site


@pytest.fixture
def ten(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REQUESTS_A_MINUTE = 10
    monkeypatch.setattr(pace, "_pace", Pace())


@pytest.mark.django_db
@pytest.mark.usefixtures("ten")
def test_too_much_is_refused_to_that_person_alone(small_site: Site) -> None:
    helen, tom = Client(), Client()
    helen.force_login(small_site.cast.head)
    tom.force_login(small_site.cast.other_head)
    said = [helen.get("/role/").status_code for _ in range(12)]
    assert said == [200] * 10 + [429] * 2
    refused = helen.get("/role/")
    assert refused["Retry-After"] == "60"
    assert "Wait a minute" in refused.content.decode()
    assert tom.get("/role/").status_code == 200  # at the same network address
    assert Client().get("/sign-in/").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("ten")
def test_a_file_is_dearer_than_a_page(site: Site) -> None:
    helen = Client()
    helen.force_login(site.cast.head)
    assert helen.get("/schools/schools.csv").status_code == 200
    assert helen.get("/role/").status_code == 429


@given(st.lists(st.tuples(st.integers(1, FILE), st.floats(0, 30)), max_size=60))
def test_no_minute_holds_more_than_twice_its_worth(asked: list[tuple[int, float]]) -> None:
    """A full purse and what flows in meanwhile; and who waits a minute may always ask again."""
    purse, now, spent = Pace(), 0.0, []
    for cost, later in asked:
        now += later
        if purse.spend(1, cost, 20, now):
            spent.append((now, cost))
    for at, _ in spent:
        assert sum(cost for then, cost in spent if at <= then < at + 60) <= 40
    assert purse.spend(1, FILE, 20, now + 60)
    assert purse.spend(2, FILE, 20, now)
