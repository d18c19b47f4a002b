"""Appointments: what they give, from when to when, and who may make and end them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.timezone import localdate

from bridgehead.accounts.actions import verify_chain
from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.rules import COMMAND_LINE, Denied, Permission
from bridgehead.people.access import get_appointment_for
from bridgehead.people.actions import Misplaced, appoint, appoint_newcomer, end_appointment
from bridgehead.people.models import Appointment
from bridgehead.people.queries import held_by, member_schools, reader_of
from bridgehead.schools.actions import create_group
from bridgehead.schools.models import Group
from bridgehead.schools.rules import GroupKind
from tests.cast import Site, person

pytestmark = pytest.mark.django_db

TODAY = localdate()
DAY = timedelta(days=1)


def test_rights_begin_and_end_on_their_days(small_site: Site) -> None:
    chair = person("Ida Chair")
    appoint(
        person=chair,
        role="board_member",
        partnership=small_site.partnership,
        starts=date(2026, 9, 1),
        ends=date(2026, 9, 10),
        by=COMMAND_LINE,
    )

    def held(day: date) -> bool:
        return bool(held_by(chair.pk, small_site.partnership.pk, day))

    assert [held(date(2026, 8, 31)), held(date(2026, 9, 1))] == [False, True]
    assert [held(date(2026, 9, 9)), held(date(2026, 9, 10))] == [True, False]


def test_ending_takes_the_rights_at_once_and_keeps_the_record(client, small_site: Site) -> None:
    client.force_login(
        small_site.cast.administrator, backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/audit/").status_code == 200
    held = Appointment.objects.get(person=small_site.cast.administrator)
    end_appointment(appointment=held, by=COMMAND_LINE)
    assert client.get("/audit/").status_code == 403
    held.refresh_from_db()
    assert held.ends == TODAY


def test_ending_twice_writes_once(small_site: Site) -> None:
    held = Appointment.objects.get(person=small_site.cast.broker)
    administrator = small_site.reader("administrator")
    end_appointment(appointment=held, by=administrator)
    end_appointment(appointment=held, by=administrator)
    assert AuditEntry.objects.filter(verb="ended an appointment").count() == 1
    assert verify_chain() == []


def test_nobody_is_appointed_at_a_school_that_has_left(small_site: Site) -> None:
    small_site.school.memberships.update(left=TODAY)
    with pytest.raises(Misplaced, match="does not belong to this partnership today"):
        appoint(
            person=person("Ida Chair"),
            role="governor",
            organisation=small_site.school,
            partnership=small_site.partnership,
            by=small_site.reader("administrator"),
        )
    assert small_site.school not in member_schools(small_site.partnership)


def test_appointing_twice_makes_one(small_site: Site) -> None:
    small_site.alone()
    made = [
        appoint_newcomer(
            name="Ida Chair",
            email="ida@example.org",
            role="head",
            organisation=small_site.school,
            partnership=small_site.partnership,
            by=small_site.reader("administrator"),
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    owen = small_site.cast.administrator.pseudonym.word
    assert AuditEntry.objects.filter(verb="appointed a person", actor=owen).count() == 1


def test_the_database_refuses_a_second_open_appointment(small_site: Site) -> None:
    held = Appointment.objects.get(person=small_site.cast.broker)
    held.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save(force_insert=True)


@pytest.mark.parametrize("who", ["head", "governor", "officer", "broker", "board_member"])
def test_only_administrators_appoint(small_site: Site, who: str) -> None:
    with pytest.raises(Denied):
        appoint(
            person=small_site.cast.governor,
            role="administrator",
            partnership=small_site.partnership,
            by=small_site.reader(who),
        )


def test_an_administrator_has_no_say_in_another_partnership(small_site: Site) -> None:
    administrator = small_site.reader("administrator")
    theirs = Appointment.objects.get(person=small_site.cast.outsider)
    with pytest.raises(Denied):
        end_appointment(appointment=theirs, by=administrator)
    with pytest.raises(Denied):
        appoint(
            person=small_site.cast.broker,
            role="broker",
            partnership=small_site.elsewhere,
            by=administrator,
        )
    with pytest.raises(Http404):
        get_appointment_for(administrator, theirs.pk)


def test_nobody_ends_the_own_appointment(small_site: Site) -> None:
    own = Appointment.objects.get(person=small_site.cast.administrator)
    with pytest.raises(Denied):
        end_appointment(appointment=own, by=small_site.reader("administrator"))


@pytest.mark.parametrize(
    ("role", "at_school", "said"),
    [
        ("head", False, "Choose the school"),
        ("broker", True, "choose no school"),
        ("king", False, "no role 'king'"),
    ],
)
def test_role_and_place_must_fit(small_site: Site, role: str, at_school: bool, said: str) -> None:
    with pytest.raises(Misplaced, match=said):
        appoint(
            person=small_site.cast.broker,
            role=role,
            partnership=small_site.partnership,
            organisation=small_site.school if at_school else None,
            by=COMMAND_LINE,
        )


def test_a_school_of_another_partnership_is_no_place(small_site: Site) -> None:
    with pytest.raises(Misplaced, match="not in this partnership"):
        appoint(
            person=small_site.cast.outsider,
            role="head",
            partnership=small_site.elsewhere,
            organisation=small_site.school,
            by=COMMAND_LINE,
        )


def trust_of_both(site: Site) -> Group:
    return create_group(
        partnership=site.partnership,
        kind=GroupKind.TRUST,
        name="Harbour Trust",
        schools=[site.school, site.other_school],
        by=COMMAND_LINE,
        joined=date(2024, 9, 1),
    )


def test_a_role_at_a_group_reaches_the_schools_that_are_in_it_now(
    small_site: Site, django_assert_num_queries
) -> None:
    trust = trust_of_both(small_site)
    trust.members.filter(organisation=small_site.other_school).update(left=TODAY)
    trustee = person("Ida Chair")
    appoint(
        person=trustee,
        role="governor",
        partnership=small_site.partnership,
        group=trust,
        by=COMMAND_LINE,
    )
    with django_assert_num_queries(1):
        reader = reader_of(trustee, small_site.partnership)
    assert reader.urns(Permission.SEE_OWN_SCHOOL) == {small_site.school.urn}
    before = reader_of(trustee, small_site.partnership, TODAY - DAY)
    assert before.urns(Permission.SEE_OWN_SCHOOL) == set()


def test_people_of_a_school_have_its_rights_while_it_belongs_to_the_partnership(
    client, small_site: Site, django_assert_num_queries
) -> None:
    """From the day on which it leaves they have none; the row stays, for when it comes back."""
    client.force_login(small_site.cast.head, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/people/of/{small_site.school.urn}/"
    assert client.get(address).status_code == 200
    small_site.school.memberships.update(left=TODAY)
    with django_assert_num_queries(1):
        after = reader_of(small_site.cast.head, small_site.partnership)
    assert (after.grants, after.role) == (frozenset(), "")
    assert client.get(address).status_code == 403
    before = reader_of(small_site.cast.head, small_site.partnership, TODAY - DAY)
    assert small_site.school.urn in before.urns(Permission.SEE_OWN_SCHOOL)
    assert reader_of(small_site.cast.other_head, small_site.partnership).grants  # of another one
    held = Appointment.objects.get(person=small_site.cast.head)
    assert held.ends is None
    small_site.school.memberships.create(partnership=small_site.elsewhere, joined=TODAY)
    assert not reader_of(small_site.cast.head, small_site.partnership).grants
    small_site.school.memberships.create(partnership=small_site.partnership, joined=TODAY)
    assert client.get(address).status_code == 200


def test_a_role_at_a_group_reaches_no_school_that_has_left_the_partnership(
    small_site: Site, django_assert_num_queries
) -> None:
    trust = trust_of_both(small_site)
    trustee = person("Ida Chair")
    appoint(
        person=trustee,
        role="governor",
        partnership=small_site.partnership,
        group=trust,
        starts=TODAY - DAY,
        by=COMMAND_LINE,
    )
    small_site.other_school.memberships.update(left=TODAY)
    with django_assert_num_queries(1):
        (held,) = held_by(trustee.pk, small_site.partnership.pk, TODAY)
    assert held.urns == {small_site.school.urn}
    (before,) = held_by(trustee.pk, small_site.partnership.pk, TODAY - DAY)
    assert before.urns == {small_site.school.urn, small_site.other_school.urn}
