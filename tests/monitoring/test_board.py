"""The board: filters narrow, counts stay honest, and nothing is ranked by figures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bridgehead.monitoring.rules import Outcome, Trend
from bridgehead.monitoring.rules.board import FILTERS, Asked, Order, Row, arrange
from bridgehead.monitoring.rules.states import Waiting

START = datetime(2026, 11, 1, tzinfo=UTC)


def row(urn: int, **facts: object) -> Row:
    return replace(
        Row(
            urn=urn,
            name=f"School {urn}",
            outcome=Outcome.KEEP_IN_TOUCH,
            phase="primary",
            type_group="maintained",
            trust="",
            trend=Trend.STEADY,
            waiting=Waiting.SCHOOL,
            since=START,
            review_id=urn,
        ),
        **facts,
    )


def ask(outcome: Outcome | None = None, order: Order = Order.WAITING, **ticked: str) -> Asked:
    return Asked(outcome, {key: frozenset([value]) for key, value in ticked.items()}, order)


ROWS = st.lists(
    st.builds(
        row,
        st.integers(1, 10_000),
        outcome=st.sampled_from(Outcome),
        phase=st.sampled_from(("primary", "secondary")),
        trend=st.sampled_from(Trend),
        waiting=st.sampled_from((*Waiting, None)),
        clusters=st.sampled_from(((), ("North",), ("North", "South"))),
    ),
    unique_by=lambda r: r.urn,
    max_size=30,
)
ASKED = st.builds(
    Asked,
    st.sampled_from((*Outcome, None)),
    st.fixed_dictionaries(
        {},
        optional={
            "phase": st.just(frozenset(["primary"])),
            "cluster": st.sampled_from((frozenset(["South"]), frozenset(["North", "South"]))),
            "direction": st.just(frozenset(["declining"])),
        },
    ),
    st.sampled_from(Order),
)


@given(ROWS, ASKED)
def test_what_is_shown_is_what_a_plain_reading_would_show(rows, asked) -> None:
    def plainly(one: Row) -> bool:
        return (asked.outcome is None or one.outcome is asked.outcome) and all(
            any(value in ticked for value in FILTERS[key][1](one))
            for key, ticked in asked.ticked.items()
        )

    found = arrange(rows, asked)
    assert {r.urn for r in found.rows} == {r.urn for r in rows if plainly(r)}
    if asked.outcome:
        assert found.counts[asked.outcome] == len(found.rows)


@given(ROWS, ASKED)
def test_a_count_is_what_ticking_it_alone_would_show(rows, asked) -> None:
    for facet in arrange(rows, asked).facets:
        for option in facet.options:
            alone = asked.ticked | {facet.key: frozenset([option.value])}
            assert option.count == len(arrange(rows, replace(asked, ticked=alone)).rows)


def test_the_longest_waiting_come_first_and_the_finished_last() -> None:
    rows = [
        row(1, waiting=None, since=START - timedelta(days=90)),
        row(2, since=START),
        row(3, since=START - timedelta(days=7)),
    ]
    assert [r.urn for r in arrange(rows, ask()).rows] == [3, 2, 1]


def test_a_school_in_two_clusters_is_found_by_either() -> None:
    rows = [row(1, clusters=("North", "South")), row(2, clusters=("South",)), row(3)]
    assert [r.urn for r in arrange(rows, ask(cluster="North")).rows] == [1]
    assert [r.urn for r in arrange(rows, ask(cluster="South")).rows] == [1, 2]


@pytest.mark.parametrize("order", Order)
def test_no_order_is_by_figures(order) -> None:
    rows = [row(2, outcome=Outcome.PRIORITY), row(1)]
    expected = {Order.NAME: [1, 2], Order.OUTCOME: [2, 1], Order.WAITING: [2, 1]}
    assert [r.urn for r in arrange(rows, ask(order=order)).rows] == expected[order]
