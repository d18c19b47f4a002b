"""Pages say who can see them by the table of roles."""

import pytest
from django.template import engines

from bridgehead.accounts.rules import Permission
from bridgehead.people import rules
from bridgehead.people.rules import roles_with
from bridgehead.people.templatetags.people import _several


def said(permission: str) -> str:
    source = f'{{% load people %}}{{% who_holds "{permission}" %}}'
    return engines["django"].from_string(source).render({})


def test_the_roles_are_named_as_they_are_in_the_table() -> None:
    assert said("SEE_EVERY_SCHOOL") == (
        "authority officers, partnership brokers, partnership directors and authority directors"
    )
    assert "head teachers" in said("SEE_OWN_SCHOOL")
    assert "officers" not in said("SEE_OWN_SCHOOL")


def test_a_role_that_is_given_a_permission_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = rules.roles_with(Permission.SUGGEST_SUPPORTERS)
    monkeypatch.setattr(
        "bridgehead.people.templatetags.people.roles_with", lambda _: [*before, "chair"]
    )
    assert said("SUGGEST_SUPPORTERS").endswith(" and chairs of the board")
    assert "chair" not in roles_with(Permission.SUGGEST_SUPPORTERS)


@pytest.mark.parametrize(
    ("label", "several"),
    [
        ("Head teacher", "head teachers"),
        ("Chair of governors", "chairs of governors"),
        ("Clerk to governors", "clerks to governors"),
        ("Cluster or district lead", "cluster or district leads"),
    ],
)
def test_several(label: str, several: str) -> None:
    assert _several(label) == several
