"""Nothing is converted between frameworks, and the test for that can fail."""

from dataclasses import replace
from datetime import date

import pytest

from bridgehead.monitoring.rules import Outcome, Policy, propose
from bridgehead.picture.model import Framework, Inspection

TODAY = date(2026, 11, 22)
WORDS = {
    Framework.REPORT_CARD: ("Needs attention", "Urgent improvement", "Expected standard"),
    Framework.KEY_JUDGEMENTS: ("Requires improvement", "Inadequate", "Good"),
    Framework.OVERALL: ("Requires improvement", "Inadequate", "Good"),
}


def graded(framework: Framework, grade: str) -> Inspection:
    area = {
        Framework.REPORT_CARD: "Leadership and governance",
        Framework.KEY_JUDGEMENTS: "Quality of education",
        Framework.OVERALL: "Overall effectiveness",
    }[framework]
    return Inspection(
        900_001, framework, date(2026, 1, 8), None, {area: grade}, None, None, "", True, ""
    )


def reads_foreign_words(policy: Policy, a_school) -> list[tuple[Framework, str]]:
    """The words of another framework that a framework's clause gives a meaning to."""
    return [
        (framework, grade)
        for framework in WORDS
        for other in WORDS
        if other is not framework
        for grade in set(WORDS[other]) - set(WORDS[framework])
        if propose(a_school(graded(framework, grade), directions={}), policy, TODAY).outcome
        is not Outcome.TOO_LITTLE
    ]


def test_a_word_means_something_only_in_its_own_framework(a_school, policy) -> None:
    assert reads_foreign_words(policy, a_school) == []


def test_a_policy_that_converts_would_be_caught(a_school, policy) -> None:
    card = policy.clauses["report card"]
    readings = card.readings | {"secure": (*card.readings["secure"], "good")}
    converting = replace(
        policy, clauses=policy.clauses | {"report card": replace(card, readings=readings)}
    )
    assert reads_foreign_words(converting, a_school) == [(Framework.REPORT_CARD, "Good")] * 2


@pytest.mark.parametrize("grade", ["Good", "Outstanding"])
def test_an_older_good_never_softens_a_report_card(a_school, card, overall, policy, grade) -> None:
    weak = card(grades={"Achievement": "Urgent improvement"})
    alone = propose(a_school(weak), policy, TODAY)
    after = propose(a_school(weak, overall(grade)), policy, TODAY)
    assert alone.outcome is after.outcome is Outcome.PRIORITY
