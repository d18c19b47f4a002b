"""The policy: a typed, frozen form of the YAML, refused by field where it is wrong.

The policy in force is ``policy.yaml`` in the Bridgehead home where there is one, else
``policies/default.yaml``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from bridgehead.core.fields import parse_yaml, read_text
from bridgehead.monitoring.rules.fields import Fields
from bridgehead.monitoring.rules.model import Clause, Outcome, Trend

DEFAULT = Path(__file__).parents[1] / "policies" / "default.yaml"

#: The kinds of school that arms and routes distinguish.
KINDS = ("maintained", "academy", "other")

#: More measures than this may not trigger in one phase.
MOST_TRIGGERS = 5


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """How one framework's words are read. ``readings`` maps ``urgent``, ``attention`` and
    ``secure`` to words as printed, in lower case; ``areas`` limits which judgements decide
    (empty: all)."""

    readings: dict[str, tuple[str, ...]]
    outcomes: dict[str, Outcome]
    not_safe: tuple[str, ...]
    areas: tuple[str, ...]
    stuck_areas: tuple[str, ...]
    stuck_words: tuple[str, ...]
    too_old_after_years: int | None


@dataclass(frozen=True, slots=True)
class Power:
    """A power of intervention: its name, for which kind of school, under which clauses."""

    name: str
    schools: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A measure that may decide, and the aspect in which it counts."""

    series: str
    aspect: str


@dataclass(frozen=True, slots=True)
class Enough:
    """In how many aspects a change must be clear, or in how many at least probable."""

    clear: int
    probable: int

    def met(self, aspects: Mapping[str, bool]) -> bool:
        """``aspects`` maps each changing aspect to whether its change is clear."""
        return sum(aspects.values()) >= self.clear or len(aspects) >= self.probable


@dataclass(frozen=True, slots=True)
class Support:
    """A category of support that can result, and the outcomes for which it is usual."""

    key: str
    label: str
    usual_for: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole policy. Outcomes and trends are enums; words to compare are in lower case."""

    name: str
    version: int
    dated: date
    holders: dict[str, str]
    arms: dict[Outcome, dict[str, str]]
    routes: dict[str, str]
    powers: tuple[Power, ...]
    category_outcome: Outcome
    category_none: tuple[str, ...]
    clauses: dict[str, ClauseRule]
    predecessor_at_most: Outcome
    secure: dict[Trend, Outcome]
    figures_alone: dict[Trend, Outcome]
    declining: Enough
    improving: Enough
    must_reach_england: bool
    stale_after_years: int
    old_after_years: int
    triggers: dict[str, tuple[Trigger, ...]]
    context: dict[str, tuple[str, ...]]
    unfit_phases: tuple[str, ...]
    unfit_words: tuple[str, ...]
    primary_leaving_before: int
    unfit_kinds: tuple[str, ...]
    low_attainment_on: bool
    low_attainment_outcome: Outcome
    low_attainment_below: dict[str, float]
    support: tuple[Support, ...]
    reply_days: int

    def holder(self, outcome: Outcome, type_group: str) -> str:
        """Who holds the arm of an outcome for a kind of school, by the name configured."""
        return self.holders[self.arms[outcome][kind_of(type_group)]]

    def route(self, type_group: str) -> str:
        """How a school of this kind is approached."""
        return self.routes[kind_of(type_group)]

    def power(self, clause: str, type_group: str) -> str:
        """The power that may be named under a clause for a kind of school, or nothing."""
        kind = kind_of(type_group)
        return next((p.name for p in self.powers if p.schools == kind and clause in p.clauses), "")

    def support_named(self, key: str) -> Support | None:
        """A category of support by its key."""
        return next((s for s in self.support if s.key == key), None)


def kind_of(type_group: str) -> str:
    """``maintained``, ``academy`` or ``other``."""
    return type_group if type_group in KINDS else "other"


def load_policy(home: Path) -> Policy:
    """The policy in force in a home. Raises ``Refused`` naming file and field."""
    own = home / "policy.yaml"
    file = own if own.is_file() else DEFAULT
    return _cached(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _cached(file: Path, _changed: int) -> Policy:
    return parse_policy(read_text(file), file.name)


def parse_policy(text: str, file: str = "policy.yaml") -> Policy:
    """Read a policy from YAML. Raises ``Refused`` naming the field that is wrong and the remedy."""
    top = Fields(parse_yaml(text, file=file), file)
    direction, unfit = top.part("direction"), top.part("figures_do_not_fit")
    low, clauses = top.part("rise_low_attainment"), top.part("clauses")
    category = clauses.part(Clause.CATEGORY)
    holders = top.mapping("holders", str)
    policy = Policy(
        name=top.text("name"),
        version=top.whole("version", 1),
        dated=top.day("dated"),
        holders=holders,
        arms=_arms(top.part("arms"), holders),
        routes=top.part("routes").exactly(KINDS, str),
        powers=tuple(
            Power(p.text("name"), p.choice("schools", KINDS), p.words("clauses", lower=False))
            for p in top.parts("powers")
        ),
        category_outcome=category.outcome("outcome"),
        category_none=category.words("none"),
        clauses={
            c.value: _clause(clauses.part(c))
            for c in Clause
            if c not in (Clause.CATEGORY, Clause.NONE)
        },
        predecessor_at_most=top.outcome("predecessor_at_most"),
        secure=_by_trend(direction.part("secure at inspection")),
        figures_alone=_by_trend(direction.part("figures alone")),
        declining=_enough(direction.part("declining")),
        improving=_enough(direction.part("improving")),
        must_reach_england=direction.flag("improving_alone_must_reach_england"),
        stale_after_years=direction.whole("stale_after_years", 1),
        old_after_years=direction.whole("old_after_years", 1),
        triggers={phase: _triggers(top.part("triggers"), phase) for phase in top.keys("triggers")},
        context={
            phase: top.part("context").words(phase, lower=False) for phase in top.keys("context")
        },
        unfit_phases=unfit.words("phases"),
        unfit_words=unfit.words("phase_words"),
        primary_leaving_before=unfit.whole("primary_leaving_before", 0),
        unfit_kinds=unfit.words("kinds"),
        low_attainment_on=low.flag("switched_on"),
        low_attainment_outcome=low.outcome("outcome"),
        low_attainment_below=low.mapping("below", float),
        support=tuple(
            Support(s.text("key"), s.text("label"), s.outcomes("usual_for"))
            for s in top.parts("support")
        ),
        reply_days=top.whole("reply_within_school_days", 1),
    )
    top.nothing_else()
    if missing := [o for o in Outcome if not any(o in s.usual_for for s in policy.support)]:
        raise top.refuse("support", f"names no usual support for {missing[0].value!r}.")
    return policy


def _arms(part: Fields, holders: dict[str, str]) -> dict[Outcome, dict[str, str]]:
    arms = {o: part.part(o.value).exactly(KINDS, str) for o in Outcome}
    for outcome, by_kind in arms.items():
        for kind, holder in by_kind.items():
            if holder not in holders:
                raise part.refuse(
                    f"{outcome.value}.{kind}",
                    f"says {holder!r}, which is not one of the holders ({', '.join(holders)}).",
                )
    return arms


def _by_trend(part: Fields) -> dict[Trend, Outcome]:
    return {trend: part.outcome(trend.value) for trend in Trend}


def _enough(part: Fields) -> Enough:
    return Enough(part.whole("clear_aspects", 1), part.whole("probable_aspects", 1))


def _triggers(part: Fields, phase: str) -> tuple[Trigger, ...]:
    found = tuple(Trigger(t.text("series"), t.text("aspect")) for t in part.parts(phase))
    if len(found) > MOST_TRIGGERS:
        raise part.refuse(
            phase, f"names {len(found)} measures.", f"At most {MOST_TRIGGERS} may trigger."
        )
    return found


def _clause(part: Fields) -> ClauseRule:
    readings, stuck = part.part("readings"), part.part("stuck", optional=True)
    outcomes = part.part("outcomes")
    return ClauseRule(
        readings={k: readings.words(k, optional=True) for k in ("urgent", "attention", "secure")},
        outcomes={k: outcomes.outcome(k) for k in ("urgent", "attention", "stuck")},
        not_safe=part.words("safeguarding_not_met"),
        areas=part.words("areas", optional=True),
        stuck_areas=stuck.words("areas", optional=True),
        stuck_words=stuck.words("words", optional=True),
        too_old_after_years=part.whole("too_old_after_years", 0, optional=True),
    )
