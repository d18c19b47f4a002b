"""Reads of the support review: the board, a review with its steps, a school's history.

Before a first round is opened, the board shows live proposals, made from the current picture and
kept in memory until picture, policy or day change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils.timezone import get_current_timezone, localdate

from bridgehead.accounts.rules import Permission, Reader
from bridgehead.core.home import home
from bridgehead.monitoring.models import Judgement, Reply, Review, ReviewRound, SupportDecision
from bridgehead.monitoring.rules import (
    Event,
    Outcome,
    Policy,
    Proposal,
    State,
    Trend,
    from_json,
    load_policy,
)
from bridgehead.monitoring.rules.area import count_outcomes, propose_all
from bridgehead.monitoring.rules.board import Row
from bridgehead.monitoring.rules.states import Facts, Waiting, waiting_for, why_not
from bridgehead.picture.picture import NoPicture, Picture
from bridgehead.schools.models import GroupMember, Membership, Organisation, Partnership, held_on
from bridgehead.schools.queries import member_urns
from bridgehead.schools.rules import GroupKind


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a school stands in the support review. ``review`` is None for a live proposal,
    which the school has not been asked about."""

    proposal: Proposal
    review: Review | None
    waiting: Waiting | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One school on a page of the board, with its recorded steps."""

    row: Row
    proposal: Proposal
    review: Review | None
    reply: Reply | None
    judgement: Judgement | None
    decision: SupportDecision | None


@dataclass(frozen=True, slots=True)
class _Live:
    """The live proposals made so far, by newest URN, and what they were made from."""

    made_from: tuple[str, Policy, date]
    proposals: dict[int, Proposal]


_last: list[_Live] = []


def policy_in_force() -> Policy:
    """The policy of this installation."""
    return load_policy(home())


def current_picture() -> Picture | None:
    """The current picture, or None while nothing has been loaded."""
    try:
        return Picture.open(home())
    except NoPicture:
        return None


def members(partnership_id: int) -> dict[int, Organisation]:
    """URN → the schools that belong to a partnership today, in one query."""
    found = Organisation.objects.filter(
        memberships__in=Membership.objects.filter(
            held_on(localdate()), partnership_id=partnership_id
        )
    )
    return {school.urn: school for school in found if school.urn is not None}


def round_outcomes(round_id: int) -> dict[int, Outcome]:
    """URN → what a round proposes, in one query."""
    found = Review.objects.filter(round_id=round_id).order_by().values_list("urn", "outcome")
    return {urn: Outcome(outcome) for urn, outcome in found}


def school_of(partnership_id: int, urn: int) -> Organisation | None:
    """A school that belongs or belonged to a partnership."""
    found = Organisation.objects.filter(urn=urn, memberships__partnership_id=partnership_id)
    return found.first()


def clusters_of(partnership_id: int) -> dict[int, tuple[str, ...]]:
    """URN → the clusters that a school is in today, in one query."""
    found = (
        GroupMember.objects.filter(
            held_on(localdate()), partnership_id=partnership_id, group__kind=GroupKind.CLUSTER
        )
        .order_by("group__name")
        .values_list("organisation__urn", "group__name")
    )
    clusters: dict[int, tuple[str, ...]] = {}
    for urn, name in found:
        if urn is not None:
            clusters[urn] = (*clusters.get(urn, ()), name)
    return clusters


def live_proposals(picture: Picture, urns: Iterable[int]) -> Mapping[int, Proposal]:
    """What the policy in force proposes today for these schools, by the URN that was asked for.

    A proposal is made from open figures, once for whoever asks, by an old URN or by the newest.
    """
    newest, policy, today = picture.newest(urns), policy_in_force(), localdate()
    made_from = (picture.digest, policy, today)
    held = next((one for one in _last if one.made_from == made_from), None)
    if held is None:
        held = _Live(made_from, {})
        _last[:] = [held]
    if wanted := set(newest.values()) - held.proposals.keys():
        held.proposals.update(propose_all(picture, wanted, policy, today))
    return {urn: held.proposals[at] for urn, at in newest.items()}


def current_round(partnership_id: int) -> ReviewRound | None:
    """The round opened last, or None before the first."""
    return (
        ReviewRound.objects.filter(partnership_id=partnership_id)
        .select_related("opened_by")
        .first()
    )


def rounds(partnership_id: int) -> QuerySet[ReviewRound]:
    """Every round of a partnership, newest first."""
    return ReviewRound.objects.filter(partnership_id=partnership_id).select_related("opened_by")


def facts_of(review: Review, today: date) -> Facts:
    """What the guards look at."""
    told = review.told_on is not None
    return Facts(Outcome(review.outcome), told, review.reply_by, today)


def waiting_of(review: Review, today: date) -> Waiting | None:
    """What a review waits for today."""
    return waiting_for(State(review.state), facts_of(review, today))


def round_rows(round_id: int) -> list[Row]:
    """Every school of a round for the board, in one query, without the frozen proposals."""
    today = localdate()
    found = Review.objects.filter(round_id=round_id).values_list(
        "id",
        "urn",
        "organisation__name",
        "outcome",
        "phase",
        "type_group",
        "trust",
        "trend",
        "state",
        "since",
        "told_on",
        "reply_by",
    )
    rows = []
    for id_, urn, name, outcome, phase, kind, trust, trend, state, since, told, by in found:
        proposed = Outcome(outcome)
        facts = Facts(proposed, told is not None, by, today)
        waiting = waiting_for(State(state), facts)
        # A reply that did not come has been waited for since its last day.
        at = _start_of(by) if waiting is Waiting.JUDGEMENT and state == State.SENT else since
        rows.append(
            Row(urn, name, proposed, phase, kind, trust, Trend(trend), waiting, at or since, id_)
        )
    return rows


def live_rows(schools: Mapping[int, Organisation], proposals: Mapping[int, Proposal]) -> list[Row]:
    """Every school for the board before a round is opened."""
    return [
        Row(
            urn=urn,
            name=schools[urn].name,
            outcome=proposal.outcome,
            phase=schools[urn].phase,
            type_group=schools[urn].type_group,
            trust=schools[urn].trust,
            trend=proposal.trend,
            waiting=None,
            since=None,
            review_id=None,
        )
        for urn, proposal in proposals.items()
    ]


def round_entries(rows: Sequence[Row]) -> list[Entry]:
    """The rows of one page with their recorded steps, in two queries."""
    found = with_steps(Review.objects.filter(pk__in=[r.review_id for r in rows])).in_bulk()
    return [
        _entry(row, found[row.review_id])
        for row in rows
        if row.review_id and row.review_id in found
    ]


def live_entries(rows: Sequence[Row], proposals: Mapping[int, Proposal]) -> list[Entry]:
    """The rows of one page before a round is opened; no query."""
    return [Entry(row, proposals[row.urn], None, None, None, None) for row in rows]


def with_steps(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Reviews with school, round, people, judgement and decision in one query; replies in a
    second."""
    return reviews.select_related(
        "organisation",
        "round",
        "told_by",
        "sent_by",
        "judgement__by",
        "decision__by",
    ).prefetch_related("replies__by")


def reviews_of(reader: Reader) -> QuerySet[Review]:
    """The reviews of the reader's partnership."""
    if reader.partnership_id is None:
        return Review.objects.none()
    return Review.objects.filter(partnership_id=reader.partnership_id)


def can_be_sent(round_: ReviewRound) -> list[Review]:
    """The reviews of a round that may be sent now."""
    today = localdate()
    waiting = Review.objects.filter(round=round_, state=State.PROPOSED)
    return [r for r in waiting if not why_not(State.PROPOSED, Event.SEND, facts_of(r, today))]


def history(reader: Reader, urn: int) -> QuerySet[Review]:
    """The reviews of a school that a reader may see, newest first: all for those who work on the
    support review, those that were sent for the school itself."""
    return with_steps(_seen_by(reader, urn))


def _seen_by(reader: Reader, urn: int) -> QuerySet[Review]:
    """See ``history``; without the steps."""
    found = reviews_of(reader).filter(organisation__urn=urn).order_by("-round__opened_at", "-id")
    if reader.can(Permission.SEE_SUPPORT_REVIEW):
        return found
    if reader.can(Permission.SEE_OWN_SCHOOL, urn):
        return found.filter(sent_at__isnull=False)
    return found.none()


def newest_sent(
    partnership_id: int, urns: Iterable[int]
) -> list[tuple[Organisation, Review | None]]:
    """Each of these schools with the newest of its reviews that was sent to it, in two queries."""
    wanted = list(urns)
    sent = Review.objects.filter(
        partnership_id=partnership_id, organisation__urn__in=wanted, sent_at__isnull=False
    )
    newest = {
        review.organisation_id: review
        for review in sent.select_related("organisation", "round").order_by("round__opened_at")
    }
    schools = Organisation.objects.filter(urn__in=wanted)
    return [(school, newest.get(school.pk)) for school in schools]


def proposal_for(reader: Reader, urn: int) -> Standing | None:
    """Where a school stands, as far as the reader may know it; None where that is nothing.

    Those who work on the support review see the newest review, or the live proposal while there is
    none. The school itself sees its newest review once it has been sent. Nobody else sees anything.
    """
    review = _seen_by(reader, urn).select_related("decision").first()
    if review is not None:
        return Standing(review.proposed, review, waiting_of(review, localdate()))
    if reader.partnership_id is None or not reader.can(Permission.SEE_SUPPORT_REVIEW):
        return None
    picture = current_picture()
    if picture is None or urn not in member_urns(reader.partnership_id, among=[urn]):
        return None
    proposal = live_proposals(picture, [urn]).get(urn)
    return Standing(proposal, None, None) if proposal else None


def counts_by_outcome(
    partnership: Partnership, *, without_entered: bool = False
) -> dict[Outcome, int]:
    """How many schools each outcome is proposed for: in the current round, else live. With
    ``without_entered`` only over schools that belong by authority: whoever enters one school and
    looks again would learn what is proposed for it."""
    current = current_round(partnership.pk)
    if current is not None:
        reviews = current.reviews.all()
        if without_entered:
            entered = partnership.memberships.filter(by_hand=True).values("organisation")
            reviews = reviews.exclude(organisation__in=entered)
        outcomes = list(reviews.values_list("outcome", flat=True))
        return {outcome: outcomes.count(outcome.value) for outcome in Outcome}
    picture = current_picture()
    if picture is None:
        return dict.fromkeys(Outcome, 0)
    urns = member_urns(partnership.pk, by_hand=False if without_entered else None)
    proposals = live_proposals(picture, urns)
    return count_outcomes(proposals.values())


def counts_waiting(round_: ReviewRound) -> dict[Waiting, int]:
    """How many reviews of a round wait for each thing, in one query."""
    counts, today = dict.fromkeys(Waiting, 0), localdate()
    alike = round_.reviews.order_by().values_list("outcome", "state", "told_on", "reply_by")
    for outcome, state, told, by, n in alike.annotate(Count("pk")):
        facts = Facts(Outcome(outcome), told is not None, by, today)
        if (waiting := waiting_for(State(state), facts)) is not None:
            counts[waiting] += n
    return counts


def _entry(row: Row, review: Review) -> Entry:
    replies = list(review.replies.all())
    return Entry(
        row,
        from_json(review.proposal),
        review,
        replies[0] if replies else None,
        judgement_of(review),
        decision_of(review),
    )


def judgement_of(review: Review) -> Judgement | None:
    """The judgement of a review, where there is one yet."""
    return getattr(review, "judgement", None)


def decision_of(review: Review) -> SupportDecision | None:
    """The support that resulted, where it has been recorded yet."""
    return getattr(review, "decision", None)


def _start_of(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone()) if day else None
