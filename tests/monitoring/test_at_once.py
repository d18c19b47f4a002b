"""Rounds that are opened at the same moment, each over a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connection

from bridgehead.monitoring import actions
from bridgehead.monitoring.models import Review, ReviewRound
from bridgehead.monitoring.rules import State

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 4


def open_together(bridge, tokens: list[UUID]) -> list[int]:
    officer = bridge.reader("officer")

    def open_one(number: int) -> int:
        try:
            return actions.open_round(
                partnership=bridge.partnership,
                name=f"Round {number}",
                picture=bridge.picture,
                token=tokens[number],
                by=officer,
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(open_one, range(PEOPLE)))


def test_a_button_pressed_many_times_at_once_opens_one_round(bridge) -> None:
    opened = open_together(bridge, [uuid4()] * PEOPLE)
    assert len(set(opened)) == ReviewRound.objects.count() == 1


def test_of_rounds_opened_at_once_one_stands(bridge) -> None:
    open_together(bridge, [uuid4() for _ in range(PEOPLE)])
    standing = Review.objects.exclude(state=State.SUPERSEDED)
    assert ReviewRound.objects.count() == PEOPLE
    assert standing.values("round").distinct().count() == 1
