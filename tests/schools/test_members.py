"""Members of every kind and groups over time: who may keep them, and that all or nothing joins."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.utils.timezone import localdate

from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.monitoring.queries import members as reviewed
from bridgehead.schools.access import get_group_for, visible_urns
from bridgehead.schools.actions import (
    BadRows,
    Unfit,
    add_members,
    create_group,
    end_membership,
    import_register,
    join_group,
    join_groups,
    leave_group,
    part_groups,
)
from bridgehead.schools.models import Group, Membership, Organisation
from bridgehead.schools.queries import groups_of, in_joint_group
from bridgehead.schools.rules import GroupKind, MemberKind
from bridgehead.schools.rules.sheet import MemberRow
from tests.cast import Site, group, member
from tests.conftest import HOME
from tests.schools.test_actions import Register, row

pytestmark = pytest.mark.django_db
TODAY, DAY = localdate(), timedelta(days=1)
CHARITY = MemberRow(2, None, MemberKind.CHARITY, "Read Together", "Harbour")
OVER_THE_BORDER = Register([row(910009, la="991", name="Far Bank School")])


def add(site: Site, *rows: MemberRow, who: str = "administrator", picture=OVER_THE_BORDER):
    return add_members(
        partnership=site.partnership, rows=rows, picture=picture, by=site.reader(who)
    )


@pytest.fixture
def client_of(client: Client, small_site: Site):
    def as_(who: str) -> Client:
        client.force_login(
            getattr(small_site.cast, who), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return as_


@pytest.mark.parametrize("kind", MemberKind)
def test_a_member_of_every_kind_joins_once(small_site: Site, kind: MemberKind) -> None:
    asked = MemberRow(2, None, kind, "The same name")
    assert add(small_site, asked).joined == ("The same name",)
    assert add(small_site, asked).already == ("The same name",)
    held = Membership.objects.get(organisation__kind=kind, organisation__name="The same name")
    assert (held.by_hand, held.organisation.partnership) == (True, small_site.partnership)
    assert AuditEntry.objects.filter(verb="added members").count() == 1


def test_a_school_over_the_border_joins_by_urn_and_stays(small_site: Site) -> None:
    add(small_site, MemberRow(2, 910009, None, ""))
    assert 910009 in visible_urns(small_site.reader("broker"))
    register = Register([*(row(urn) for urn in small_site.urns), *OVER_THE_BORDER.rows])
    import_register(picture=register, partnership=small_site.partnership, by=COMMAND_LINE)
    assert 910009 in visible_urns(small_site.reader("broker"))


def test_one_bad_row_changes_nothing(small_site: Site) -> None:
    with pytest.raises(BadRows, match="Row 3, urn, “910001”: The register that is loaded has no"):
        add(small_site, CHARITY, MemberRow(3, 910001, None, ""))
    assert not Organisation.objects.filter(name="Read Together").exists()
    assert not AuditEntry.objects.filter(verb="added members").exists()


def test_two_rows_of_one_school_change_nothing(small_site: Site) -> None:
    """It has another number since; the sheet has both."""
    chain = Register(OVER_THE_BORDER.rows, {910008: 910009})
    rows = MemberRow(2, 910009, None, ""), MemberRow(3, 910008, None, "")
    with pytest.raises(BadRows, match="Row 3, urn, “910008”: Another row names Far Bank School"):
        add(small_site, *rows, picture=chain)
    assert not Membership.objects.filter(by_hand=True).exists()


def test_what_has_no_urn_is_no_school_to_look_at(small_site: Site) -> None:
    before = visible_urns(small_site.reader("broker"))
    add(small_site, CHARITY)
    assert visible_urns(small_site.reader("broker")) == before
    assert set(reviewed(small_site.partnership.pk)) == before


def test_what_one_partnership_enters_another_does_not_see(client_of, small_site: Site) -> None:
    member(small_site.elsewhere, MemberKind.CHARITY, "Secret Friends")
    page = client_of("administrator").get("/members/").content.decode()
    assert "Alder Bank" in page
    assert "Secret Friends" not in page


def test_an_organisation_is_of_the_register_or_somebodys_own(small_site: Site) -> None:
    for wrong in ({"urn": None}, {"urn": 910000, "partnership": small_site.partnership}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(name="Neither", **wrong)


@pytest.mark.parametrize("who", ["head", "governor", "officer", "broker", "board_member"])
def test_only_administrators_keep_members(small_site: Site, who: str) -> None:
    cluster = group(small_site, GroupKind.CLUSTER, "Harbour cluster")
    by, school = small_site.reader(who), small_site.school
    for act in (
        lambda: add(small_site, CHARITY, who=who),
        lambda: end_membership(membership=school.memberships.get(), by=by),
        lambda: join_group(group=cluster, organisation=school, joined=TODAY, by=by),
        lambda: leave_group(member=cluster.members.get(), on=TODAY, by=by),
        lambda: create_group(
            partnership=small_site.partnership, kind=GroupKind.CLUSTER, name="X", schools=[], by=by
        ),
    ):
        with pytest.raises(Denied):
            act()
    with pytest.raises(Http404):
        get_group_for(by, cluster.pk)


def test_leaving_ends_groups_too_and_only_by_hand(small_site: Site) -> None:
    by = small_site.reader("administrator")
    charity = member(small_site.partnership, MemberKind.CHARITY, "Read Together")
    cluster = group(small_site, GroupKind.CLUSTER, "Harbour cluster")
    join_group(group=cluster, organisation=charity, joined=date(2024, 9, 1), by=by)
    for _ in range(2):
        end_membership(membership=charity.memberships.get(), by=by)
    assert charity.memberships.get().left == TODAY
    assert cluster.members.get(organisation=charity).left == TODAY
    assert AuditEntry.objects.filter(verb="let a member leave").count() == 1
    with pytest.raises(ValueError, match="belongs by authority code"):
        end_membership(membership=small_site.school.memberships.get(), by=by)


def test_a_school_is_in_several_groups_and_comes_back(small_site: Site) -> None:
    by = small_site.reader("administrator")
    cluster = group(small_site, GroupKind.CLUSTER, "Harbour cluster")
    pyramid = group(small_site, GroupKind.PYRAMID, "Harbour pyramid")
    assert small_site.school.group_members.count() == 2
    leave_group(member=cluster.members.get(), on=date(2024, 9, 1), by=by)
    join_group(group=cluster, organisation=small_site.school, joined=date(2025, 9, 1), by=by)
    sizes = {g.name: g.size for g in groups_of(small_site.partnership.pk, date(2025, 1, 1))}
    assert (sizes[cluster.name], sizes[pyramid.name]) == (0, 1)
    with pytest.raises(Unfit, match="is in Harbour cluster from 1 September 2025 already"):
        join_group(group=cluster, organisation=small_site.school, joined=TODAY, by=by)
    with pytest.raises(Unfit, match="before the day of joining"):
        leave_group(member=cluster.members.get(left=None), on=date(2025, 1, 1), by=by)


def test_groups_join_for_a_while(small_site: Site) -> None:
    by = small_site.reader("administrator")
    one = group(small_site, GroupKind.CLUSTER, "Harbour cluster")
    two = group(small_site, GroupKind.CLUSTER, "Hill cluster")
    join_group(group=two, organisation=small_site.other_school, joined=date(2024, 9, 1), by=by)
    both = create_group(
        partnership=small_site.partnership, kind=GroupKind.JOINT, name="Both", schools=[], by=by
    )
    join_groups(whole=both, part=one, joined=date(2025, 1, 1), left=date(2025, 4, 1), by=by)
    part = join_groups(whole=both, part=two, joined=date(2025, 1, 1), by=by)
    spring, summer = date(2025, 2, 1), date(2025, 5, 1)
    assert list(in_joint_group(both, spring)) == [small_site.school, small_site.other_school]
    assert list(in_joint_group(both, summer)) == [small_site.school, small_site.other_school]
    part_groups(part=part, on=date(2025, 3, 1), by=by)
    assert list(in_joint_group(both, summer)) == []
    for wrong in ({"whole": one, "part": two}, {"whole": both, "part": both}):
        with pytest.raises(Unfit):
            join_groups(**wrong, joined=TODAY, by=by)
    with pytest.raises(Unfit, match="made of groups"):
        join_group(group=both, organisation=small_site.school, joined=TODAY, by=by)


def test_a_sheet_is_looked_over_before_it_is_added(client_of, small_site: Site) -> None:
    client = client_of("administrator")
    given = {"text": "kind,name\ncharity,Read Together\ndiocese,Bridgeshire\n"}
    page = client.post("/members/sheet/", given).content.decode()
    assert "2 members would join" in page
    assert not Organisation.objects.filter(name="Read Together").exists()
    client.post("/members/sheet/", given | {"step": "confirm"})
    assert Membership.objects.filter(by_hand=True).count() == 2
    assert "Read Together" in client.get("/members/?kind=charity").content.decode()


def test_a_bad_sheet_is_told_row_by_row(client_of, small_site: Site) -> None:
    given = {"text": "kind,name\ncharity,Read Together\nking,Arthur\n", "step": "confirm"}
    page = client_of("administrator").post("/members/sheet/", given).content.decode()
    assert "<title>Error: Add many members" in page
    assert "This kind is not known." in page
    assert "Read Together" in page  # what was typed is kept
    assert not Membership.objects.filter(by_hand=True).exists()


def test_a_member_by_the_form(client_of, small_site: Site) -> None:
    client = client_of("administrator")
    given = {"kind": "charity", "joined_day": "1", "joined_month": "9", "joined_year": "2026"}
    page = client.post("/members/add/", given).content.decode()
    assert page.count("The name is missing") == 2
    client.post("/members/add/", given | {"name": "Read Together"})
    held = Membership.objects.get(organisation__name="Read Together")
    assert held.joined == date(2026, 9, 1)
    client.post(f"/members/{held.pk}/leave/")
    assert "Read Together" in client.get("/members/?left").content.decode()
    school = small_site.school.memberships.get()
    assert (
        "belongs by authority code" in client.post(f"/members/{school.pk}/leave/").content.decode()
    )


def test_a_group_from_first_to_last(client_of, small_site: Site) -> None:
    client = client_of("administrator")
    client.post("/groups/add/", {"kind": "cluster", "name": "Harbour cluster"})
    made = Group.objects.get(name="Harbour cluster")
    given = {
        "who": small_site.school.pk,
        "joined_day": "1",
        "joined_month": "9",
        "joined_year": "2025",
    }
    client.post(f"/groups/{made.pk}/join/", given)
    page = client.get(f"/groups/{made.pk}/").content.decode()
    assert "Alder Bank Primary School" in page
    assert "Cluster or district lead" in page
    inside = made.members.get()
    leaving = {"on_day": "1", "on_month": "9", "on_year": "2026"}
    client.post(f"/groups/members/{inside.pk}/leave/", leaving)
    assert "1 September 2026" in client.get(f"/groups/{made.pk}/").content.decode()
    assert "Alder Bank" in client.post(f"/groups/{made.pk}/join/", given).content.decode()


def test_lists_take_the_same_queries_whatever_their_length(
    client_of, small_site: Site, django_assert_max_num_queries
) -> None:
    for number in range(30):
        one = member(small_site.partnership, MemberKind.CHARITY, f"Charity {number}")
        cluster = group(small_site, GroupKind.CLUSTER, f"Cluster {number}")
        cluster.members.create(
            partnership=small_site.partnership, organisation=one, joined=date(2024, 9, 1)
        )
    client = client_of("administrator")
    for address in ("/members/", "/groups/", f"/groups/{cluster.pk}/"):
        with django_assert_max_num_queries(11):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("members.exe", b"kind,name\ncharity,A\n", "its name must end .csv"),
        ("members.csv", b"PK\x03\x04" + b"\0" * 50, "a zip archive or a spreadsheet"),
        ("members.csv", b"\x1f\x8b" + b"\0" * 50, "a gzip archive"),
        ("members.csv", b"<html><script>x()</script>", "a web page"),
        ("members.csv", b"kind,name\n" + b"charity,A\n" * 110_000, "larger than 1,000,000 bytes"),
        ("../../members.csv", b"", "empty"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_and_kept_nowhere(
    client_of, small_site: Site, name: str, data: bytes, said: str
) -> None:
    before = {path for path in HOME.rglob("*") if "sqlite3" not in path.name}
    sent = SimpleUploadedFile(name, data, content_type="text/csv")
    page = client_of("administrator").post("/members/sheet/", {"file": sent}).content.decode()
    assert said in page
    assert not Membership.objects.filter(by_hand=True).exists()
    assert {path for path in HOME.rglob("*") if "sqlite3" not in path.name} == before
