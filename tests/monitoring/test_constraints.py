"""What the database refuses by itself, whoever writes.

The three promises of hearing and telling are tested beside the actions, with their rules switched
off.
"""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from bridgehead.monitoring import actions
from bridgehead.monitoring.models import Judgement, Reply, Review, SupportDecision, View
from bridgehead.monitoring.rules import Outcome, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(bridge, sent, review_of) -> Review:
    """The other school's review with every step taken."""
    review = sent(bridge.other_school)
    said = actions.reply(
        review=review,
        view=View.AGREES,
        text="",
        help_with="",
        token=uuid4(),
        by=bridge.reader("other_head"),
    )
    judged = actions.judge(
        review=review,
        outcome=Outcome(review.outcome),
        reasons="",
        heard=said.pk,
        token=uuid4(),
        by=bridge.reader("broker"),
    )
    actions.decide(
        review=review,
        category="brokered",
        reasons=f"For {judged.outcome}.",
        review_on=localdate().replace(year=localdate().year + 1, day=1),
        token=uuid4(),
        by=bridge.reader("broker"),
    )
    return review_of(bridge.other_school)


@pytest.mark.parametrize(
    ("model", "change", "constraint"),
    [
        (Review, {"told_on": localdate()}, "told_whole"),
        (Review, {"reply_by": None}, "sent_whole"),
        (Review, {"sent_at": None, "sent_by": None, "reply_by": None}, "sent_before_later"),
        (Reply, {"view": View.DISAGREES, "text": ""}, "reply_reasons"),
        (Judgement, {"outcome": Outcome.CELEBRATE, "reasons": ""}, "judgement_reasons"),
        (SupportDecision, {"usual": False, "reasons": ""}, "support_reasons"),
        (SupportDecision, {"review_on": localdate()}, "looked_at_again"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_row_that_breaks_a_promise_is_refused(decided, model, change, constraint) -> None:
    assert decided.state == State.DECIDED
    with pytest.raises(IntegrityError, match=f"monitoring_{constraint}"), transaction.atomic():
        model.objects.update(**change)


def test_a_school_is_reviewed_once_a_round(decided) -> None:
    twice = Review.objects.get(pk=decided.pk)
    twice.pk, twice.since = None, now()
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save(force_insert=True)
