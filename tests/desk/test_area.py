"""The page of the area: what it counts, and what it keeps from whom."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bridgehead.monitoring import actions
from bridgehead.picture.model import Framework, Inspection
from bridgehead.schools.models import Membership
from tests.cast import Site
from tests.desk.conftest import Get, keep_only

pytestmark = pytest.mark.django_db


def test_the_area_counts_small_phases_in_the_table_alone(get: Get):
    """A bar of two schools says nothing; the table keeps them."""
    page = get("broker", "desk:area")
    drawing = page[page.index("Direction of travel by measure and phase") :]
    drawing = drawing[: drawing.index("</figure>")]
    assert "Absence, primary" in drawing.partition("<table")[0]
    assert "Absence, nursery" not in drawing.partition("<table")[0]


def test_the_area_never_adds_the_frameworks_up(get: Get):
    page = get("board_member", "desk:area")
    assert "On old overall grades" in page
    assert "On report cards" in page
    assert "never added up" in page


def test_the_area_tells_grades_of_replaced_schools_apart(client: Client, site: Site):
    client.force_login(site.cast.board_member)
    answer = client.get(reverse("desk:area"))
    now, inspected = answer.context["now"], [site.picture.school(u).inspections for u in site.urns]
    assert now.replaced == sum(bool(found) and not own(found) for found in inspected) > 0
    assert now.old == sum(own(found) is Framework.OVERALL for found in inspected)
    page = answer.content.decode()
    assert "Only a school it replaced has grades" in page
    assert f"({now.replaced} school{'s' if now.replaced > 1 else ''} now)" in page


def own(inspections: tuple[Inspection, ...]) -> Framework | None:
    """The framework of the newest grades of the school itself; the newest stand first."""
    graded = (i.framework for i in inspections if i.this_urn)
    return next((f for f in graded if f is not Framework.UNGRADED), None)


def test_the_map_shows_proposals_to_those_who_may_know_them(get: Get):
    assert "each school by what the figures propose" in get("broker", "desk:area").lower()
    assert "each school by phase" in get("board_member", "desk:area").lower()


def test_counts_over_few_schools_are_kept_from_those_who_may_not_know_a_school(
    get: Get, site: Site
):
    keep_only(site, 9)
    page = get("board_member", "desk:area")
    assert "too few schools to count" in page
    assert "Fewer than ten schools" in page
    assert "too few schools to count" not in get("broker", "desk:area")


def test_a_round_of_few_schools_is_not_counted_though_more_have_joined_since(get: Get, site: Site):
    """The round still counts the schools of its day, one of which each count would name."""
    keep_only(site, 3)
    actions.open_round(
        partnership=site.partnership,
        name="Spring term 2027",
        picture=site.picture,
        token=uuid4(),
        by=site.reader("officer"),
    )
    Membership.objects.filter(partnership=site.partnership).update(left=None)
    assert "too few schools to count" in get("board_member", "desk:area")
    assert "too few schools to count" not in get("broker", "desk:area")


@pytest.mark.parametrize("in_a_round", [False, True])
def test_whoever_enters_one_school_learns_nothing_of_it_from_counts(
    get: Get, site: Site, in_a_round: bool
):
    """The administrator may enter any school, and sees no proposal and no direction of a school."""
    if in_a_round:
        actions.open_round(
            partnership=site.partnership,
            name="Spring term 2027",
            picture=site.picture,
            token=uuid4(),
            by=site.reader("officer"),
        )
    member = Membership.objects.filter(partnership=site.partnership).first()
    assert member is not None
    member.by_hand = True
    member.save()
    entered = counts_of(get("administrator", "desk:area"))
    whole = counts_of(get("officer", "desk:area"))
    Membership.objects.filter(pk=member.pk).update(left=localdate())
    without = counts_of(get("administrator", "desk:area"))
    assert entered == without
    assert whole != entered


def counts_of(page: str) -> list[str]:
    """The counts of proposals, and the table of directions."""
    counts = re.findall(r'bh-counts__number">([^<]+)', page)
    directions = page[page.index("Direction by measure and phase") :]
    return [*counts, directions[: directions.index("</table>")]]
