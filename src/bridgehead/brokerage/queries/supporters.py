"""Who could help a school with one need, read from a picture and from the support review."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import polars as pl

from bridgehead.brokerage.queries.need import Kind, Need, newest_report_card
from bridgehead.brokerage.queries.policy import load_policy
from bridgehead.brokerage.rules import (
    Answer,
    Candidate,
    Difficulty,
    Evidence,
    Excluded,
    Input,
    Place,
    Policy,
    Suggestion,
    ruled_out,
    ruled_out_by_register,
    strength_of,
    suggest,
)
from bridgehead.core.home import home
from bridgehead.core.years import label
from bridgehead.measures.loader import series
from bridgehead.measures.model import High, Measure
from bridgehead.monitoring.rules import Outcome, Proposal
from bridgehead.monitoring.rules import load_policy as load_review_policy
from bridgehead.monitoring.rules.area import propose_all
from bridgehead.picture.model import Inspection, SchoolPicture
from bridgehead.picture.picture import Picture

#: URNs → the support review's proposals for them.
Propose = Callable[[Collection[int]], Mapping[int, Proposal]]

NOT_ASKED = Evidence(None, False, "Not looked at.")


@dataclass(frozen=True, slots=True)
class Failed:
    """The schools that one constraint rules out."""

    why: str
    schools: tuple[Excluded, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer for one school and need, with what it rests on."""

    school: SchoolPicture
    need: Need
    policy: Policy
    answer: Answer

    @property
    def first(self) -> tuple[Suggestion, ...]:
        """The suggestions to show first."""
        return self.answer.suggestions[: self.policy.first_shown]

    @property
    def further(self) -> tuple[Suggestion, ...]:
        """The other suggestions, one click away."""
        return self.answer.suggestions[self.policy.first_shown :]

    @property
    def ruled_out(self) -> tuple[Failed, ...]:
        """The schools that each constraint rules out, in the order in which they are tried."""
        return tuple(
            Failed(why.value, tuple(e for e in self.answer.excluded if e.why is why))
            for why in self.answer.counts
        )


def possible_supporters(
    picture: Picture,
    urn: int,
    *,
    need: Need,
    today: date,
    within_km: float | None = None,
    urns: Collection[int] | None = None,
    propose: Propose | None = None,
) -> Found:
    """Look among all schools of the picture, or only among ``urns``.

    ``within_km`` replaces the policy's limit of travel. ``propose`` gives the support review's
    proposals for the schools that nothing else rules out, where whoever asks keeps them; else they
    are made here. Raises ``KeyError`` for an unknown URN.
    """
    policy = load_policy()
    if within_km is not None:
        policy = replace(policy, travel_limit_km=within_km)
    school = picture.school(urn)
    frame = picture.schools
    if urns is not None:
        frame = frame.filter(pl.col("urn").is_in(list({*urns, school.school.urn})))
    inputs = context_inputs(picture, policy)
    places = _places(picture, frame, inputs)
    needing = places.pop(school.school.urn)
    near = [p.urn for p in places.values() if not ruled_out_by_register(needing, p, policy)]
    evidence = (
        _by_figure(picture, school, need.key, near, policy)
        if need.kind is Kind.FIGURE
        else _by_area(picture, need.key, near, policy)
    )
    nothing = Evidence(None, False, "Nothing is published for it on this.")
    asked = set(near)
    candidates = {
        place.urn: Candidate(
            place, evidence.get(place.urn, nothing) if place.urn in asked else NOT_ASKED
        )
        for place in places.values()
    }
    left = [u for u in near if ruled_out(needing, candidates[u], policy) is None]
    if propose is not None:
        proposals = propose(left)
    else:
        proposals = propose_all(picture, left, load_review_policy(home()), today)
    for found in left:
        if found not in proposals:
            continue
        difficulty, words = in_difficulty(proposals[found], need)
        candidates[found] = replace(
            candidates[found], difficulty=difficulty, difficulty_words=words
        )
    answer = suggest(needing, candidates.values(), policy=policy, inputs=inputs)
    return Found(school, need, policy, answer)


def in_difficulty(proposal: Proposal, need: Need) -> tuple[Difficulty, str]:
    """What a support review's proposal for a possible supporter means for this need."""
    if proposal.outcome is Outcome.PRIORITY:
        return Difficulty.PRIORITY, "Priority support is proposed for it."
    if proposal.outcome is not Outcome.BROKER:
        return Difficulty.NONE, ""
    if any(_same(other, need) for other in proposal.needs):
        return Difficulty.SAME_NEED, "Support with the same thing is proposed for it."
    return Difficulty.OTHER_NEED, "Support with something else is proposed for it: ask first."


def _same(other: str, need: Need) -> bool:
    """Whether a proposal's need (an area or a series) is this one, whatever the group of pupils."""
    if need.kind is Kind.AREA:
        return other.casefold() == need.key.casefold()
    return _measure_key(other) == _measure_key(need.key)


def _measure_key(series_key: str) -> str:
    """``ks2.rwm_expected.disadvantaged`` → ``ks2.rwm_expected``."""
    return ".".join(series_key.split(".")[:2])


def context_inputs(picture: Picture, policy: Policy) -> tuple[Input, ...]:
    """The inputs of context that the picture holds, each with its spread over all schools."""
    found = []
    for key in policy.context:
        if key not in picture.series_keys():
            continue
        spread = picture.latest(key)["value"].std()
        if isinstance(spread, float) and spread > 0:
            measure, group = series(key)
            write = partial(measure.format, group=group.key)
            found.append(Input(key, measure.short, spread, write))
    return tuple(found)


def _places(picture: Picture, schools: pl.DataFrame, inputs: tuple[Input, ...]) -> dict[int, Place]:
    context: dict[str, Mapping[int, float]] = {}
    for one in inputs:
        frame = picture.latest(one.key)
        context[one.key] = dict(zip(frame["urn"], frame["value"], strict=True))
    columns = ["urn", "name", "phase", "low_age", "high_age", "trust", "status"]
    return {
        row["urn"]: Place(
            urn=row["urn"],
            name=row["name"],
            phase=row["phase"],
            low_age=row["low_age"],
            high_age=row["high_age"],
            trust=row["trust"] or "",
            easting=row["easting"],
            northing=row["northing"],
            context={key: values.get(row["urn"]) for key, values in context.items()},
            open=row["status"] != "closed",
        )
        for row in schools.select(*columns, "easting", "northing").iter_rows(named=True)
    }


def _by_figure(
    picture: Picture, school: SchoolPicture, key: str, urns: Collection[int], policy: Policy
) -> dict[int, Evidence]:
    """Evidence by URN from the newest figures of one series, for the schools named."""
    measure, group = series(key)
    frame = picture.latest(key)
    spread = frame["value"].std()
    newest = frame["year"].max()
    if not isinstance(spread, float) or not isinstance(newest, int):
        return {}
    own = _own_standing(school, key)
    return {
        row["urn"]: _figure_evidence(
            row, measure, group.key, spread=spread, newest=newest, own=own, policy=policy
        )
        for row in frame.filter(pl.col("urn").is_in(list(urns))).iter_rows(named=True)
    }


def _own_standing(school: SchoolPicture, key: str) -> float | None:
    """The school in need: its level less England's, None where nothing is known of it."""
    one = school.series.get(key)
    point = one.latest if one else None
    if point is None or point.england is None:
        return None
    level = point.level if point.level is not None else point.value
    return None if level is None else level - point.england


def _figure_evidence(
    row: Mapping[str, object],
    measure: Measure,
    group: str,
    *,
    spread: float,
    newest: int,
    own: float | None,
    policy: Policy,
) -> Evidence:
    year, england = row["year"], row["england"]
    low, high = row["low"], row["high"]
    assert isinstance(year, int)
    if newest - year > policy.oldest_figure_years:
        return Evidence(None, False, f"Its newest figure is for {label(year)}: too old to rely on.")
    if not isinstance(england, float):
        return Evidence(None, False, "There is no figure for England to set it against.")
    if not isinstance(low, float) or not isinstance(high, float):
        return Evidence(None, False, "Too little is published to say where it very likely lies.")
    better = measure.high is High.BETTER
    # The cautious end of the likely range, on a scale on which more is better.
    cautious = (low - england) if better else (england - high)
    rival = 0.0 if own is None else own if better else -own
    share = strength_of(cautious, england=0.0, spread=spread)
    shown = (
        f"{measure.short}: likely between {measure.format(low, group)} and "
        f"{measure.format(high, group)} in {label(year)} "
        f"(England {measure.format(england, group)})"
    )
    if cautious <= rival:
        than = "England's" if own is None else "this school's own"
        return Evidence(share, False, f"{shown}: the cautious end is no better than {than}.")
    if share < policy.least_share:
        return Evidence(share, False, f"{shown}: the cautious end is not strong enough.")
    than = "England's figure" if own is None else "this school's"
    return Evidence(share, True, f"{shown}: even the cautious end is better than {than}.")


def _by_area(
    picture: Picture, area: str, urns: Collection[int], policy: Policy
) -> dict[int, Evidence]:
    """Evidence by URN from the newest report card of each school named."""
    found = {}
    for urn in urns:
        inspections = picture.school(urn).inspections
        card = newest_report_card(inspections)
        if card is None:
            found[urn] = Evidence(None, False, _why_no_card(inspections))
            continue
        grade = next(
            (g for name, g in card.grades.items() if name.casefold() == area.casefold()), ""
        )
        when = f"{card.date:%B %Y}"
        if not grade:
            found[urn] = Evidence(None, False, f"Its report card of {when} has no such area.")
        else:
            share = policy.area_grades.get(grade)
            found[urn] = Evidence(
                share or 0.0, share is not None, f"{area}: {grade}, report card of {when}."
            )
    return found


def _why_no_card(inspections: tuple[Inspection, ...]) -> str:
    if not inspections:
        return "It has no inspection on record."
    if not any(one.this_urn for one in inspections):
        return "It has not been inspected since it replaced another school."
    return "Its newest inspection is not a report card."
