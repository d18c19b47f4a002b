"""What a proposal is: its outcome, the clause that chose it, and its reasons."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

#: How a direction ends that is worth stressing.
_MOVING = ("improving", "declining", "worsening")


class Outcome(StrEnum):
    """What can be proposed for a school."""

    PRIORITY = "priority support"
    BROKER = "broker support"
    KEEP_IN_TOUCH = "keep in touch"
    CELEBRATE = "celebrate and draw on"
    TALK = "figures do not fit: talk"
    TOO_LITTLE = "too little known"

    @property
    def weight(self) -> int:
        """How much support is proposed: 3 priority, 2 brokered, 1 contact, 0 none needed."""
        return {Outcome.PRIORITY: 3, Outcome.BROKER: 2, Outcome.CELEBRATE: 0}.get(self, 1)

    @property
    def slug(self) -> str:
        """The outcome in an address or on a command line: ``keep-in-touch``."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def of_slug(cls, slug: str) -> "Outcome | None":
        """The outcome of a slug, or None."""
        return next((o for o in cls if o.slug == slug), None)


class Clause(StrEnum):
    """Which part of the policy chose: the newest inspection decides
    (docs/explanation/support-review.md)."""

    CATEGORY = "category of concern"
    REPORT_CARD = "report card"
    KEY_JUDGEMENTS = "key judgements"
    OVERALL = "overall grade"
    UNGRADED = "ungraded visit"
    NONE = "no inspection"


class Trend(StrEnum):
    """Direction of travel of a school over the measures that may trigger."""

    DECLINING = "declining"
    STEADY = "no clear change"
    IMPROVING = "improving"
    UNKNOWN = "too few data"


@dataclass(frozen=True, slots=True)
class Because:
    """One reason of a proposal: words for people, and the figures behind them.

    ``clause`` says what kind of reason it is: a ``Clause``, or ``direction``, ``context``,
    ``setting``, ``stuck test``, ``age``, ``predecessor`` or ``low attainment``. ``series`` names
    the series and ``year`` its newest year where the reason rests on a figure; ``figures`` holds
    pairs of label and text, as shown (value, England, probability, pupils, years, release; for an
    inspection its framework, date and area). ``decides`` is False for context.
    """

    words: str
    clause: str
    series: str = ""
    year: int | None = None
    figures: tuple[tuple[str, str], ...] = ()
    decides: bool = True

    @property
    def way(self) -> str:
        """``declining``, ``improving`` or ``no clear change``, where the reason is a direction."""
        return dict(self.figures).get("Direction", "").removeprefix("probably ")

    @property
    def parts(self) -> tuple[str, str, str]:
        """The words before, in and after a direction that is worth stressing; all in the first part
        where there is none."""
        direction = dict(self.figures).get("Direction", "")
        if self.clause != "direction" or not direction.endswith(_MOVING):
            return self.words, "", ""
        before, found, after = self.words.partition(f": {direction}")
        return (f"{before}: ", direction, after) if found else (self.words, "", "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the figures propose for one school, and why."""

    urn: int
    outcome: Outcome
    clause: str  # a Clause: which clause of the policy chose
    because: tuple[Because, ...]
    arm: str  # who is responsible, as configured: printed with the proposal
    route: str  # maintained or academy route, in words
    power: str  # the power named where intervention could apply, else ""
    policy: str
    policy_version: int
    trend: Trend = Trend.UNKNOWN
    needs: tuple[str, ...] = ()  # inspection areas and series keys in which support is proposed
    inspection: str = ""  # the newest inspection in one line
    stuck: bool = False  # meets the DfE's test for a stuck school
    urgent: bool = False  # an urgent conversation, on the inspection alone

    @property
    def heading(self) -> str:
        """The outcome as a heading; "intervene" only where a power is named."""
        words = self.outcome.value[0].upper() + self.outcome.value[1:]
        return f"{words}: the authority can intervene" if self.power else words

    @property
    def leading(self) -> tuple[Because, ...]:
        """The one or two reasons that say why, for a list: the first that decides, which chose, and
        the next if it is of one kind with it (another area; another measure going the same way)."""
        decides = [b for b in self.because if b.decides]
        return tuple(
            b for b in decides[:2] if (b.clause, b.way) == (decides[0].clause, decides[0].way)
        )

    @property
    def others(self) -> tuple[Because, ...]:
        """All reasons after the leading ones."""
        return tuple(b for b in self.because if b not in self.leading)

    @property
    def shortly(self) -> tuple[Because, ...]:
        """The reasons that say most, for a list: at most three that decide, and the gap."""
        decides = [b for b in self.because if b.decides][:3]
        gap = [b for b in self.because if b.clause == "context"][:1]
        return (*decides, *gap)

    @property
    def beside(self) -> tuple[Because, ...]:
        """What stands beside the proposal and decides nothing."""
        return tuple(b for b in self.because if not b.decides)


def to_json(proposal: Proposal) -> dict[str, Any]:
    """Everything of a proposal in plain values, to be frozen with a review."""
    data = asdict(proposal)
    data["outcome"], data["trend"] = proposal.outcome.value, proposal.trend.value
    return data


def from_json(data: dict[str, Any]) -> Proposal:
    """The proposal that ``to_json`` froze."""
    because = tuple(
        Because(**{**b, "figures": tuple((k, v) for k, v in b["figures"])}) for b in data["because"]
    )
    return Proposal(
        **{
            **data,
            "outcome": Outcome(data["outcome"]),
            "trend": Trend(data["trend"]),
            "because": because,
            "needs": tuple(data["needs"]),
        }
    )
