"""Ledgers from before there was a key: sealed again, and honest about it."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("accounts", "0001_initial")]


def go(targets=None):
    """Migrate to these, or to the newest of all; gives the models of that time."""
    executor = MigrationExecutor(connection)
    targets = targets or executor.loader.graph.leaf_nodes()
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def old():
    """The models of before; afterwards the database is of today again, whatever happened."""
    yield go(BEFORE)
    go()


def write(apps, ledger: int, people) -> None:
    """Three lines as they were written before there was a key."""
    from importlib import import_module

    digest = import_module("bridgehead.accounts.migrations.0002_audit").plain_digest
    entry_model, previous = apps.get_model("accounts", "AuditEntry"), ""
    for number, who in enumerate([None, *people], 1):
        entry = entry_model(
            partnership_id=ledger,
            number=number,
            at=timezone.now(),
            actor_id=who.pk if who else None,
            actor=who.name if who else "the command line",
            role="Broker" if who else "Command line",
            verb="created a person",
            object_kind="accounts.user",
            object_id=str(people[0].pk),
            details={"name": people[0].name, "person": people[1].pk},
            previous=previous,
        )
        entry.digest = previous = digest(entry)
        entry.save()
    apps.get_model("accounts", "AuditHead")(
        partnership_id=ledger, count=number, digest=previous
    ).save()


def test_old_ledgers_are_sealed_and_say_what_they_were(old) -> None:
    users = old.get_model("accounts", "User")
    people = [
        users.objects.create(email=f"{name}@example.org", name=f"Invented {name}", password="!")
        for name in ("ann", "ben")
    ]
    write(old, 3, people)
    write(old, 4, people)
    old.get_model("accounts", "AuditEntry").objects.filter(partnership_id=4, number=2).update(
        verb="did nothing"
    )
    ends = dict(
        old.get_model("accounts", "AuditHead").objects.values_list("partnership_id", "digest")
    )
    go()
    assert verify_chain() == []
    told = AuditEntry.objects.filter(verb="sealed the ledger with a key").order_by("partnership_id")
    assert [line.details for line in told] == [
        {"lines": 3, "last digest before": ends[3], "found amiss": "nothing"},
        {"lines": 3, "last digest before": ends[4], "found amiss": "line 2 had been changed"},
    ]
    assert "Invented" not in str(list(AuditEntry.objects.values()))
    ann, ben = (user.pseudonym.word for user in User.objects.order_by("pk"))
    line = AuditEntry.objects.get(partnership_id=3, number=3)
    assert (line.actor, line.object_id, line.details) == (ben, ann, {"person": ben})

    again = go(BEFORE).get_model("accounts", "AuditEntry").objects.get(partnership_id=3, number=3)
    assert (again.actor, again.actor_id) == ("Invented ben", people[1].pk)
    assert (again.object_id, again.details) == (str(people[0].pk), {"person": people[1].pk})
    go()
    assert verify_chain() == []
    newest = AuditEntry.objects.filter(partnership_id=3).latest("number")
    assert newest.details["found amiss"] == "nothing"
