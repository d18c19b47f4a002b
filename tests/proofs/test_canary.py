"""A sample of the hostile requests between two partnerships, and of the forms with unexpected
fields; and that a guard which is taken away is found."""

from dataclasses import replace
from typing import Any

import pytest
from django.shortcuts import get_object_or_404

from bridgehead.people.views import groups
from bridgehead.schools.forms import MemberForm
from bridgehead.schools.models import Group, GroupMember
from proofs import canary, forms
from proofs._shots import NAMED_BY

pytestmark = pytest.mark.django_db


def test_two_partnerships_keep_apart_and_a_lost_guard_is_found(
    picture: Any, synthetic_home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(synthetic_home))
    made = canary.field_of(picture, canary.SEED)
    planned = canary.shots(made, canary.SEED)
    assert [str(fault) for fault in canary.attack(made, planned[:120])] == []

    def at(route: str, method: str) -> list[canary.Shot]:
        asked = (route, method, "administrator", "path", "localhost", "a")
        found = [
            s
            for s in planned
            if (s.route, s.method, s.who, s.where, s.host, s.attacker) == asked
            and s.name.kind == NAMED_BY[s.part]
        ]
        assert found
        return found[:2]

    reads, writes = at("people:group", "GET"), at("people:leave-group", "POST")
    assert canary.attack(made, [*reads, *writes]) == []
    made.missing.clear()
    with monkeypatch.context() as patch:
        patch.setattr(groups, "get_group_for", lambda _, pk: get_object_or_404(Group, pk=pk))
        found = {fault.what.split()[0] for fault in canary.attack(made, reads)}
    assert found == {"foreign", "200,"}
    made.missing.clear()

    def lost(reader: Any, member_id: int) -> GroupMember:
        member = get_object_or_404(GroupMember, pk=member_id)
        member.left = None
        GroupMember.objects.filter(pk=member_id).update(joined="2001-01-01")
        return member

    with monkeypatch.context() as patch:
        patch.setattr(groups, "get_group_member_for", lost)
        found = {fault.what for fault in canary.attack(made, writes)}
    assert "a row of the other partnership was written" in found

    assert forms.unsendable(made) == []
    made.targets["a"] = [
        t for t in made.targets["a"] if t.route in ("schools:add-member", "people:invite")
    ]
    assert dict(forms.persisted(made)) == {"schools:add-member": [], "people:invite": []}
    clean = MemberForm.clean

    def gullible(form: MemberForm) -> dict[str, Any]:
        cleaned = clean(form)
        town = form.data.get("la_name", "")
        return cleaned | {"row": replace(cleaned["row"], town=town)}

    monkeypatch.setattr(MemberForm, "clean", gullible)
    assert dict(forms.persisted(made))["schools:add-member"] == ["schools.Organisation"]
    made.targets["a"] = [replace(t, through=False) for t in made.targets["a"]]
    made.targets["b"] = []
    assert any("no form of people:invite goes through" in said for said in forms.unsendable(made))
