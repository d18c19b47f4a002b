"""Triage: who should do what next, proposed from the newest inspection and direction of travel.

Pure Python. The thresholds, the measures that may trigger, and who holds each arm are data
(``policies/*.yaml``, read by ``policy``). Pages say "support review". Nothing here decides
anything: a proposal is made (``propose``), the school replies, a named person judges (``states``).
"""

from bridgehead.monitoring.rules.model import (
    Because,
    Clause,
    Outcome,
    Proposal,
    Trend,
    from_json,
    to_json,
)
from bridgehead.monitoring.rules.policy import Policy, load_policy, parse_policy
from bridgehead.monitoring.rules.propose import propose
from bridgehead.monitoring.rules.states import Event, NotNow, State, next_state

__all__ = [
    "Because",
    "Clause",
    "Event",
    "NotNow",
    "Outcome",
    "Policy",
    "Proposal",
    "State",
    "Trend",
    "from_json",
    "load_policy",
    "next_state",
    "parse_policy",
    "propose",
    "to_json",
]
