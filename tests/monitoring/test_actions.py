"""The steps of a review: each recorded by a named person, in its order, once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bridgehead.accounts.audit.models import INSTALLATION
from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.core.home import home
from bridgehead.monitoring import actions
from bridgehead.monitoring.models import Judgement, Reply, Review, ReviewRound, SupportDecision
from bridgehead.monitoring.rules import NotNow, Outcome, State
from bridgehead.monitoring.rules.states import GUARDS, Event
from bridgehead.schools.rules import calendar

pytestmark = pytest.mark.django_db

LATER = date(2099, 6, 1)


def open_again(bridge, *, name="Summer term 2027", token=None, who="officer") -> ReviewRound:
    return actions.open_round(
        partnership=bridge.partnership,
        name=name,
        picture=bridge.picture,
        token=token or uuid4(),
        by=bridge.reader(who),
    )


def reply(bridge, review, *, who="other_head", token=None, view="agrees", text="") -> Reply:
    return actions.reply(
        review=review,
        view=view,
        text=text,
        help_with="maths",
        token=token or uuid4(),
        by=bridge.reader(who),
    )


def newest_of(review: Review) -> int | None:
    newest = review.replies.first()
    return newest.pk if newest else None


def judge(bridge, review, *, who="broker", outcome=None, reasons="", token=None) -> Judgement:
    return actions.judge(
        review=review,
        outcome=outcome or Outcome(review.outcome),
        reasons=reasons,
        heard=newest_of(review),
        token=token or uuid4(),
        by=bridge.reader(who),
    )


def decide(bridge, review, *, category="brokered", reasons="", token=None, on=LATER):
    return actions.decide(
        review=review,
        category=category,
        reasons=reasons,
        review_on=on,
        token=token or uuid4(),
        by=bridge.reader("broker"),
    )


def verbs() -> list[str]:
    ours = AuditEntry.objects.exclude(partnership_id=INSTALLATION)
    return list(ours.order_by("number").values_list("verb", flat=True))


def days_pass(review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(reply_by=localdate() - timedelta(days=1))


def test_a_round_freezes_a_proposal_for_every_school(bridge, opened) -> None:
    reviews = {r.urn: r for r in opened.reviews.all()}
    assert set(reviews) == {bridge.school.urn, bridge.other_school.urn}
    first = reviews[bridge.school.urn]
    assert (first.outcome, first.state) == (Outcome.PRIORITY, State.PROPOSED)
    assert first.picture == opened.picture == bridge.picture.digest
    assert first.policy_version == first.proposed.policy_version
    assert "Safeguarding: Not met" in first.proposed.because[0].words
    assert dict(first.proposed.because[0].figures)["Framework"] == "report card"


def test_the_same_token_opens_one_round(bridge) -> None:
    token = uuid4()
    assert open_again(bridge, token=token) == open_again(bridge, token=token)
    assert (ReviewRound.objects.count(), Review.objects.count()) == (1, 2)
    assert verbs().count("opened a support review") == 1


def test_a_new_round_supersedes_what_is_unfinished(bridge, opened, sent, review_of) -> None:
    reply(bridge, sent(bridge.other_school))
    second = open_again(bridge)
    assert set(opened.reviews.values_list("state", flat=True)) == {State.SUPERSEDED}
    assert set(second.reviews.values_list("state", flat=True)) == {State.PROPOSED}
    assert Reply.objects.count() == 1


def test_a_name_is_used_once(bridge, opened) -> None:
    with pytest.raises(NotNow, match="another name"):
        open_again(bridge, name=opened.name)


def test_priority_is_told_before_it_is_sent(bridge, opened, review_of) -> None:
    officer = bridge.reader("officer")
    with pytest.raises(NotNow, match="head and the chair"):
        actions.send(reviews=[review_of(bridge.school)], by=officer)
    assert review_of(bridge.school).sent_at is None
    actions.tell(review=review_of(bridge.school), on=localdate(), how="a meeting", by=officer)
    told = review_of(bridge.school)
    assert (told.told_by_id, told.told_how) == (officer.user_id, "a meeting")
    assert actions.send(reviews=[told], by=officer) == 1
    assert review_of(bridge.school).state == State.SENT


def test_nobody_is_told_in_the_future(bridge, opened, review_of) -> None:
    with pytest.raises(NotNow, match="not in the future"):
        actions.tell(
            review=review_of(bridge.school),
            on=localdate() + timedelta(days=1),
            how="a meeting",
            by=bridge.reader("officer"),
        )


def test_sending_gives_ten_school_days_and_happens_once(bridge, sent) -> None:
    review = sent(bridge.other_school)
    assert calendar(home()).school_days_between(localdate(), review.reply_by) == 10
    assert actions.send(reviews=[review], by=bridge.reader("officer")) == 0
    assert verbs().count("sent proposals to their schools") == 1


def test_a_school_is_heard_before_it_is_judged(bridge, sent, review_of) -> None:
    review = sent(bridge.other_school)
    with pytest.raises(NotNow, match="has not replied"):
        judge(bridge, review)
    days_pass(review)
    judged = judge(bridge, review)
    assert judged.reply is None
    assert judged.waited_until < judged.on


def test_without_the_guard_the_database_still_refuses(bridge, sent, monkeypatch) -> None:
    review = sent(bridge.other_school)
    monkeypatch.delitem(GUARDS, (State.SENT, Event.JUDGE))
    with pytest.raises(IntegrityError), transaction.atomic():
        judge(bridge, review)
    assert not Judgement.objects.exists()


def test_without_the_guard_the_database_refuses_an_untold_priority(
    bridge, opened, review_of, monkeypatch
) -> None:
    monkeypatch.delitem(GUARDS, (State.PROPOSED, Event.SEND))
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.send(reviews=[review_of(bridge.school)], by=bridge.reader("officer"))
    assert review_of(bridge.school).sent_at is None


def test_priority_is_not_judged_where_head_and_chair_were_not_told(
    bridge, sent, review_of, monkeypatch
) -> None:
    reply(bridge, sent(bridge.other_school))
    review, raised = review_of(bridge.other_school), {"outcome": Outcome.PRIORITY, "reasons": "x"}
    with pytest.raises(NotNow, match="before it is judged"):
        judge(bridge, review, **raised)
    with monkeypatch.context() as off:
        off.setattr(actions, "must_tell_before_judging", lambda *_: "")
        with pytest.raises(IntegrityError), transaction.atomic():
            judge(bridge, review, **raised)
    actions.tell(review=review, on=localdate(), how="a call", by=bridge.reader("officer"))
    assert judge(bridge, review_of(bridge.other_school), **raised).told_on == localdate()


def test_the_whole_way_leaves_three_steps_side_by_side(bridge, sent, review_of) -> None:
    said = reply(bridge, sent(bridge.other_school), view="agrees in part", text="A new head.")
    judged = judge(
        bridge,
        review_of(bridge.other_school),
        outcome=Outcome.KEEP_IN_TOUCH,
        reasons="A new head since September; look again in June.",
    )
    decided = decide(bridge, review_of(bridge.other_school), category="universal")
    review = review_of(bridge.other_school)
    assert review.state == State.DECIDED
    assert review.proposed.outcome is Outcome.BROKER
    assert list(review.replies.all()) == [said]
    assert review.judgement == judged
    assert judged.reply == said
    assert judged.differs
    assert (review.decision, decided.usual) == (decided, True)
    assert verbs()[-4:] == [
        "sent proposals to their schools",
        "replied for a school",
        "judged a review",
        "decided the support of a school",
    ]


@pytest.mark.parametrize("read_one", [False, True])
def test_no_judgement_claims_a_reply_that_nobody_read(bridge, sent, review_of, read_one) -> None:
    review = sent(bridge.other_school)
    heard = reply(bridge, review).pk if read_one else None
    days_pass(review)
    reply(bridge, review, view="disagrees", text="Two families moved away.")
    words = {"outcome": Outcome(review.outcome), "reasons": "", "by": bridge.reader("broker")}
    with pytest.raises(NotNow, match="has replied since"):
        actions.judge(review=review, heard=heard, token=uuid4(), **words)
    assert not Judgement.objects.exists()
    newest = newest_of(review)
    assert actions.judge(review=review, heard=newest, token=uuid4(), **words).reply_id == newest


def test_a_difference_needs_a_reason(bridge, sent, review_of) -> None:
    reply(bridge, sent(bridge.other_school))
    with pytest.raises(NotNow, match="otherwise than was proposed"):
        judge(bridge, review_of(bridge.other_school), outcome=Outcome.CELEBRATE, reasons="  ")
    judge(bridge, review_of(bridge.other_school))
    with pytest.raises(NotNow, match="not the usual support"):
        decide(bridge, review_of(bridge.other_school), category="contribute")
    with pytest.raises(NotNow, match="in the future"):
        decide(bridge, review_of(bridge.other_school), on=localdate())
    assert not SupportDecision.objects.exists()
    decide(bridge, review_of(bridge.other_school), category="contribute", reasons="By agreement.")


def test_disagreeing_says_where(bridge, sent) -> None:
    with pytest.raises(NotNow, match="see it differently"):
        reply(bridge, sent(bridge.other_school), view="disagrees")


def test_a_double_click_makes_one_row(bridge, sent, review_of) -> None:
    token, review = uuid4(), sent(bridge.other_school)
    assert reply(bridge, review, token=token) == reply(bridge, review, token=token)
    assert judge(bridge, review, token=token) == judge(bridge, review, token=token)
    assert decide(bridge, review, token=token) == decide(bridge, review, token=token)
    assert (Reply.objects.count(), Judgement.objects.count()) == (1, 1)
    assert SupportDecision.objects.count() == 1


def test_a_second_reply_is_added_and_replaces_nothing(bridge, sent) -> None:
    review = sent(bridge.other_school)
    reply(bridge, review)
    reply(bridge, review, view="disagrees", text="We have looked again.")
    assert [r.view for r in review.replies.all()] == ["disagrees", "agrees"]


@pytest.mark.parametrize(
    "who", ["head", "other_head", "governor", "board_member", "administrator", "outsider"]
)
def test_only_those_who_may_open_tell_send_judge_and_decide(bridge, sent, review_of, who) -> None:
    reply(bridge, sent(bridge.other_school))
    review, reader = review_of(bridge.other_school), bridge.reader(who)
    first = review_of(bridge.school)
    with pytest.raises(Denied):
        open_again(bridge, who=who)
    with pytest.raises(Denied):
        actions.tell(review=first, on=localdate(), how="a meeting", by=reader)
    with pytest.raises(Denied):
        actions.send(reviews=[first], by=reader)
    with pytest.raises(Denied):
        judge(bridge, review, who=who)


@pytest.mark.parametrize(
    "who", ["head", "governor", "officer", "broker", "board_member", "administrator", "outsider"]
)
def test_only_the_head_of_the_school_replies(bridge, sent, who) -> None:
    with pytest.raises(Denied):
        reply(bridge, sent(bridge.other_school), who=who)


def test_the_command_line_is_no_named_person(bridge) -> None:
    with pytest.raises(Denied):
        actions.open_round(
            partnership=bridge.partnership,
            name="Nobody's",
            picture=bridge.picture,
            token=uuid4(),
            by=COMMAND_LINE,
        )


def test_a_failed_audit_undoes_the_step(bridge, sent, review_of, monkeypatch) -> None:
    def fail(**_: object) -> None:
        raise OSError("the ledger is full")

    review = sent(bridge.other_school)
    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(OSError, match="ledger"):
        reply(bridge, review)
    assert not Reply.objects.exists()
    assert review_of(bridge.other_school).state == State.SENT
