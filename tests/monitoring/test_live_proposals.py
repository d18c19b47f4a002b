"""The live proposals are made once, however the schools are asked for."""

from datetime import date

import pytest

from bridgehead.monitoring import queries
from bridgehead.monitoring.queries import live_proposals

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(bridge, monkeypatch):
    """The partnership's picture, in which the first school has an older URN as well."""
    newest = bridge.picture.resolve
    monkeypatch.setattr(
        bridge.picture, "resolve", lambda urn: bridge.school.urn if urn == 800001 else newest(urn)
    )
    return bridge


def test_the_board_and_whoever_asks_by_newest_urn_share_one_set(renamed, monkeypatch) -> None:
    first, second, asked = renamed.school.urn, renamed.other_school.urn, []
    make = queries.propose_all

    def counted(picture, urns, *rest):
        asked.append(set(urns))
        return make(picture, urns, *rest)

    monkeypatch.setattr(queries, "propose_all", counted)
    queries._last.clear()
    by_old = live_proposals(renamed.picture, [800001, 123456])
    by_newest = live_proposals(renamed.picture, [first, second])
    assert asked == [{first}, {second}]
    assert set(by_old) == {800001}
    assert by_old[800001] == by_newest[first]


def test_another_day_is_another_set(renamed, monkeypatch) -> None:
    first = renamed.school.urn
    before = live_proposals(renamed.picture, [first])
    monkeypatch.setattr(queries, "localdate", lambda: date(2030, 1, 7))
    after = live_proposals(renamed.picture, [first])
    assert after[first] is not before[first]
