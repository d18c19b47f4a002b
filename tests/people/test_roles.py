"""The role table: what it must never give, and that its pages are in step with it."""

from pathlib import Path

import pytest

from bridgehead.accounts.rules import Grant, Permission
from bridgehead.people.reference import Reach, markdown, reach, table, who_passes
from bridgehead.people.rules import UNPUBLISHED as UNPUBLISHED_OR_OWN
from bridgehead.people.rules import BadRole, Scope, misplaced, read_roles, roles, unwatched
from bridgehead.schools.rules import GroupKind, MemberKind

PAGE = Path(__file__).parents[2] / "docs/reference/permissions.md"

#: What shows a named school's direction, proposal, category, need or decision.
UNPUBLISHED = {
    Permission.SEE_EVERY_SCHOOL,
    Permission.SEE_SUPPORT_REVIEW,
    Permission.OPEN_SUPPORT_REVIEW,
    Permission.JUDGE,
    Permission.EXPORT_PROPOSALS,
    Permission.SUGGEST_SUPPORTERS,
}


#: The only roles that show more than is published of schools that are not the own.
OVERSEERS = {"authority_officer", "authority_director", "broker", "partnership_director"}


@pytest.mark.parametrize("key", sorted(roles().keys() - OVERSEERS))
def test_neighbours_do_not_watch(key: str) -> None:
    granted = roles()[key].grants([900001])
    assert not {g.permission for g in granted} & UNPUBLISHED


def test_every_role_of_the_issue_is_there() -> None:
    assert list(roles()) == [
        *("head", "senior_leader", "governor", "chair_of_governors", "clerk", "staff_member"),
        *("trust_improvement_lead", "diocesan_officer", "hub_broker", "authority_officer"),
        *("broker", "partnership_director", "cluster_lead", "data_officer", "fund_officer"),
        *("administrator", "link_officer", "authority_director", "board_member", "chair"),
        *("board_representative", "peer_reviewer", "supporter", "observer"),
    ]


@pytest.mark.parametrize("role", roles().values(), ids=lambda r: r.key)
@pytest.mark.parametrize("works_at", [frozenset(), frozenset({900001})])
def test_whoever_works_in_a_school_watches_no_other(role, works_at: frozenset[int]) -> None:
    if role.scope is Scope.SCHOOL:
        return  # it gives nothing but what is held about that school
    left = unwatched(role, role.grants([900001, 900002]), works_at)
    assert all(g.urn in works_at for g in left if g.permission in UNPUBLISHED_OR_OWN)
    assert unwatched(role, role.grants([900001]), None) == role.grants([900001])


@pytest.mark.parametrize(
    ("key", "member", "group", "fits"),
    [
        ("head", MemberKind.COLLEGE, None, True),
        ("head", MemberKind.CHARITY, None, False),
        ("head", None, GroupKind.TRUST, True),
        ("head", None, GroupKind.CLUSTER, False),
        ("head", None, None, False),
        ("trust_improvement_lead", None, GroupKind.TRUST, True),
        ("trust_improvement_lead", None, GroupKind.CLUSTER, False),
        ("trust_improvement_lead", MemberKind.ACADEMY, None, False),
        ("cluster_lead", None, GroupKind.DISTRICT, True),
        ("cluster_lead", None, None, False),
        ("diocesan_officer", MemberKind.DIOCESE, None, True),
        ("diocesan_officer", MemberKind.TRUST, None, False),
        ("broker", None, None, True),
        ("chair", MemberKind.ACADEMY, None, False),
        ("authority_director", None, GroupKind.CLUSTER, False),
    ],
)
def test_each_role_has_its_place(key: str, member, group, fits: bool) -> None:
    assert (misplaced(roles()[key], member, group) == "") is fits


def test_a_head_invites_to_lesser_roles_only() -> None:
    lesser = {key for key, role in roles().items() if role.head_invites}
    assert lesser == {
        "senior_leader",
        "governor",
        "chair_of_governors",
        "clerk",
        "staff_member",
    }
    assert all(roles()[key].scope is Scope.SCHOOL for key in lesser)


@pytest.mark.parametrize(
    ("door", "said"),
    [
        (None, "Everybody, signed in or not"),
        ((), "Everybody who is signed in"),
        ((Permission.SEE_AREA,), "Everybody with a role in this partnership"),
        (
            (Permission.SEE_PUBLISHED,),
            "Everybody with a role in this partnership, but for: Observer",
        ),
        (
            (Permission.MANAGE_PEOPLE, Permission.MANAGE_OWN_PEOPLE),
            "Administrator; Head teacher (their own schools only)",
        ),
    ],
)
def test_who_passes_is_said_in_words(door, said: str) -> None:
    assert who_passes(door) == said


@pytest.mark.parametrize("key", ["head", "governor"])
def test_a_school_role_sees_its_own_school_and_no_other(key: str) -> None:
    granted = roles()[key].grants([900001])
    assert Grant(Permission.SEE_OWN_SCHOOL, 900001) in granted
    assert Grant(Permission.SEE_OWN_SCHOOL) not in granted
    assert {g.urn for g in granted} == {None, 900001}


def test_only_the_head_replies() -> None:
    assert [k for k, r in roles().items() if Permission.REPLY_FOR_SCHOOL in r.permissions] == [
        "head"
    ]


def test_csv_of_proposals_is_for_officers_and_brokers() -> None:
    assert [k for k, r in roles().items() if Permission.EXPORT_PROPOSALS in r.permissions] == [
        "authority_officer",
        "broker",
    ]


def test_every_permission_is_held_by_some_role() -> None:
    for line in table():
        assert set(line.reach) != {Reach.NOWHERE}, f"nobody may {line.permission.value}"


@pytest.mark.parametrize("role", roles().values(), ids=lambda r: r.key)
@pytest.mark.parametrize("permission", Permission)
def test_the_table_says_what_the_grants_give(role, permission: Permission) -> None:
    granted = {g.urn for g in role.grants([900001]) if g.permission is permission}
    expected = {Reach.NOWHERE: set(), Reach.OWN_SCHOOL: {900001}, Reach.EVERYWHERE: {None}}
    assert granted == expected[reach(role, permission)]


def test_the_reference_page_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "Make it again: python -m bridgehead.people.reference > docs/reference/permissions.md"
    )


GOOD = "clerk:\n  label: Clerk\n  what: Takes notes.\n  scope: school\n  permissions: [SEE_AREA]\n"


def test_a_role_is_read() -> None:
    clerk = read_roles(GOOD)["clerk"]
    assert (clerk.label, clerk.scope, clerk.everywhere) == ("Clerk", Scope.SCHOOL, frozenset())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SEE_AREA", "SEE_ALL"),
        ("scope: school", "scope: county"),
        ("label: Clerk", "title: Clerk"),
        ("  what: Takes notes.\n", ""),
    ],
)
def test_a_wrong_role_is_refused_by_name(old: str, new: str) -> None:
    with pytest.raises(BadRole, match="role clerk"):
        read_roles(GOOD.replace(old, new))
