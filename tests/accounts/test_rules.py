"""What a reader's grants let the reader do."""

from hypothesis import given
from hypothesis import strategies as st

from bridgehead.accounts.rules import ANONYMOUS, Grant, Permission, Reader

permissions = st.sampled_from(Permission)
urns = st.none() | st.integers(900000, 900005)
grants = st.frozensets(st.builds(Grant, permissions, urns), max_size=6)


def holding(held: frozenset[Grant]) -> Reader:
    return Reader(1, "Somebody", 1, "some", "Some role", held)


@given(grants, permissions, urns)
def test_can_is_what_was_granted_there_or_everywhere(
    held: frozenset[Grant], permission: Permission, urn: int | None
) -> None:
    granted = any(g.permission is permission and g.urn in {None, urn} for g in held)
    assert holding(held).can(permission, urn) == granted


@given(grants, permissions)
def test_somewhere_is_everywhere_or_at_some_school(
    held: frozenset[Grant], permission: Permission
) -> None:
    reader = holding(held)
    schools = reader.urns(permission)
    assert reader.can_somewhere(permission) == (reader.can(permission) or bool(schools))
    assert all(reader.can(permission, urn) for urn in schools)


def test_nobody_can_do_anything() -> None:
    assert not any(ANONYMOUS.can_somewhere(p) or ANONYMOUS.can(p, 900001) for p in Permission)
