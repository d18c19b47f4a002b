"""Put inspection and figures together into one proposal. Total: every school gets exactly one."""

from collections.abc import Mapping
from datetime import date

from bridgehead.monitoring.rules.inspection import Reading, read_inspections
from bridgehead.monitoring.rules.model import Because, Outcome, Proposal, Trend
from bridgehead.monitoring.rules.policy import Policy
from bridgehead.monitoring.rules.travel import (
    Figures,
    context,
    low_attainment,
    old_figures,
    read_figures,
)
from bridgehead.picture.model import School, SchoolPicture


def propose(
    picture: SchoolPicture,
    policy: Policy,
    today: date,
    newest: Mapping[str, int] | None = None,
) -> Proposal:
    """What the policy proposes for a school on a day.

    ``newest`` is the newest year loaded of each series anywhere (see ``travel.read_figures``).
    """
    school = picture.school
    reading = read_inspections(picture.inspections, school.urn, policy, today)
    figures = read_figures(picture, policy, newest or {})
    because = list(reading.because)
    unfit = _does_not_fit(school, policy)
    if unfit:
        because.append(Because(unfit, "setting"))
    else:
        because += figures.because
        if old := old_figures(picture, policy, today):
            because.append(old)
    outcome = reading.outcome or (
        Outcome.TALK if unfit else _by_direction(reading, figures, policy)
    )
    if reading.outcome is None and not unfit:
        because = _chosen_first(because, figures.trend)
    low = None if unfit else low_attainment(picture, policy)
    if low:
        because.append(low)
        outcome = max(outcome, policy.low_attainment_outcome, key=lambda o: o.weight)
    # The power follows the clause of this school's own inspection, never a predecessor's.
    power = "" if reading.of_predecessor else policy.power(reading.clause, school.type_group)
    return Proposal(
        urn=school.urn,
        outcome=outcome,
        clause=reading.clause.value,
        because=(*because, *context(picture, policy)),
        arm=policy.holder(outcome, school.type_group),
        route=policy.route(school.type_group),
        power=power if outcome is Outcome.PRIORITY and school.maintained else "",
        policy=policy.name,
        policy_version=policy.version,
        trend=figures.trend,
        needs=_needs(outcome, reading, figures, low),
        inspection=reading.line,
        stuck=reading.stuck,
        urgent=reading.urgent,
    )


def _by_direction(reading: Reading, figures: Figures, policy: Policy) -> Outcome:
    if reading.secure:
        return policy.secure[figures.trend]
    behind = policy.must_reach_england and not figures.reach_england
    trend = Trend.STEADY if figures.trend is Trend.IMPROVING and behind else figures.trend
    return policy.figures_alone[trend]


def _chosen_first(because: list[Because], trend: Trend) -> list[Because]:
    """Where direction chose the outcome, the directions that go that way before all other reasons;
    a clear one before a probable one."""
    words = (trend.value, f"probably {trend.value}")

    def place(reason: Because) -> int:
        said = dict(reason.figures).get("Direction", "")
        chose = reason.decides and reason.clause == "direction" and said in words
        return words.index(said) if chose else len(words)

    moving = trend in (Trend.DECLINING, Trend.IMPROVING)
    return sorted(because, key=place) if moving else because


def _needs(
    outcome: Outcome, reading: Reading, figures: Figures, low: Because | None
) -> tuple[str, ...]:
    if outcome.weight < Outcome.BROKER.weight:
        return ()
    return (*reading.needs, *figures.declining, *((low.series,) if low else ()))


def _does_not_fit(school: School, policy: Policy) -> str:
    """Why the published figures do not fit this setting, in words; empty where they do."""
    kind = school.phase_detail or school.phase
    first = kind.casefold()
    if school.type_group.casefold() in policy.unfit_kinds:
        return f"Most figures are not published for this kind of school ({school.type_name})."
    if school.phase.casefold() in policy.unfit_phases or any(
        word in first for word in policy.unfit_words
    ):
        return f"Published figures do not fit a school of this kind ({kind})."
    if (
        school.phase == "primary"
        and school.high_age is not None
        and school.high_age < policy.primary_leaving_before
    ):
        return (
            f"Published figures do not fit: pupils leave at {school.high_age}, before the tests at "
            "the end of key stage 2."
        )
    if not policy.triggers.get(school.phase):
        return f"The policy names no measures for this phase ({kind or 'not stated'})."
    return ""
