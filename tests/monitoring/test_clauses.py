"""The newest inspection chooses the clause; each clause proposes what the policy says."""

from dataclasses import replace
from datetime import date

import pytest

from bridgehead.monitoring.rules import Clause, Outcome, propose
from bridgehead.picture.model import Direction

GOOD_BEFORE = date(2019, 11, 5)


def words(found) -> str:
    return " ".join(b.words for b in found.because)


def test_category_of_concern_is_priority_and_names_the_power_for_a_maintained_school(
    a_school, overall, proposal
) -> None:
    found = proposal(a_school(overall("Inadequate", category="Special measures")))
    assert (found.outcome, found.clause) == (Outcome.PRIORITY, Clause.CATEGORY)
    assert found.power == "Education and Inspections Act 2006, sections 60 to 66"
    assert "Special measures" in words(found)
    assert "can intervene" in found.heading
    assert found.arm == "The local authority"


def test_category_in_an_academy_names_no_power_and_goes_by_the_trust(
    a_school, overall, proposal
) -> None:
    found = proposal(
        a_school(overall("Inadequate", category="Special measures"), type_group="academy")
    )
    assert (found.outcome, found.power) == (Outcome.PRIORITY, "")
    assert "intervene" not in found.heading
    assert "DfE regions group" in found.route
    assert found.arm == "The school's trust"


def test_category_is_read_and_never_derived(a_school, overall, proposal) -> None:
    found = proposal(a_school(overall("Inadequate")))
    assert found.outcome is Outcome.PRIORITY
    assert (found.clause, found.power) == (Clause.OVERALL, "")


def test_an_ungraded_visit_does_not_lift_a_category(a_school, overall, visit, proposal) -> None:
    found = proposal(
        a_school(
            overall("Inadequate", date(2023, 1, 9), category="Special measures"),
            visit("Standards maintained", date(2024, 6, 3)),
        )
    )
    assert found.clause == Clause.CATEGORY


def test_a_later_graded_inspection_lifts_a_category(a_school, overall, card, proposal) -> None:
    found = proposal(
        a_school(overall("Inadequate", date(2022, 1, 9), category="Special measures"), card())
    )
    assert (found.clause, found.outcome) == (Clause.REPORT_CARD, Outcome.KEEP_IN_TOUCH)


@pytest.mark.parametrize(
    "wrong", [{"safeguarding": "Not met"}, {"grades": {"Achievement": "Urgent improvement"}}]
)
def test_report_card_unsafe_or_urgent_calls_for_an_urgent_conversation(
    a_school, card, proposal, wrong
) -> None:
    found = proposal(a_school(card(**wrong)))
    assert found.outcome is Outcome.PRIORITY
    assert found.urgent
    assert found.power == ""
    assert "urgent conversation" in words(found)


def test_needs_attention_brokers_support_in_that_area(a_school, card, proposal) -> None:
    found = proposal(a_school(card(grades={"Attendance and behaviour": "Needs attention"})))
    assert found.outcome is Outcome.BROKER
    assert found.needs == ("Attendance and behaviour",)
    assert "Attendance and behaviour: Needs attention" in words(found)


def test_leadership_needing_attention_after_below_good_meets_the_stuck_test(
    a_school, card, overall, proposal
) -> None:
    leadership = card(grades={"Leadership and governance": "Needs attention"})
    stuck = proposal(a_school(leadership, overall("Requires improvement")))
    assert stuck.stuck
    assert stuck.outcome is Outcome.PRIORITY
    assert "stuck school" in words(stuck)
    assert not proposal(a_school(leadership, overall("Good"))).stuck
    other_area = card(grades={"Inclusion": "Needs attention"})
    assert not proposal(a_school(other_area, overall("Requires improvement"))).stuck


@pytest.mark.parametrize(
    ("direction", "outcome"),
    [
        (Direction.DECLINING, Outcome.BROKER),
        (Direction.NO_CLEAR_CHANGE, Outcome.KEEP_IN_TOUCH),
        (Direction.IMPROVING, Outcome.CELEBRATE),
        (Direction.TOO_FEW, Outcome.KEEP_IN_TOUCH),
    ],
)
def test_secure_report_card_lets_direction_decide(
    a_school, card, proposal, direction, outcome
) -> None:
    found = proposal(a_school(card(), directions={"ks2.rwm_expected": direction}))
    assert found.outcome is outcome
    assert "Secure at inspection: every area Expected standard or above" in words(found)
    assert "every area Expected standard or above," in found.inspection
    assert found.needs == (("ks2.rwm_expected",) if outcome is Outcome.BROKER else ())


def test_a_report_card_that_is_exceptional_throughout_has_nothing_above_it(
    a_school, card, proposal
) -> None:
    best = dict.fromkeys(card().grades, "Exceptional")
    found = proposal(a_school(card(grades=best)))
    assert "every area Exceptional (" in words(found)


def test_key_judgements_are_read_as_printed(a_school, judgements, proposal) -> None:
    found = proposal(a_school(judgements(grades={"Quality of education": "Requires improvement"})))
    assert (found.clause, found.outcome) == (Clause.KEY_JUDGEMENTS, Outcome.BROKER)
    assert "Quality of education: Requires improvement" in words(found)
    assert not found.stuck


def test_key_judgements_count_for_the_stuck_test_only_in_two_areas(
    a_school, judgements, overall, proposal
) -> None:
    before = overall("Requires improvement", date(2021, 11, 2))
    for area, stuck in {
        "Quality of education": True,
        "Effectiveness of leadership and management": True,
        "Behaviour and attitudes": False,
    }.items():
        newest = judgements(grades={area: "Requires improvement"})
        assert proposal(a_school(newest, before)).stuck is stuck


def test_old_grade_is_printed_with_its_age(a_school, overall, proposal) -> None:
    found = proposal(a_school(overall("Good", date(2021, 11, 2))))
    assert found.outcome is Outcome.KEEP_IN_TOUCH
    assert "Overall grade: Good (November 2021), 5 years ago" in words(found)


def test_a_grade_beyond_the_limit_is_too_old_and_the_figures_decide(
    a_school, overall, proposal
) -> None:
    old = overall("Requires improvement", date(2016, 3, 1))
    found = proposal(a_school(old, directions={"ks2.rwm_expected": Direction.DECLINING}))
    assert (found.clause, found.outcome) == (Clause.OVERALL, Outcome.BROKER)
    assert "too old to rely on" in words(found)
    assert proposal(a_school(old, directions={})).outcome is Outcome.TOO_LITTLE


def test_the_limit_is_the_policys(a_school, overall, policy, today) -> None:
    clauses = policy.clauses | {
        "overall grade": replace(policy.clauses["overall grade"], too_old_after_years=20)
    }
    patient = replace(policy, clauses=clauses)
    old = a_school(overall("Requires improvement", date(2016, 3, 1)))
    assert propose(old, policy, today).outcome is Outcome.KEEP_IN_TOUCH
    assert propose(old, patient, today).outcome is Outcome.PRIORITY


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("School remains Good", Outcome.KEEP_IN_TOUCH),
        ("School remains Good (Concerns) - S5 Next", Outcome.BROKER),
        ("Some aspects not as strong", Outcome.BROKER),
        ("Standards maintained", Outcome.KEEP_IN_TOUCH),
        ("Improved significantly", Outcome.KEEP_IN_TOUCH),
    ],
)
def test_ungraded_visits_have_outcomes_of_their_own(
    a_school, overall, visit, proposal, said, outcome
) -> None:
    found = proposal(a_school(overall("Good", date(2021, 11, 2)), visit(said)))
    assert (found.clause, found.outcome) == (Clause.UNGRADED, outcome)
    assert said in words(found)


def test_no_inspection_lets_the_figures_decide_or_says_too_little_is_known(
    a_school, proposal
) -> None:
    assert proposal(a_school()).outcome is Outcome.KEEP_IN_TOUCH
    unknown = proposal(a_school(directions={}))
    assert (unknown.clause, unknown.outcome) == (Clause.NONE, Outcome.TOO_LITTLE)


def test_an_inspection_in_the_future_is_not_known_yet(a_school, card, policy) -> None:
    bad = card(date(2026, 12, 1), safeguarding="Not met")
    assert propose(a_school(bad), policy, date(2026, 11, 30)).clause == Clause.NONE
    assert propose(a_school(bad), policy, date(2026, 12, 1)).outcome is Outcome.PRIORITY


def test_an_inspection_of_the_predecessor_never_makes_priority(a_school, overall, proposal) -> None:
    found = proposal(
        a_school(
            overall("Inadequate", category="Special measures", urn=800_001, this_urn=False),
            type_group="maintained",
        )
    )
    assert (found.outcome, found.power) == (Outcome.BROKER, "")
    assert "URN 800001" in words(found)


def test_a_predecessor_whose_urn_is_not_given_is_said_to_be_one(
    a_school, overall, proposal
) -> None:
    found = proposal(
        a_school(overall("Inadequate", category="Special measures", urn=None, this_urn=False))
    )
    assert found.outcome is Outcome.BROKER
    assert "the school that this one replaced (URN not given in the file)" in words(found)


def test_the_stuck_test_says_where_the_inspection_before_was_a_predecessors(
    a_school, card, overall, proposal
) -> None:
    weak = card(grades={"Leadership and governance": "Needs attention"})
    before = overall("Requires improvement", date(2021, 5, 4), urn=800_001, this_urn=False)
    theirs, own = (
        words(proposal(a_school(weak, one))) for one in (before, replace(before, this_urn=True))
    )
    assert "test for a stuck school" in theirs
    assert "in May 2021, which was of the school that this one replaced." in theirs
    assert "in May 2021." in own


def test_an_area_that_was_graded_again_says_when(a_school, card, proposal) -> None:
    on = date(2026, 1, 12)
    weak = card(on, grades={"Inclusion": "Needs attention", "Achievement": "Needs attention"})
    found = words(proposal(a_school(replace(weak, area_dates={"Inclusion": date(2026, 6, 15)}))))
    said = "Inclusion: Needs attention (report card, January 2026; graded again in June 2026)"
    assert said in found
    assert "Achievement: Needs attention (report card, January 2026)" in found


@pytest.mark.parametrize(
    "setting",
    [
        {"phase": "special", "phase_detail": "Not applicable"},
        {"phase": "alternative provision"},
        {"phase": "nursery"},
        {"phase_detail": "Infant"},
        {"high_age": 7},
        {"high_age": 9},
        {"type_group": "independent"},
        {"phase": "other"},
    ],
)
def test_figures_that_do_not_fit_mean_talk_unless_the_inspection_speaks(
    a_school, card, proposal, setting
) -> None:
    falling = {"ks2.rwm_expected": Direction.DECLINING}
    for inspections in ((), (card(),)):
        found = proposal(a_school(*inspections, directions=falling, **setting))
        assert found.outcome is Outcome.TALK
        assert not any(b.clause == "direction" for b in found.because)
    weak = card(grades={"Inclusion": "Needs attention"})
    assert proposal(a_school(weak, **setting)).outcome is Outcome.BROKER
    unsafe = card(safeguarding="Not met")
    assert proposal(a_school(unsafe, **setting)).outcome is Outcome.PRIORITY


def test_words_that_the_policy_does_not_read_decide_nothing(a_school, card, proposal) -> None:
    found = proposal(a_school(card(grades={"Inclusion": "Exemplary"}), directions={}))
    assert found.outcome is Outcome.TOO_LITTLE
    assert "Inclusion: Exemplary" in words(found)


def test_not_judged_areas_are_left_out(a_school, card, proposal) -> None:
    found = proposal(a_school(card(grades={"Post-16 provision": "Not judged"})))
    assert found.outcome is Outcome.KEEP_IN_TOUCH
