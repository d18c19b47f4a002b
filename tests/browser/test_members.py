"""Members, groups, invitations and buddies in a browser: axe finds nothing, nothing sticks out."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.people.actions import invite
from bridgehead.people.models import Appointment, Invitation
from bridgehead.people.queries import invitation_address
from bridgehead.schools.actions import create_group, join_groups
from bridgehead.schools.models import Group
from bridgehead.schools.rules import GroupKind, MemberKind
from tests.browser.test_people import assert_good, sign_in
from tests.cast import LONG_AGO, FurtherCast, Site, group, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(transactional_db: None) -> Site:
    """The cast, a charity, a cluster that is part of a joint group, and a new head."""
    site = Site.small()
    FurtherCast(site).all()
    member(site.partnership, MemberKind.CHARITY, "Read Together")
    both = create_group(
        partnership=site.partnership,
        kind=GroupKind.JOINT,
        name="Both banks",
        schools=[],
        by=COMMAND_LINE,
    )
    cluster = group(site, GroupKind.CLUSTER, "Harbour cluster")
    join_groups(whole=both, part=cluster, joined=LONG_AGO, by=COMMAND_LINE)
    held = Appointment.objects.filter(person=site.cast.other_head)
    held.update(starts=localdate() - timedelta(days=9))
    return site


@pytest.fixture
def invitation(here: Site) -> Invitation:
    """Of a clerk, by the head."""
    return invite(
        name="Noor Aziz",
        email="noor@example.org",
        role="clerk",
        organisation=here.school,
        partnership=here.partnership,
        by=here.reader("head"),
    )


def test_pages_of_members_and_groups(page: Page, live_server: LiveServer, here: Site) -> None:
    sign_in(page, live_server, "owen.pryce")
    groups = {each.name: each.pk for each in Group.objects.all()}
    for address in (
        "members/",
        "members/add/",
        "groups/",
        "groups/add/",
        f"groups/{groups['Harbour cluster']}/",
        f"groups/{groups['Harbour cluster']}/join/",
        f"groups/{groups['Both banks']}/",
    ):
        page.goto(f"{live_server.url}/{address}")
        assert_good(page)


def test_a_sheet_is_mended_looked_over_and_added(
    page: Page, live_server: LiveServer, here: Site
) -> None:
    sign_in(page, live_server, "owen.pryce")
    page.goto(f"{live_server.url}/members/sheet/")
    rows = page.get_by_label("Paste the rows, heading first")
    rows.fill("kind,name\nking,Arthur\ncharity,\n")
    page.get_by_role("button", name="Look over").click()
    expect(page.get_by_role("cell", name="This kind is not known.")).to_be_visible()
    assert_good(page)
    rows.fill("kind,name\nuniversity,University of Bridgeshire\ncharity,Read Together\n")
    page.get_by_role("button", name="Look over").click()
    expect(page.get_by_role("heading", name="1 member would join")).to_be_visible()
    assert_good(page)
    page.get_by_role("button", name="Add these members").click()
    expect(page.get_by_role("rowheader", name="University of Bridgeshire")).to_be_visible()


def test_an_invitation_is_accepted(
    page: Page, live_server: LiveServer, here: Site, invitation: Invitation
) -> None:
    page.goto(live_server.url + invitation_address(invitation))
    assert_good(page)
    page.get_by_label("New password", exact=True).fill("seventeen-quiet-otters")
    page.get_by_label("New password again").fill("seventeen-quiet-otters")
    page.get_by_role("button", name="Accept").click()
    sign_in(page, live_server, "noor", "seventeen-quiet-otters")
    expect(page.get_by_text("Clerk to governors").first).to_be_visible()
    page.goto(live_server.url + invitation_address(invitation))
    assert_good(page)


def test_a_new_head_looks_after_the_school_and_finds_a_buddy(
    page: Page, live_server: LiveServer, here: Site
) -> None:
    sign_in(page, live_server, "tom.reyes")
    for address in ("", "invite/"):
        page.goto(f"{live_server.url}/people/of/{here.other_school.urn}/{address}")
        assert_good(page)
    page.goto(f"{live_server.url}/buddy/")
    assert_good(page)
    page.get_by_role("button", name="Ask for a buddy").click()
    expect(page.get_by_role("heading", name="You have asked for a buddy")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, live_server, "priya.nair")
    page.goto(f"{live_server.url}/buddies/")
    assert_good(page)
    page.get_by_role("link", name="Name the buddy of Tom Reyes").click()
    assert_good(page)
    page.get_by_label("Experienced head").select_option(
        label="Helen Okafor, Alder Bank Primary School"
    )
    page.get_by_role("button", name="Name the buddy").click()
    expect(page.get_by_role("cell", name="Helen Okafor", exact=False)).to_be_visible()
