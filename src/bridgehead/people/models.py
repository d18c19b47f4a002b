"""Appointments: which person holds which role, where, from when to when."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from bridgehead.accounts.models import User
from bridgehead.people.rules import roles
from bridgehead.schools.models import Group, Membership, Organisation, Partnership, held_on


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments that give rights on a day."""

    def on(self, day: date) -> "AppointmentQuerySet":
        """Those that have started and not ended; at a member, while it belongs to the partnership.
        The members of a group are looked at by ``queries.held_by``."""
        belongs = Membership.objects.filter(
            held_on(day), partnership=OuterRef("partnership"), organisation=OuterRef("organisation")
        )
        return self.filter(
            Q(ends=None) | Q(ends__gt=day),
            Q(organisation=None) | Exists(belongs),
            starts__lte=day,
        )


class Appointment(models.Model):
    """A role held at a school, at every school of a group, or, where neither is named, for the
    partnership as a whole. ``ends`` is the first day on which it gives no rights: one that is ended
    today stops today. Rows are kept: a leaver's record stays readable, the access does not."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="appointments"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["starts", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(organisation=None) | Q(group=None),
                name="people_appointment_one_place",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")),
                name="people_appointment_ends_after_starts",
            ),
            # Three, because SQLite counts every NULL as different from every other.
            models.UniqueConstraint(
                fields=["partnership", "person", "role", "organisation"],
                condition=Q(ends=None, organisation__isnull=False),
                name="people_appointment_one_open_school",
            ),
            models.UniqueConstraint(
                fields=["partnership", "person", "role", "group"],
                condition=Q(ends=None, group__isnull=False),
                name="people_appointment_one_open_group",
            ),
            models.UniqueConstraint(
                fields=["partnership", "person", "role"],
                condition=Q(ends=None, organisation=None, group=None),
                name="people_appointment_one_open_partnership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"

    def holds_on(self, day: date) -> bool:
        """Whether it gives rights on a day."""
        return self.starts <= day and (self.ends is None or self.ends > day)

    @property
    def label(self) -> str:
        """What the role is called; its key where the table no longer has it."""
        held = roles().get(self.role)
        return held.label if held else self.role

    @property
    def place(self) -> str:
        """Where the role is held, by name."""
        return str(self.organisation or self.group or self.partnership)


class Invitation(models.Model):
    """A role that somebody has been asked by e-mail to take up. It gives nothing until it has been
    accepted, once, by the link that was sent, by ``last_day`` at the latest. ``starts`` and
    ``ends`` will be the appointment's; without ``starts`` it starts when it is accepted. Rows are
    kept."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    last_day = models.DateField()
    nonce = models.CharField(max_length=32, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(organisation=None) | Q(group=None),
                name="people_invitation_one_place",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="people_invitation_not_both",
            ),
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gt=F("starts")),
                name="people_invitation_ends_after_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.role}"

    @property
    def label(self) -> str:
        """What the role is called."""
        held = roles().get(self.role)
        return held.label if held else self.role

    @property
    def place(self) -> str:
        """Where the role would be held, by name."""
        return str(self.organisation or self.group or self.partnership)


class BuddyRequest(models.Model):
    """A new head asks for an experienced one to turn to; a broker names one."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, related_name="buddy_request"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    buddy = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="buddy_to"
    )
    named_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    named_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(buddy=None, named_by=None, named_at=None)
                | Q(buddy__isnull=False, named_by__isnull=False, named_at__isnull=False),
                name="people_buddyrequest_named_whole",
            ),
            models.CheckConstraint(
                condition=Q(buddy=None) | ~Q(buddy=F("appointment")),
                name="people_buddyrequest_not_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"a buddy for {self.appointment.person}"
