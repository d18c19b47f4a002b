"""Who could help a school with one need: the constraints, the score, and the reason for each.

Pure Python. A candidate is ruled out by the first constraint that it fails, and says which; the
others are put in order by *strength on the needed measure, at the cautious end of its likely range*
× *similarity of context* − *travel*. Nothing here decides anything: a broker chooses and asks.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

MORE_THAN_ONE_PHASE = frozenset({"all-through"})
WORTH_SAYING = 0.25  # a difference of context under a quarter of a standard deviation is not


class RuledOut(StrEnum):
    """Why a school is not suggested. The order is the order in which the constraints are tried."""

    CLOSED = "not open"
    PHASE = "another phase"
    AGES = "teaches other ages"
    TOO_FAR = "too far away"
    NO_EVIDENCE = "nothing published on this need"
    NOT_STRONG = "not clearly stronger on this need"
    PRIORITY = "itself in difficulty"
    SAME_NEED = "itself needs support with the same thing"


class Difficulty(StrEnum):
    """What the support review's proposal means for a school that could support others."""

    NONE = "none"
    OTHER_NEED = "support is proposed with something else"
    SAME_NEED = "support is proposed with the same thing"
    PRIORITY = "priority support is proposed"


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of ``policy.yaml``; see there for what each means."""

    version: int
    travel_limit_km: float
    points_per_km: float
    least_shared_years: int
    first_shown: int
    area_grades: Mapping[str, float]
    similarity_when_unknown: float
    least_share: float
    oldest_figure_years: int
    context: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked of the school in need and of a candidate alike.

    ``context`` holds shares and scores that describe the pupils, by input; ``easting`` and
    ``northing`` are metres on the national grid.
    """

    urn: int
    name: str
    phase: str
    low_age: int | None
    high_age: int | None
    trust: str
    easting: int | None
    northing: int | None
    context: Mapping[str, float | None]
    open: bool = True


@dataclass(frozen=True, slots=True)
class Input:
    """One input of context: its key, what people call it, one standard deviation of it, and how a
    value of it is written, with its unit."""

    key: str
    title: str
    scale: float
    write: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strong a school is on the need.

    ``share`` runs from 0 to 1 and only orders candidates for this need. For a figure it is the
    share of schools that lie below even the cautious end of the school's likely range; for a
    report-card area it is what the policy gives to the grade. ``clear`` is False where the school
    is not clearly stronger than the school in need. ``words`` are shown; without a share they say
    why there is none.
    """

    share: float | None
    clear: bool
    words: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A school that might support another, with what is known of it for this need."""

    place: Place
    evidence: Evidence
    difficulty: Difficulty = Difficulty.NONE
    difficulty_words: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One possible supporter. ``score`` runs to 100; ``km`` is None where a position is unknown."""

    urn: int
    name: str
    score: float
    km: float | None
    similarity: float
    same_trust: bool
    reasons: tuple[str, ...]

    @property
    def distance(self) -> str:
        """How far away it is, as its reasons say it."""
        return "not known" if self.km is None else _km_words(self.km)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A school that is not suggested, with the constraint that it fails and the words for it."""

    urn: int
    name: str
    why: RuledOut
    words: str


@dataclass(frozen=True)
class Answer:
    """Every candidate, either suggested (best first) or excluded (by URN) with the reason."""

    suggestions: tuple[Suggestion, ...]
    excluded: tuple[Excluded, ...]

    @cached_property
    def counts(self) -> dict[RuledOut, int]:
        """How many schools each constraint ruled out, in the order in which they are tried."""
        found = Counter(school.why for school in self.excluded)
        return {why: found[why] for why in RuledOut if found[why]}


def kilometres(one: Place, other: Place) -> float | None:
    """Straight-line distance, or None where the register gives no position for one of the two."""
    if (
        one.easting is None
        or one.northing is None
        or other.easting is None
        or other.northing is None
    ):
        return None
    return math.hypot(one.easting - other.easting, one.northing - other.northing) / 1000


def shared_years(one: Place, other: Place) -> int | None:
    """How many years of age both teach (0 for none), or None where the ages are unknown."""
    if (
        one.low_age is None
        or one.high_age is None
        or other.low_age is None
        or other.high_age is None
    ):
        return None
    return max(0, min(one.high_age, other.high_age) - max(one.low_age, other.low_age))


def similarity(
    one: Mapping[str, float | None],
    other: Mapping[str, float | None],
    *,
    inputs: Sequence[Input],
    when_unknown: float,
) -> tuple[float, int]:
    """How alike two contexts are (1 the same, towards 0) and on how many inputs that rests.

    ``exp(-d²/2)`` with d² the mean squared difference in standard deviations over the inputs known
    on both sides. An input that one side lacks is left out, never filled in.
    """
    squares = [steps**2 for steps, *_ in _differences(one, other, inputs)]
    if not squares:
        return when_unknown, 0
    return math.exp(-sum(squares) / len(squares) / 2), len(squares)


def _differences(
    one: Mapping[str, float | None],
    other: Mapping[str, float | None],
    inputs: Sequence[Input],
) -> list[tuple[float, Input, float, float]]:
    """Standard deviations apart, input, and both values, for each input known on both sides."""
    return [
        (abs(mine - theirs) / known.scale, known, mine, theirs)
        for known in inputs
        if known.scale > 0
        and (mine := one.get(known.key)) is not None
        and (theirs := other.get(known.key)) is not None
    ]


def strength_of(bound: float, *, england: float, spread: float) -> float:
    """A cautious bound (better is higher) → the share of schools that lie below it, 0 to 1.

    ``spread`` is the standard deviation between schools. The normal curve keeps the order of the
    bounds and keeps far outliers from drowning context and travel.
    """
    if not spread > 0:
        return 0.5
    return 0.5 * (1 + math.erf((bound - england) / spread / math.sqrt(2)))


def ruled_out_by_register(
    needing: Place, place: Place, policy: Policy
) -> tuple[RuledOut, str] | None:
    """The first constraint that the register alone shows a school to fail, with words, or None."""
    if not place.open:
        return RuledOut.CLOSED, "The school is not open."
    if place.phase != needing.phase and not {place.phase, needing.phase} & MORE_THAN_ONE_PHASE:
        theirs = f"It is {place.phase}" if place.phase else "Its phase is not known"
        return RuledOut.PHASE, f"{theirs}; the school in need is {needing.phase or 'not known'}."
    years = shared_years(needing, place)
    if years is not None and years < policy.least_shared_years:
        return (
            RuledOut.AGES,
            f"It teaches ages {place.low_age} to {place.high_age}; "
            f"the school in need teaches {needing.low_age} to {needing.high_age}.",
        )
    km = kilometres(needing, place)
    if km is not None and km > policy.travel_limit_km:
        return (
            RuledOut.TOO_FAR,
            f"It is {_beyond(km):g} km away; the limit is {policy.travel_limit_km:g} km.",
        )
    return None


def _beyond(km: float) -> float:
    """A distance over the limit, rounded upwards: 30.2 must not read 30 beside a limit of 30."""
    return math.ceil(km) if km >= 100 else math.ceil(km * 10) / 10


def ruled_out(needing: Place, candidate: Candidate, policy: Policy) -> tuple[RuledOut, str] | None:
    """The first constraint of all that a candidate fails, with words; None when it fails none."""
    failed = ruled_out_by_register(needing, candidate.place, policy)
    if failed:
        return failed
    if candidate.evidence.share is None:
        return RuledOut.NO_EVIDENCE, candidate.evidence.words
    if not candidate.evidence.clear:
        return RuledOut.NOT_STRONG, candidate.evidence.words
    if candidate.difficulty is Difficulty.PRIORITY:
        return RuledOut.PRIORITY, candidate.difficulty_words
    if candidate.difficulty is Difficulty.SAME_NEED:
        return RuledOut.SAME_NEED, candidate.difficulty_words
    return None


def suggest(
    needing: Place,
    candidates: Iterable[Candidate],
    *,
    policy: Policy,
    inputs: Sequence[Input],
) -> Answer:
    """Put candidates in order. The school in need is never a candidate, even if it is passed.

    Equal scores stand nearest first, then by URN, so the order of input never matters.
    """
    suggestions, excluded = [], []
    for candidate in candidates:
        if candidate.place.urn == needing.urn:
            continue
        failed = ruled_out(needing, candidate, policy)
        if failed:
            place = candidate.place
            excluded.append(Excluded(place.urn, place.name, *failed))
        else:
            suggestions.append(_suggestion(needing, candidate, policy, inputs))
    suggestions.sort(key=lambda s: (-s.score, math.inf if s.km is None else s.km, s.urn))
    excluded.sort(key=lambda e: e.urn)
    return Answer(tuple(suggestions), tuple(excluded))


def _suggestion(
    needing: Place,
    candidate: Candidate,
    policy: Policy,
    inputs: Sequence[Input],
) -> Suggestion:
    place = candidate.place
    km = kilometres(needing, place)
    alike, _ = similarity(
        needing.context,
        place.context,
        inputs=inputs,
        when_unknown=policy.similarity_when_unknown,
    )
    share = candidate.evidence.share or 0.0
    travel = policy.points_per_km * (policy.travel_limit_km if km is None else km)
    same_trust = bool(needing.trust) and needing.trust == place.trust
    reasons = [
        candidate.evidence.words,
        _context_words(needing, place, alike, inputs),
        "Its position is not known, so it is counted as at the limit of travel."
        if km is None
        else f"It is {_km_words(km)} away in a straight line.",
    ]
    if same_trust:
        reasons.append(f"It is in the same trust ({place.trust}): an option to weigh.")
    if candidate.difficulty is Difficulty.OTHER_NEED:
        reasons.append(candidate.difficulty_words)
    reasons.append("Whether it has time to help is not known: ask before counting on it.")
    return Suggestion(
        urn=place.urn,
        name=place.name,
        score=round(100 * share * alike - travel, 1),
        km=None if km is None else round(km, 1),
        similarity=alike,
        same_trust=same_trust,
        reasons=tuple(reason for reason in reasons if reason),
    )


def _km_words(km: float) -> str:
    return f"{km:.0f} km" if km >= 1 else "less than 1 km"


def _context_words(needing: Place, place: Place, alike: float, inputs: Sequence[Input]) -> str:
    """The match in words, with the input on which the two differ most if that is worth saying."""
    differences = _differences(needing.context, place.context, inputs)
    if not differences:
        return "How alike the two schools' pupils are is not known."
    quality = "very like" if alike >= 0.8 else "fairly like" if alike >= 0.5 else "unlike"
    text = (
        f"Its pupils are {quality} this school's on {len(differences)} of {len(inputs)} "
        "measures of context"
    )
    steps, known, mine, theirs = max(differences, key=lambda d: (d[0], d[1].title))
    if steps < WORTH_SAYING:
        return f"{text}."
    there, here = known.write(theirs), known.write(mine)
    return f"{text}; they differ most in {known.title} ({there} there, {here} here)."
