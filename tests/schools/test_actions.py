"""The register: taken from a picture, once, in few queries, and following a school's new URN."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.schools.access import visible_urns
from bridgehead.schools.actions import (
    COPIED,
    Imported,
    create_group,
    create_partnership,
    import_register,
)
from bridgehead.schools.models import Group, Membership, Organisation
from bridgehead.schools.queries import partnership_at
from bridgehead.schools.rules import GroupKind
from tests.cast import LONG_AGO, Site, school

pytestmark = pytest.mark.django_db


@dataclass
class Register:
    """A picture that has a register and nothing else."""

    rows: list[dict[str, Any]]
    chains: dict[int, int] = field(default_factory=dict)
    digest: str = "abc"

    @property
    def schools(self) -> pl.DataFrame:
        return pl.DataFrame(self.rows, schema_overrides={"trust": pl.String, "easting": pl.Int32})

    def resolve(self, urn: int) -> int | None:
        return self.chains.get(urn, urn if urn in {r["urn"] for r in self.rows} else None)


def row(urn: int, **facts: Any) -> dict[str, Any]:
    """One school of authority 990."""
    usual = {name: f"{name} of {urn}"[:10] for name in COPIED}
    given = {"urn": urn, "laestab": 9902000, "la": "990", "status": "open", "easting": 450_000}
    return usual | given | facts


def many(n: int) -> Register:
    return Register([row(910000 + i) for i in range(n)])


def take(register: Register, site: Site) -> Imported:
    return import_register(picture=register, partnership=site.partnership, by=COMMAND_LINE)


def test_open_schools_of_the_authority_join(small_site: Site) -> None:
    register = Register(
        [
            *(row(urn) for urn in small_site.urns),
            row(910001, trust=None),
            row(910002, status="closed"),
            row(910003, status="open, but proposed to close"),
            row(910004, status="proposed to open"),
            row(910005, la="991"),
        ]
    )
    assert take(register, small_site) == Imported(new=4, changed=2, unchanged=0, joined=2, left=0)
    assert {910001, 910003} < visible_urns(small_site.reader("broker"))
    assert not visible_urns(small_site.reader("broker")) & {910002, 910004, 910005}
    assert Organisation.objects.get(urn=910001).trust == ""


def test_the_same_again_changes_nothing_and_writes_no_line(small_site: Site) -> None:
    take(many(5), small_site)
    lines = AuditEntry.objects.count()
    assert take(many(5), small_site) == Imported(0, 0, 5, 0, 0)
    assert AuditEntry.objects.count() == lines


def test_a_closed_school_leaves_and_a_changed_one_is_changed(small_site: Site) -> None:
    take(many(3), small_site)
    after = many(3)
    after.rows[0] |= {"status": "closed"}
    after.rows[1] |= {"name": "Renamed Primary School"}
    assert take(after, small_site) == Imported(new=0, changed=2, unchanged=1, joined=0, left=1)
    assert 910000 not in visible_urns(small_site.reader("broker"))
    assert Membership.objects.get(organisation__urn=910000).left == localdate()
    assert Organisation.objects.get(urn=910001).name == "Renamed Primary School"


def test_a_new_urn_keeps_the_row_and_whatever_refers_to_it(small_site: Site) -> None:
    before = small_site.school
    kept = row(small_site.other_school.urn)
    register = Register([row(910009, name=before.name), kept], {before.urn: 910009})
    assert take(register, small_site) == Imported(new=0, changed=2, unchanged=0, joined=0, left=0)
    before.refresh_from_db()
    assert before.urn == 910009
    assert 910009 in {g.urn for g in small_site.reader("head").grants}


def test_a_new_urn_that_is_known_already_is_left_beside_the_old(small_site: Site) -> None:
    old, new = small_site.school, small_site.other_school
    take(Register([row(new.urn)], {old.urn: new.urn}), small_site)
    old.refresh_from_db()
    assert old.urn == 900001
    assert visible_urns(small_site.reader("broker")) == {new.urn}


@pytest.mark.parametrize("la", ["991", None], ids=["in another authority", "nowhere"])
def test_a_member_leaves_that_the_register_has_no_longer_here(
    small_site: Site, la: str | None
) -> None:
    gone, kept = small_site.school, small_site.other_school
    put_in_a_group(small_site, gone, kept)
    register = Register([row(kept.urn), *([row(gone.urn, la=la)] if la else [])])
    assert take(register, small_site).left == 1
    assert visible_urns(small_site.reader("broker")) == {kept.urn}
    assert gone.memberships.get().left == gone.group_members.get().left == localdate()
    assert kept.group_members.get().left is None
    line = AuditEntry.objects.filter(verb="imported the register").latest("number")
    assert line.details["urns that left"] == [gone.urn]
    assert take(register, small_site).left == 0


def test_what_was_to_begin_later_ends_with_the_member(small_site: Site) -> None:
    gone, kept = small_site.school, small_site.other_school
    put_in_a_group(small_site, gone)
    tomorrow = localdate() + timedelta(days=1)
    gone.group_members.update(joined=tomorrow)
    assert take(Register([row(kept.urn)]), small_site).left == 1
    assert gone.group_members.get().left == tomorrow


def test_a_host_is_kept_as_it_is_looked_for() -> None:
    made = create_partnership(
        name="North", authority_codes=[], host="North.Example.org", by=COMMAND_LINE
    )
    assert partnership_at("north.example.org") == made


def test_a_member_leaves_that_another_partnership_has_taken(small_site: Site) -> None:
    Organisation.objects.filter(pk=small_site.school.pk).update(la="991")
    assert take(Register([row(small_site.other_school.urn)]), small_site).left == 1


@pytest.mark.parametrize(
    "rows",
    [[row(900002, easting=None)], [row(900002, la="991"), row(900001, la="991")]],
    ids=["figures without the register", "another authority's register"],
)
def test_nobody_leaves_without_the_register_of_the_authority(
    small_site: Site, rows: list[dict[str, Any]]
) -> None:
    assert take(Register(rows), small_site).left == 0
    assert len(visible_urns(small_site.reader("broker"))) == 2


def test_longer_names_than_the_register_should_hold_are_cut(small_site: Site) -> None:
    take(Register([row(910001, name="x" * 500)]), small_site)
    assert len(Organisation.objects.get(urn=910001).name) == 200


def test_few_queries_whatever_the_number_of_schools(small_site: Site) -> None:
    def queries(register: Register) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            take(register, small_site)
        return len(captured)

    few = queries(many(20))
    assert queries(many(200)) <= few + 8  # batches, where a statement holds 999 values at most


@pytest.mark.parametrize("who", ["head", "officer", "broker", "board_member", "outsider"])
def test_only_administrators_take_it(small_site: Site, who: str) -> None:
    with pytest.raises(Denied):
        import_register(
            picture=many(1), partnership=small_site.partnership, by=small_site.reader(who)
        )


def test_a_synthetic_authority(site: Site) -> None:
    assert visible_urns(site.reader("broker")) == set(site.urns)
    assert len(site.urns) > 20
    again = import_register(picture=site.picture, partnership=site.partnership, by=COMMAND_LINE)
    assert (again.new, again.changed, again.joined, again.left) == (0, 0, 0, 0)


def put_in_a_group(site: Site, *schools: Organisation) -> Group:
    return create_group(
        partnership=site.partnership,
        kind=GroupKind.CLUSTER,
        name="North",
        schools=schools,
        by=COMMAND_LINE,
    )


def test_schools_are_put_in_a_group_once_and_told_of_once(small_site: Site) -> None:
    made = put_in_a_group(small_site, small_site.school)
    assert put_in_a_group(small_site, small_site.school) == made
    assert put_in_a_group(small_site) == made
    assert made.members.count() == 1
    assert AuditEntry.objects.filter(verb="put schools in a group").count() == 1


def test_membership_holds_from_its_first_day_to_the_day_before_it_is_left(small_site: Site) -> None:
    gone = school(small_site.partnership, urn=900003, name="Carr Lane Primary School")
    gone.memberships.update(joined=LONG_AGO, left=localdate())
    later = school(small_site.partnership, urn=900004, name="Dale Primary School")
    later.memberships.update(joined=date(2999, 1, 1))
    assert visible_urns(small_site.reader("broker")) == {900001, 900002}


class TestPartnershipAt:
    """Which partnership a host name leads to."""

    def test_the_one_whose_host_it_is(self, small_site: Site) -> None:
        assert partnership_at("elsewhere.localhost:8000") == small_site.elsewhere

    def test_the_only_one_without_a_host(self, small_site: Site) -> None:
        assert partnership_at("localhost") == small_site.partnership

    def test_none_where_it_is_not_clear(self, small_site: Site) -> None:
        small_site.elsewhere.host = ""
        small_site.elsewhere.save()
        assert partnership_at("localhost") is None

    def test_none_on_a_new_site(self) -> None:
        assert partnership_at("localhost") is None
