"""The register as the site needs it: partnerships, schools, who belongs to what and since when."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bridgehead.accounts.models import User
from bridgehead.schools.rules import GroupKind, MemberKind, SimilarMethod


class Partnership(models.Model):
    """A learning partnership. Everything that is not open data belongs to exactly one."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    host = models.CharField(
        max_length=253,
        blank=True,
        default="",
        help_text="The host name under which it is reached; empty where there is only one.",
    )
    authority_codes = models.JSONField(
        default=list, help_text="Local authority codes whose schools belong to it, such as 936."
    )
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["host"], condition=~Q(host=""), name="schools_partnership_host_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """What can be a member. A school of the register stands under its newest URN, with the open
    facts that joins and searches need, copied from a picture's register: it is shared by all
    partnerships, and its figures stay in the picture. Anything else has no URN and belongs to the
    ``partnership`` that entered it."""

    urn = models.PositiveIntegerField("URN", unique=True, null=True, blank=True)
    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="own_entries",
        help_text="Whose own entry it is; empty for the schools of the open register.",
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=30,
        choices=[(k.value, k.value) for k in MemberKind],
        default=MemberKind.OTHER.value,
    )
    laestab = models.PositiveIntegerField(null=True)
    phase = models.CharField(max_length=40)
    type_name = models.CharField(max_length=100)
    type_group = models.CharField(max_length=30)
    la = models.CharField(max_length=10, db_index=True)
    la_name = models.CharField(max_length=100)
    status = models.CharField(max_length=30)
    trust = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "urn"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(urn__isnull=False, partnership=None)
                | Q(urn=None, partnership__isnull=False),
                name="schools_organisation_register_or_own",
            ),
            models.UniqueConstraint(
                fields=["partnership", "kind", "name"],
                condition=Q(partnership__isnull=False),
                name="schools_organisation_own_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def held_on(day: date) -> Q:
    """The rows with ``joined`` and ``left`` that hold on a day."""
    return (Q(left=None) | Q(left__gt=day)) & Q(joined__lte=day)


class Membership(models.Model):
    """A belonging to a partnership. ``left`` is the first day after it. One that was entered by
    hand, and not by authority code, stays when the register is taken again."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    joined = models.DateField()
    left = models.DateField(null=True, blank=True)
    by_hand = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partnership", "organisation"],
                condition=Q(left=None),
                name="schools_membership_one_open",
            ),
            models.CheckConstraint(
                condition=Q(left=None) | Q(left__gte=F("joined")),
                name="schools_membership_left_after_joined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.partnership}"


class Group(models.Model):
    """Members of a partnership that belong together: a cluster, a district, a trust … A joint
    group has groups for parts (``GroupPart``) in place of members of its own."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="groups")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in GroupKind])
    name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar[list[str]] = ["kind", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partnership", "kind", "name"], name="schools_group_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """A member's belonging to a group. ``left`` is the first day after it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="group_members"
    )
    joined = models.DateField()
    left = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "organisation"],
                condition=Q(left=None),
                name="schools_groupmember_one_open",
            ),
            models.CheckConstraint(
                condition=Q(left=None) | Q(left__gte=F("joined")),
                name="schools_groupmember_left_after_joined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.group}"


class GroupPart(models.Model):
    """A group's part in a joint group, for a while. ``left`` is the first day after it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    whole = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="joint")
    joined = models.DateField()
    left = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["whole", "part"], condition=Q(left=None), name="schools_grouppart_one_open"
            ),
            models.CheckConstraint(
                condition=Q(left=None) | Q(left__gte=F("joined")),
                name="schools_grouppart_left_after_joined",
            ),
            models.CheckConstraint(
                condition=~Q(whole=F("part")), name="schools_grouppart_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} in {self.whole}"


class KeptSet(models.Model):
    """The similar schools of one school as they were on a day, kept for a plan or for measuring
    change. Written once: the database refuses every change (migration 0002).

    ``urn`` and ``name`` are the school's on that day. ``context`` holds its own inputs, and
    ``neighbours`` a list, nearest first, of ``urn``, ``name``, ``distance`` and ``differences``.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="kept_sets")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="kept_sets"
    )
    urn = models.PositiveIntegerField("URN")
    name = models.CharField(max_length=200)
    method = models.CharField(max_length=20, choices=[(m.value, m.value) for m in SimilarMethod])
    picture = models.CharField(max_length=64)
    purpose = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    context = models.JSONField()
    neighbours = models.JSONField()
    kept_on = models.DateField()
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-kept_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partnership", "token"], name="schools_keptset_token_once"
            ),
            models.CheckConstraint(
                condition=Q(method__in=[m.value for m in SimilarMethod]),
                name="schools_keptset_method",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="schools_keptset_purpose"),
        ]

    def __str__(self) -> str:
        return f"Schools similar to {self.name}, kept on {self.kept_on:%d.%m.%Y}"
