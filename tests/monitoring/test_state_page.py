"""The page of states is written from the table, and says when it is stale."""

from bridgehead.monitoring.rules.state_page import PAGE, page
from bridgehead.monitoring.rules.states import REFUSED, TABLE, Event, State


def test_the_page_is_not_stale() -> None:
    command = "python -m bridgehead.monitoring.rules.state_page"
    assert PAGE.read_text(encoding="utf-8") == page(), f"write it again: {command}"


def test_every_step_and_every_refusal_stands_on_it() -> None:
    words = page()
    for (state, event), after in TABLE.items():
        assert f"| {state} | {event} | {after} |" in words
    for (state, event), answer in REFUSED.items():
        assert f"| {state} | {event} | {answer} |" in words
    assert len(TABLE) + len(REFUSED) == len(State) * len(Event)
