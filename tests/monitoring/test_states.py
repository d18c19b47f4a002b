"""The table of states is complete, and its two guards can be seen to matter."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bridgehead.monitoring.rules import Event, NotNow, Outcome, State, next_state
from bridgehead.monitoring.rules.states import GUARDS, REFUSED, TABLE, Facts, why_not

TODAY = date(2026, 11, 22)


def facts(outcome=Outcome.BROKER, told=False, reply_by=None, today=TODAY) -> Facts:
    return Facts(outcome, told, reply_by, today)


def test_every_pair_of_state_and_event_is_either_possible_or_refused_in_words() -> None:
    every = {(state, event) for state in State for event in Event}
    assert set(TABLE) | set(REFUSED) == every
    assert not set(TABLE) & set(REFUSED)
    assert all(REFUSED.values())
    assert set(GUARDS) <= set(TABLE)


def test_every_state_is_reached_and_the_last_two_are_left_by_nothing() -> None:
    assert {State.PROPOSED} | set(TABLE.values()) == set(State)
    left = {state for state, _ in TABLE}
    assert set(State) - left == {State.DECIDED, State.SUPERSEDED}


def test_priority_is_not_sent_before_head_and_chair_are_told() -> None:
    with pytest.raises(NotNow, match="head and the chair"):
        next_state(State.PROPOSED, Event.SEND, facts(Outcome.PRIORITY))
    assert next_state(State.PROPOSED, Event.SEND, facts(Outcome.PRIORITY, told=True)) is State.SENT
    assert next_state(State.PROPOSED, Event.SEND, facts(Outcome.BROKER)) is State.SENT


def test_judgement_waits_for_a_reply_or_for_the_days_to_pass() -> None:
    for reply_by in (None, TODAY, TODAY + timedelta(days=9)):
        with pytest.raises(NotNow, match="has not replied"):
            next_state(State.SENT, Event.JUDGE, facts(reply_by=reply_by))
    passed = facts(reply_by=TODAY - timedelta(days=1))
    assert next_state(State.SENT, Event.JUDGE, passed) is State.JUDGED
    assert next_state(State.REPLIED, Event.JUDGE, facts(reply_by=TODAY)) is State.JUDGED


@pytest.mark.parametrize("guarded", sorted(GUARDS))
def test_without_its_guard_the_step_would_be_taken(monkeypatch, guarded) -> None:
    state, event = guarded
    unheard = facts(Outcome.PRIORITY, reply_by=TODAY)
    assert why_not(state, event, unheard)
    monkeypatch.delitem(GUARDS, guarded)
    assert next_state(state, event, unheard) is TABLE[guarded]


@given(
    st.lists(st.sampled_from(Event), max_size=12),
    st.sampled_from(Outcome),
    st.integers(0, 20),
)
def test_no_sequence_of_events_judges_a_school_unheard(events, outcome, days) -> None:
    state, told, sent, replied = State.PROPOSED, False, False, False
    known = facts(outcome, reply_by=TODAY, today=TODAY + timedelta(days=days))
    for event in events:
        now = facts(outcome, told, known.reply_by if sent else None, known.today)
        try:
            state = next_state(state, event, now)
        except NotNow:
            continue
        told = told or event is Event.TELL
        sent = sent or event is Event.SEND
        replied = replied or event is Event.REPLY
        if event is Event.SEND:
            assert told or outcome is not Outcome.PRIORITY
        if event is Event.JUDGE:
            assert sent
            assert replied or days > 0
        if event is Event.DECIDE:
            assert sent
