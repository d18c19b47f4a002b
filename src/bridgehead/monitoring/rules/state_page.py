"""Writes ``docs/reference/states.md`` from the table of states: ``python -m`` this module."""

import sys
from collections.abc import Iterator
from pathlib import Path

from bridgehead.monitoring.rules.states import GUARDS, REFUSED, TABLE, Event, State

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "states.md"

_HEAD = (
    "# States of a support review\n\n"
    "Written from the table in `monitoring/rules/states.py` by "
    "`python -m bridgehead.monitoring.rules.state_page`; a test fails when the two differ. "
    "Each step is taken by a named person and recorded in the ledger.\n"
)


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_diagram(), *_possible(), *_guards(), *_refused()]) + "\n"


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {State.PROPOSED}: open a round"
    for (state, event), after in TABLE.items():
        yield f"    {state} --> {after}: {event}"
    for last in sorted(set(State) - {state for state, _ in TABLE}):
        yield f"    {last} --> [*]"
    yield "```"
    yield ""


def _possible() -> Iterator[str]:
    yield "## What is possible"
    yield ""
    yield "| in state | a person can | and then it is | only if |"
    yield "|---|---|---|---|"
    for (state, event), after in TABLE.items():
        guard = GUARDS.get((state, event))
        only_if = (guard.__doc__ or "").strip() if guard else ""
        yield f"| {state} | {event} | {after} | {only_if} |"
    yield ""


def _guards() -> Iterator[str]:
    yield (
        "A judgement of priority support also waits until head and chair have been told, whatever "
        "was proposed. These conditions are kept a second time by the database itself, as CHECK "
        "constraints."
    )
    yield ""


def _refused() -> Iterator[str]:
    yield "## What is refused, and in which words"
    yield ""
    yield "| in state | asked to | the answer |"
    yield "|---|---|---|"
    for state in State:
        for event in Event:
            if words := REFUSED.get((state, event)):
                yield f"| {state} | {event} | {words} |"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{target}\n")
