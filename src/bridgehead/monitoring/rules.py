"""Triage: who should do what next, proposed from the newest inspection and direction of travel.

Pure Python. The thresholds, the measures that may trigger, and who holds each arm are data
(``policies/*.yaml``). Pages say "support review". Nothing here decides anything: a proposal is made,
the school replies, a named person judges.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What can be proposed for a school."""

    PRIORITY = "priority support"
    BROKER = "broker support"
    KEEP_IN_TOUCH = "keep in touch"
    CELEBRATE = "celebrate and draw on"
    TALK = "figures do not fit: talk"
    TOO_LITTLE = "too little known"


@dataclass(frozen=True, slots=True)
class Because:
    """One reason of a proposal: words for people, and the figures behind them.

    ``series`` names the series and ``year`` its year where the reason rests on a figure;
    ``inspection`` holds framework, date and area where it rests on an inspection.
    """

    words: str
    clause: str
    series: str = ""
    year: int | None = None
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the figures propose for one school, and why."""

    urn: int
    outcome: Outcome
    clause: str  # which clause of the policy chose: category, report card, key judgements, …
    because: tuple[Because, ...]
    arm: str  # who is responsible, as configured: printed with the proposal
    route: str  # maintained or academy route, in words
    power: str  # the power named where intervention could apply, else ""
    policy: str
    policy_version: int
