"""Every write of the support review: keyword-only, atomic, recorded, and done once however often
the button is pressed: ``token`` is the form's own, and the same one again gives back what it made.

Each step raises ``NotNow`` where the table of states or a guard refuses it, and ``Denied`` where
the reader may not take it.
"""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from bridgehead.accounts.actions import record
from bridgehead.accounts.rules import Denied, Permission, Reader
from bridgehead.core.home import home
from bridgehead.monitoring.access import check_can_judge, check_can_open, check_can_reply
from bridgehead.monitoring.models import (
    Judgement,
    Reply,
    Review,
    ReviewRound,
    SupportDecision,
    View,
)
from bridgehead.monitoring.queries import (
    decision_of,
    facts_of,
    judgement_of,
    live_proposals,
    members,
    policy_in_force,
)
from bridgehead.monitoring.rules import Event, NotNow, Outcome, State, next_state, to_json
from bridgehead.monitoring.rules.states import must_tell_before_judging
from bridgehead.people.queries import holders
from bridgehead.picture.picture import Picture
from bridgehead.schools.models import Partnership
from bridgehead.schools.rules import calendar

_UNFINISHED = (State.PROPOSED, State.SENT, State.REPLIED, State.JUDGED)


@transaction.atomic
def open_round(
    *, partnership: Partnership, name: str, picture: Picture, token: UUID, by: Reader
) -> ReviewRound:
    """Open a round: freeze what is proposed today for every school of the partnership.

    What earlier rounds left unfinished is superseded. Nothing is sent yet.
    """
    check_can_open(by, partnership.pk)
    # One round at a time: of two opened together, the later must see and supersede the earlier.
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    made = ReviewRound.objects.filter(partnership=partnership, token=token).first()
    if made:
        return made
    name = name.strip()
    if ReviewRound.objects.filter(partnership=partnership, name=name).exists():
        raise NotNow(f"There is a round called {name} already. Give this one another name.")
    schools, policy, now = members(partnership.pk), policy_in_force(), timezone.now()
    proposals = live_proposals(picture, schools)
    if not proposals:
        raise NotNow(
            "No school of the partnership is in the picture, so there is nothing to review."
        )
    superseded = Review.objects.filter(partnership=partnership, state__in=_UNFINISHED).update(
        state=State.SUPERSEDED, since=now
    )
    opened = ReviewRound.objects.create(
        partnership=partnership,
        name=name,
        picture=picture.digest,
        policy=policy.name,
        policy_version=policy.version,
        opened_at=now,
        opened_by_id=_person(by),
        token=token,
    )
    Review.objects.bulk_create(
        [
            Review(
                partnership=partnership,
                round=opened,
                organisation=schools[urn],
                urn=urn,
                phase=schools[urn].phase,
                type_group=schools[urn].type_group,
                trust=schools[urn].trust,
                state=State.PROPOSED,
                since=now,
                outcome=proposal.outcome,
                trend=proposal.trend,
                proposal=to_json(proposal),
                picture=picture.digest,
                policy=proposal.policy,
                policy_version=proposal.policy_version,
            )
            for urn, proposal in sorted(proposals.items())
        ],
        batch_size=500,
    )
    record(
        verb="opened a support review",
        by=by,
        partnership=partnership,
        about=opened,
        details={
            "name": name,
            "schools": len(proposals),
            "superseded": superseded,
            "picture": picture.digest,
            "policy": policy.name,
            "policy version": policy.version,
        },
    )
    return opened


@transaction.atomic
def tell(*, review: Review, on: date, how: str, by: Reader) -> Review:
    """Record that ``by`` told the head and the chair of governors together about the proposal."""
    check_can_open(by, review.partnership_id)
    held = _locked(review)
    if held.told_on is not None:
        return held
    _step(held, Event.TELL)
    if on > timezone.localdate():
        raise NotNow("Head and chair can be told in the past or today, not in the future.")
    held.told_on, held.told_how, held.told_by_id = on, how.strip(), _person(by)
    held.since = timezone.now()
    held.save(update_fields=["told_on", "told_how", "told_by", "since"])
    record(
        verb="told head and chair",
        by=by,
        partnership=held.partnership_id,
        about=held,
        details={"on": on, "how": held.told_how},
    )
    return held


@transaction.atomic
def send(*, reviews: Iterable[Review], by: Reader) -> int:
    """Send proposals to their schools, which then have the policy's school days to reply.

    Raises ``NotNow`` for a priority proposal that has not been told; what was sent before stays
    as it is. Returns how many were sent now.
    """
    ids = [review.pk for review in reviews]
    held = list(
        Review.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("round")
    )
    for partnership_id in {review.partnership_id for review in held}:
        check_can_open(by, partnership_id)
    now, today = timezone.now(), timezone.localdate()
    reply_by = calendar(home()).add_school_days(today, policy_in_force().reply_days)
    sending = [review for review in held if review.sent_at is None]
    for review in sending:
        review.state = next_state(State(review.state), Event.SEND, facts_of(review, today))
        review.since = review.sent_at = now
        review.sent_by_id, review.reply_by = _person(by), reply_by
    Review.objects.bulk_update(
        sending, ["state", "since", "sent_at", "sent_by", "reply_by"], batch_size=200
    )
    if sending:
        one = sending[0]
        record(
            verb="sent proposals to their schools",
            by=by,
            partnership=one.partnership_id,
            about=one if len(sending) == 1 else one.round,
            details={"urns": sorted(r.urn for r in sending), "reply by": reply_by},
        )
    return len(sending)


@transaction.atomic
def reply(
    *,
    review: Review,
    view: str,
    text: str,
    help_with: str,
    token: UUID,
    by: Reader,
    in_confidence: str = "",
    confided_to: Collection[int] = (),
) -> Reply:
    """Record the school's view of the proposal. A later reply is added to the first.

    What is said ``in_confidence`` is for the people of ``confided_to``, who work on the support
    review today. The ledger tells how many those are, and nothing of what they read.
    """
    check_can_reply(by, review)
    held = _locked(review)
    made = Reply.objects.filter(review=held, token=token).first()
    if made:
        return made
    state = _step(held, Event.REPLY)
    if View(view) is not View.AGREES and not text.strip():
        raise NotNow("Say where you see it differently.")
    _check_confidence(held, in_confidence, confided_to)
    said = Reply.objects.create(
        partnership_id=held.partnership_id,
        review=held,
        view=View(view),
        text=text.strip(),
        help_with=help_with.strip(),
        in_confidence=in_confidence.strip(),
        confided_to=sorted(set(confided_to)),
        at=timezone.now(),
        by_id=_person(by),
        token=token,
    )
    _move(held, state)
    record(
        verb="replied for a school",
        by=by,
        partnership=held.partnership_id,
        about=held,
        details={"view": said.view, "reply": said.pk, "confided to": len(said.confided_to)},
    )
    return said


def _check_confidence(review: Review, text: str, people: Collection[int]) -> None:
    if bool(text.strip()) != bool(people):
        raise NotNow(
            "Name who may read what you say in confidence."
            if text.strip()
            else "Write what those whom you named may read, or name nobody."
        )
    known = holders(review.partnership_id, Permission.SEE_SUPPORT_REVIEW, timezone.localdate())
    if not set(people) <= known.keys():
        raise NotNow("Somebody whom you named works on the support review no longer. Choose again.")


@transaction.atomic
def judge(
    *,
    review: Review,
    outcome: Outcome,
    reasons: str,
    heard: int | None,
    token: UUID,
    by: Reader,
) -> Judgement:
    """Record what the professional judges, with the reason for a difference from the proposal.

    ``heard`` is the newest reply that the professional had to read, None where there was none. A
    later one is not claimed to have been read: ``NotNow``.
    """
    check_can_judge(by, review.partnership_id)
    held = _locked(review)
    made = judgement_of(held)
    if made is not None and made.token == token:
        return made
    state = _step(held, Event.JUDGE)
    if outcome.value != held.outcome and not reasons.strip():
        raise NotNow("Give the reason why you judge otherwise than was proposed.")
    if untold := must_tell_before_judging(outcome, held.told_on is not None):
        raise NotNow(untold)
    newest = held.replies.first()
    if (newest.pk if newest else None) != heard:
        raise NotNow("The school has replied since you began. Read its reply, then go on.")
    judged = Judgement.objects.create(
        partnership_id=held.partnership_id,
        review=held,
        proposed=held.outcome,
        outcome=outcome,
        reasons=reasons.strip(),
        reply=newest,
        waited_until=None if newest else held.reply_by,
        told_on=held.told_on,
        on=timezone.localdate(),
        at=timezone.now(),
        by_id=_person(by),
        token=token,
    )
    _move(held, state)
    record(
        verb="judged a review",
        by=by,
        partnership=held.partnership_id,
        about=held,
        details={"proposed": held.outcome, "judged": judged.outcome, "reasons": judged.reasons},
    )
    return judged


@transaction.atomic
def decide(
    *, review: Review, category: str, reasons: str, review_on: date, token: UUID, by: Reader
) -> SupportDecision:
    """Record the support that results, with the reason where it is not the usual one."""
    check_can_judge(by, review.partnership_id)
    held = _locked(review)
    made = decision_of(held)
    if made is not None and made.token == token:
        return made
    state = _step(held, Event.DECIDE)
    judged = Judgement.objects.get(review=held)
    support = policy_in_force().support_named(category)
    if support is None:
        raise NotNow("The policy no longer names this support. Choose again.")
    usual = Outcome(judged.outcome) in support.usual_for
    if not usual and not reasons.strip():
        raise NotNow(f"Give the reason: this is not the usual support for {judged.outcome}.")
    if review_on <= timezone.localdate():
        raise NotNow("The date on which it is looked at again must be in the future.")
    decided = SupportDecision.objects.create(
        partnership_id=held.partnership_id,
        review=held,
        category=support.key,
        label=support.label,
        usual=usual,
        reasons=reasons.strip(),
        review_on=review_on,
        on=timezone.localdate(),
        at=timezone.now(),
        by_id=_person(by),
        token=token,
    )
    _move(held, state)
    record(
        verb="decided the support of a school",
        by=by,
        partnership=held.partnership_id,
        about=held,
        details={"support": support.key, "reasons": decided.reasons, "review on": review_on},
    )
    return decided


@transaction.atomic
def record_export(*, partnership: Partnership, schools: int, by: Reader) -> None:
    """Record that proposals of named schools left the site as a file, and who took them."""
    record(
        verb="downloaded proposals",
        by=by,
        partnership=partnership,
        about=("monitoring.board", str(partnership.pk)),
        details={"schools": schools},
    )


def _person(reader: Reader) -> int:
    """Who acts. Every step of a review is a named person's."""
    if reader.user_id is None:
        raise Denied("nobody", "A named person does this, signed in.")
    return reader.user_id


def _locked(review: Review) -> Review:
    """The review as it is now, held until the transaction ends."""
    return Review.objects.select_for_update(of=("self",)).get(pk=review.pk)


def _step(review: Review, event: Event) -> State:
    """The state that an event leads to. Raises ``NotNow``."""
    return next_state(State(review.state), event, facts_of(review, timezone.localdate()))


def _move(review: Review, state: State) -> None:
    review.state, review.since = state, timezone.now()
    review.save(update_fields=["state", "since"])
