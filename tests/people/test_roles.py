"""The role table: what it must never give, and that its pages are in step with it."""

from pathlib import Path

import pytest

from bridgehead.accounts.rules import Grant, Permission
from bridgehead.people.reference import Reach, markdown, reach, table
from bridgehead.people.rules import BadRole, Scope, read_roles, roles

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


@pytest.mark.parametrize("key", ["head", "governor", "board_member", "administrator"])
def test_neighbours_do_not_watch(key: str) -> None:
    granted = roles()[key].grants([900001])
    assert not {g.permission for g in granted} & UNPUBLISHED


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
