"""Who is suggested, who is not, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.brokerage.rules import (
    Candidate,
    Difficulty,
    Evidence,
    Input,
    Place,
    Policy,
    RuledOut,
    kilometres,
    ruled_out_by_register,
    similarity,
    strength_of,
    suggest,
)

POLICY = Policy(
    version=1,
    travel_limit_km=30,
    points_per_km=0.5,
    least_shared_years=2,
    first_shown=10,
    area_grades={"Exceptional": 1.0, "Strong standard": 0.8},
    similarity_when_unknown=0.5,
    least_share=0.5,
    oldest_figure_years=2,
    context=("census.fsm_ever",),
)
INPUTS = (
    Input("census.fsm_ever", "disadvantaged pupils", 12.0, "{:.0f}%".format),
    Input("census.eal", "pupils with English as an additional language", 20.0, "{:.0f}%".format),
)
NEEDING = Place(
    urn=900001,
    name="Willow Lane Primary School",
    phase="primary",
    low_age=4,
    high_age=11,
    trust="Harbour Trust",
    easting=450_000,
    northing=120_000,
    context={"census.fsm_ever": 30.0, "census.eal": 10.0},
)
STRONG = Evidence(share=0.9, clear=True, words="Its results are high even at the low end.")


def candidate(urn: int = 900002, *, evidence: Evidence = STRONG, **place: object) -> Candidate:
    """A school that nothing rules out, with what a test wants different."""
    return Candidate(replace(NEEDING, urn=urn, trust="", **place), evidence)


def only_reason(one: Candidate) -> RuledOut:
    answer = suggest(NEEDING, [one], policy=POLICY, inputs=INPUTS)
    assert not answer.suggestions
    return answer.excluded[0].why


def test_a_strong_near_similar_school_is_suggested_with_its_reasons():
    answer = suggest(NEEDING, [candidate()], policy=POLICY, inputs=INPUTS)
    (found,) = answer.suggestions
    assert found.urn == 900002
    assert found.score == 90.0
    assert found.km == 0.0
    assert found.reasons[0] == STRONG.words
    assert any("not known: ask" in reason for reason in found.reasons)


def test_the_school_in_need_is_never_suggested_to_itself():
    answer = suggest(NEEDING, [candidate(NEEDING.urn)], policy=POLICY, inputs=INPUTS)
    assert answer.suggestions == ()
    assert answer.excluded == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"open": False}, RuledOut.CLOSED),
        ({"phase": "secondary"}, RuledOut.PHASE),
        ({"low_age": 10, "high_age": 16}, RuledOut.AGES),
        ({"easting": 481_000}, RuledOut.TOO_FAR),
        ({"evidence": Evidence(None, False, "Nothing is published.")}, RuledOut.NO_EVIDENCE),
        ({"evidence": Evidence(0.4, False, "Not above this school.")}, RuledOut.NOT_STRONG),
    ],
)
def test_each_constraint_rules_out_by_its_own_name(change, why):
    assert only_reason(candidate(**change)) is why


def test_a_school_just_beyond_the_limit_is_not_said_to_be_at_it():
    metres = int(POLICY.travel_limit_km * 1000) + 40
    place = candidate(easting=NEEDING.easting + metres, northing=NEEDING.northing).place
    failed = ruled_out_by_register(NEEDING, place, POLICY)
    limit = POLICY.travel_limit_km
    words = f"It is {limit + 0.1:g} km away; the limit is {limit:g} km."
    assert failed == (RuledOut.TOO_FAR, words)


@pytest.mark.parametrize(
    ("difficulty", "why"),
    [
        (Difficulty.PRIORITY, RuledOut.PRIORITY),
        (Difficulty.SAME_NEED, RuledOut.SAME_NEED),
    ],
)
def test_a_school_in_difficulty_is_ruled_out(difficulty, why):
    assert only_reason(replace(candidate(), difficulty=difficulty)) is why


def test_support_with_another_need_is_said_not_banned():
    one = replace(
        candidate(), difficulty=Difficulty.OTHER_NEED, difficulty_words="Support with attendance."
    )
    (found,) = suggest(NEEDING, [one], policy=POLICY, inputs=INPUTS).suggestions
    assert "Support with attendance." in found.reasons


def test_the_same_trust_is_an_option_shown_as_such():
    one = candidate()
    one = replace(one, place=replace(one.place, trust="Harbour Trust"))
    (found,) = suggest(NEEDING, [one], policy=POLICY, inputs=INPUTS).suggestions
    assert found.same_trust
    assert any("same trust" in reason for reason in found.reasons)


def test_an_unknown_phase_is_said_to_be_unknown():
    (excluded,) = suggest(NEEDING, [candidate(phase="")], policy=POLICY, inputs=INPUTS).excluded
    assert excluded.words == "Its phase is not known; the school in need is primary."


def test_two_schools_without_a_trust_are_not_in_the_same_trust():
    answer = suggest(replace(NEEDING, trust=""), [candidate()], policy=POLICY, inputs=INPUTS)
    assert not answer.suggestions[0].same_trust


def test_an_all_through_school_may_help_a_primary_if_the_ages_overlap():
    answer = suggest(
        NEEDING,
        [candidate(phase="all-through", low_age=4, high_age=18)],
        policy=POLICY,
        inputs=INPUTS,
    )
    assert len(answer.suggestions) == 1


def test_an_unknown_position_counts_as_the_limit_and_is_said():
    (found,) = suggest(NEEDING, [candidate(easting=None)], policy=POLICY, inputs=INPUTS).suggestions
    assert found.km is None
    assert found.score == 90 - 0.5 * 30
    assert any("position is not known" in reason for reason in found.reasons)


def test_an_unknown_context_is_said_and_never_filled_in():
    (found,) = suggest(
        NEEDING, [candidate(context={"census.fsm_ever": None})], policy=POLICY, inputs=INPUTS
    ).suggestions
    assert found.similarity == POLICY.similarity_when_unknown
    assert any("is not known" in reason for reason in found.reasons)


def test_a_difference_of_context_costs_and_names_the_input():
    far = candidate(context={"census.fsm_ever": 54.0, "census.eal": 10.0})
    (found,) = suggest(
        NEEDING,
        [far],
        policy=POLICY,
        inputs=INPUTS,
    ).suggestions
    assert found.similarity == pytest.approx(0.3679, abs=1e-4)
    assert any("disadvantaged pupils (54% there, 30% here)" in reason for reason in found.reasons)


def test_counts_of_the_ruled_out_add_up_to_everyone():
    schools = [
        candidate(900010, phase="secondary"),
        candidate(900011, phase="special"),
        candidate(900012, open=False),
        candidate(900013),
    ]
    answer = suggest(NEEDING, schools, policy=POLICY, inputs=INPUTS)
    assert answer.counts == {RuledOut.CLOSED: 1, RuledOut.PHASE: 2}
    assert len(answer.suggestions) + sum(answer.counts.values()) == len(schools)


def test_distance_is_in_kilometres_on_the_grid():
    other = replace(NEEDING, easting=453_000, northing=124_000)
    assert kilometres(NEEDING, other) == 5.0


def test_strength_is_half_at_england_and_half_again_without_a_spread():
    assert strength_of(62.0, england=62.0, spread=10.0) == 0.5
    assert strength_of(99.0, england=62.0, spread=0.0) == 0.5


shares = st.one_of(st.none(), st.floats(0, 1))
places = st.builds(
    replace,
    st.just(NEEDING),
    urn=st.integers(900_001, 900_040),
    phase=st.sampled_from(["primary", "secondary", "all-through"]),
    low_age=st.one_of(st.none(), st.integers(2, 11)),
    high_age=st.one_of(st.none(), st.integers(11, 19)),
    trust=st.sampled_from(["", "Harbour Trust"]),
    easting=st.one_of(st.none(), st.integers(400_000, 500_000)),
    context=st.fixed_dictionaries({"census.fsm_ever": st.one_of(st.none(), st.floats(0, 100))}),
    open=st.booleans(),
)
candidates = st.builds(
    Candidate,
    place=places,
    evidence=st.builds(Evidence, share=shares, clear=st.booleans(), words=st.just("words")),
    difficulty=st.sampled_from(Difficulty),
)
pools = st.lists(candidates, max_size=15, unique_by=lambda c: c.place.urn)


@given(pools, st.randoms())
def test_the_order_of_input_never_matters(pool, random):
    shuffled = list(pool)
    random.shuffle(shuffled)
    assert suggest(NEEDING, pool, policy=POLICY, inputs=INPUTS) == suggest(
        NEEDING, shuffled, policy=POLICY, inputs=INPUTS
    )


@given(pools)
def test_every_school_is_suggested_or_excluded_and_never_both(pool):
    answer = suggest(NEEDING, pool, policy=POLICY, inputs=INPUTS)
    named = [s.urn for s in answer.suggestions] + [e.urn for e in answer.excluded]
    assert sorted(named) == sorted(c.place.urn for c in pool if c.place.urn != NEEDING.urn)


@given(pools)
def test_nobody_in_difficulty_too_far_or_without_evidence_is_suggested(pool):
    by_urn = {c.place.urn: c for c in pool}
    for found in suggest(NEEDING, pool, policy=POLICY, inputs=INPUTS).suggestions:
        one = by_urn[found.urn]
        assert one.place.open
        assert one.evidence.share is not None
        assert one.evidence.clear
        assert one.difficulty in {Difficulty.NONE, Difficulty.OTHER_NEED}
        assert found.km is None or found.km <= POLICY.travel_limit_km


@given(places.filter(lambda p: p.urn != NEEDING.urn), st.floats(0, 1), st.floats(0, 1))
def test_more_strength_never_lowers_a_score(place, one, other):
    weak, strong = sorted((one, other))
    scores = [
        found.score
        for share in (weak, strong)
        for found in suggest(
            NEEDING,
            [Candidate(place, Evidence(share, True, "words"))],
            policy=POLICY,
            inputs=INPUTS,
        ).suggestions
    ]
    assert scores == sorted(scores)


@given(st.floats(-50, 150), st.floats(-50, 150), st.floats(0, 100), st.floats(0.1, 50))
def test_strength_keeps_the_order_of_the_bounds(one, other, england, spread):
    low, high = sorted((one, other))
    assert strength_of(low, england=england, spread=spread) <= strength_of(
        high, england=england, spread=spread
    )


@given(st.floats(0, 100), st.floats(0, 100))
def test_similarity_is_the_same_both_ways_and_one_for_the_same(one, other):
    there, back = (
        similarity({"a": x}, {"a": y}, inputs=[Input("a", "a", 12.0, str)], when_unknown=0.5)
        for x, y in ((one, other), (other, one))
    )
    assert there == back
    assert 0 <= there[0] <= 1
    same = similarity({"a": one}, {"a": one}, inputs=[Input("a", "a", 12.0, str)], when_unknown=0.5)
    assert same == (1.0, 1)
