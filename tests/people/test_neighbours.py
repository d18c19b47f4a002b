"""Neighbours do not watch: whoever works in a school sees nothing unpublished of another one."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from bridgehead.accounts.rules import COMMAND_LINE, Permission
from bridgehead.people.actions import Misplaced, appoint
from bridgehead.people.models import Appointment
from bridgehead.people.queries import reader_of
from bridgehead.people.rules import UNPUBLISHED, roles
from bridgehead.schools.rules import GroupKind, MemberKind
from tests.cast import LONG_AGO, FurtherCast, Site, group, member, person

pytestmark = pytest.mark.django_db
WATCHING = [key for key, role in roles().items() if role.watches]


def give(site: Site, who, role: str, **place) -> Appointment:
    return appoint(person=who, role=role, partnership=site.partnership, by=COMMAND_LINE, **place)


@pytest.mark.parametrize("key", WATCHING)
def test_a_head_is_not_made_one_who_watches(small_site: Site, key: str) -> None:
    place = {"group": group(small_site, GroupKind.TRUST, "Harbour Trust")}
    with pytest.raises(Misplaced, match="Whoever works in a school sees nothing unpublished"):
        give(small_site, small_site.cast.head, key, **(place if "trust" in key else {}))


def test_nor_is_a_broker_made_a_teacher(small_site: Site) -> None:
    with pytest.raises(Misplaced, match="end that appointment first"):
        give(small_site, small_site.cast.broker, "staff_member", organisation=small_site.school)


def test_a_secondee_who_is_both_all_the_same_sees_no_neighbour(small_site: Site) -> None:
    """As where one of the two began on a later day, or was written before the rule."""
    both = small_site.cast.broker
    Appointment.objects.create(
        partnership=small_site.partnership,
        person=both,
        role="senior_leader",
        organisation=small_site.other_school,
        starts=localdate() - timedelta(days=1),
    )
    reader = reader_of(both, small_site.partnership)
    assert reader.role == "broker"
    assert reader.can(Permission.SEE_PUBLISHED)
    assert not any(reader.can_somewhere(permission) for permission in UNPUBLISHED)


def test_somebody_who_teaches_where_there_is_no_urn_watches_no_more(small_site: Site) -> None:
    college = member(small_site.partnership, MemberKind.COLLEGE, "Bridgeshire College")
    Appointment.objects.create(
        partnership=small_site.partnership,
        person=small_site.cast.broker,
        role="staff_member",
        organisation=college,
        starts=LONG_AGO,
    )
    reader = reader_of(small_site.cast.broker, small_site.partnership)
    assert not any(reader.can_somewhere(permission) for permission in UNPUBLISHED)


def test_a_member_without_urn_gives_no_rights_over_schools(small_site: Site) -> None:
    """A grant without a URN would be one for the whole partnership."""
    college = member(small_site.partnership, MemberKind.COLLEGE, "Bridgeshire College")
    principal = person("Ida Holm")
    give(small_site, principal, "head", organisation=college)
    reader = reader_of(principal, small_site.partnership)
    assert not any(reader.can_somewhere(permission) for permission in UNPUBLISHED)
    assert not reader.can_somewhere(Permission.MANAGE_OWN_PEOPLE)


def test_a_trust_lead_sees_the_trusts_own_schools_and_no_other(small_site: Site) -> None:
    lead = FurtherCast(small_site)["trust_improvement_lead"]
    reader = reader_of(lead, small_site.partnership)
    assert reader.urns(Permission.SEE_OWN_SCHOOL) == {small_site.school.urn}
    assert not reader.can(Permission.SEE_EVERY_SCHOOL)


def test_who_speaks_for_a_group_acts_in_the_other_role(small_site: Site) -> None:
    cluster = group(small_site, GroupKind.CLUSTER, "Harbour cluster")
    lead = small_site.cast.other_head
    Appointment.objects.filter(person=lead).update(starts=localdate())
    give(small_site, lead, "cluster_lead", group=cluster, starts=LONG_AGO)
    reader = reader_of(lead, small_site.partnership)
    assert reader.role == "head"
    assert reader.urns(Permission.SEE_OWN_SCHOOL) == {small_site.other_school.urn}


def test_an_officer_may_govern_a_school_and_acts_in_one_at_a_time(small_site: Site) -> None:
    officer = small_site.cast.officer
    give(small_site, officer, "governor", organisation=small_site.school)
    reader = reader_of(officer, small_site.partnership)
    assert reader.can(Permission.SEE_EVERY_SCHOOL)
    assert not reader.urns(Permission.SEE_OWN_SCHOOL)


def test_an_administrator_who_works_in_a_school_answers_no_requests(small_site: Site) -> None:
    both = small_site.cast.administrator
    assert small_site.reader("administrator").can(Permission.ANSWER_REQUESTS)
    give(small_site, both, "staff_member", organisation=small_site.school, starts=LONG_AGO)
    reader = reader_of(both, small_site.partnership)
    assert reader.role == "administrator"
    assert reader.can(Permission.MANAGE_PEOPLE)
    assert not reader.can_somewhere(Permission.ANSWER_REQUESTS)
