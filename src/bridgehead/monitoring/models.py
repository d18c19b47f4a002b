"""A support review as it is kept: rounds, reviews, and what each step recorded.

Every step is a row of its own, so that proposal, reply, judgement and resulting support stand
beside each other for ever. The database itself holds the promises: priority support is told
before it is sent or judged, and a school is heard before it is judged.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.accounts.models import User
from bridgehead.monitoring.rules import Outcome, Proposal, State, Trend, from_json
from bridgehead.schools.models import Organisation, Partnership


def _choices(words: type[Outcome] | type[State] | type[Trend]) -> list[tuple[str, str]]:
    return [(w.value, w.value) for w in words]


class ReviewRound(models.Model):
    """One review of every school of a partnership, by one picture and one version of the policy."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="review_rounds"
    )
    name = models.CharField(max_length=100)
    picture = models.CharField(max_length=64)
    policy = models.CharField(max_length=200)
    policy_version = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partnership", "token"], name="monitoring_round_token_once"
            ),
            models.UniqueConstraint(fields=["partnership", "name"], name="monitoring_round_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """One school in one round: what was proposed, frozen with its figures, and where it stands.

    ``urn``, ``phase``, ``type_group`` and ``trust`` are as they were when the round was opened.
    ``since`` is when the review came to its present state, so that the longest waiting come first.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="reviews")
    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="reviews")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reviews")
    urn = models.PositiveIntegerField("URN")
    phase = models.CharField(max_length=40, blank=True)
    type_group = models.CharField(max_length=30, blank=True)
    trust = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=_choices(State), default=State.PROPOSED.value)
    since = models.DateTimeField()
    outcome = models.CharField(max_length=40, choices=_choices(Outcome))
    trend = models.CharField(max_length=20, choices=_choices(Trend))
    proposal = models.JSONField()
    picture = models.CharField(max_length=64)
    policy = models.CharField(max_length=200)
    policy_version = models.PositiveIntegerField()
    told_on = models.DateField(null=True, blank=True)
    told_how = models.CharField(max_length=200, blank=True)
    told_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reply_by = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partnership", "urn"], name="monitoring_review_urn")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["round", "organisation"], name="monitoring_review_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(told_on=None, told_by=None, told_how="")
                | (Q(told_on__isnull=False, told_by__isnull=False) & ~Q(told_how="")),
                name="monitoring_told_whole",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None)
                | ~Q(outcome=Outcome.PRIORITY.value)
                | Q(told_on__isnull=False),
                name="monitoring_told_before_sent",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None, reply_by=None)
                | Q(sent_at__isnull=False, sent_by__isnull=False, reply_by__isnull=False),
                name="monitoring_sent_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.PROPOSED.value, State.SUPERSEDED.value])
                | Q(sent_at__isnull=False),
                name="monitoring_sent_before_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.round}"

    @property
    def reference(self) -> str:
        """What people quote: ``SR-123456-7``."""
        return f"SR-{self.urn}-{self.pk}"

    @property
    def proposed(self) -> Proposal:
        """The proposal as it was made."""
        return from_json(self.proposal)


class View(models.TextChoices):
    """How a school sees a proposal."""

    AGREES = "agrees", "We agree"
    PARTLY = "agrees in part", "We agree in part"
    DISAGREES = "disagrees", "We disagree"


class Reply(models.Model):
    """A school's view of the proposal. A later reply is added; none replaces another."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="replies")
    view = models.CharField(max_length=20, choices=View.choices)
    help_with = models.CharField(max_length=500, blank=True)
    text = models.TextField(max_length=4000, blank=True)
    #: Read by the people of these numbers and by whoever replies for the school, and by nobody
    #: else: ``access.may_read_confidence`` is asked before it goes anywhere.
    in_confidence = models.TextField(max_length=4000, blank=True)
    confided_to = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        verbose_name_plural = "replies"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "token"], name="monitoring_reply_token_once"),
            models.CheckConstraint(
                condition=Q(view=View.AGREES.value) | ~Q(text=""), name="monitoring_reply_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.view}"


class Judgement(models.Model):
    """What a professional judged, with the reason for any difference from the proposal.

    ``reply`` is the newest reply that was there to be read; without one, ``waited_until`` is the
    day that had to pass first. ``told_on`` is when head and chair had been told, without which
    no judgement of priority support is kept.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="judgement")
    proposed = models.CharField(max_length=40, choices=_choices(Outcome))
    outcome = models.CharField(max_length=40, choices=_choices(Outcome))
    reasons = models.TextField(max_length=4000, blank=True)
    reply = models.ForeignKey(
        Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    waited_until = models.DateField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(outcome=F("proposed")) | ~Q(reasons=""),
                name="monitoring_judgement_reasons",
            ),
            models.CheckConstraint(
                condition=Q(reply__isnull=False)
                | Q(waited_until__isnull=False, on__gt=F("waited_until")),
                name="monitoring_heard_before_judged",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.PRIORITY.value) | Q(told_on__isnull=False),
                name="monitoring_told_before_judged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.outcome}"

    @property
    def differs(self) -> bool:
        """Whether the professional judged otherwise than was proposed."""
        return self.outcome != self.proposed


class SupportDecision(models.Model):
    """The support that results, and when it is looked at again."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="decision")
    category = models.CharField(max_length=50)
    label = models.CharField(max_length=200)
    usual = models.BooleanField()
    reasons = models.TextField(max_length=4000, blank=True)
    review_on = models.DateField()
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(usual=True) | ~Q(reasons=""), name="monitoring_support_reasons"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("on")), name="monitoring_looked_at_again"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.label}"
