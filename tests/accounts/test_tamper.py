"""What is done to the audit past Bridgehead is found, and each check that finds it is needed."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from django.db import DatabaseError, connection, transaction

from bridgehead.accounts.audit import heads, keys, people, verify
from bridgehead.accounts.audit.models import AuditEntry, AuditHead, AuditView, Pseudonym
from bridgehead.accounts.audit.sightings import seal_views
from bridgehead.accounts.audit.verify import verify_chain
from proofs import tamper
from proofs._damage import KINDS, LINES, PEOPLE, VIEWS, lift_guards, rows

pytestmark = pytest.mark.django_db

#: Each kind of damage four times; ``make prove`` does a thousand on each database.
SAMPLE = 4 * len(KINDS)


@pytest.fixture
def audit(django_capture_on_commit_callbacks) -> None:
    """An audit with its heads outside the database."""
    with django_capture_on_commit_callbacks(execute=True):
        tamper.write_an_audit(tamper.SEED)


def missed(trials: int) -> list[str]:
    done = tamper.attack(0, trials, tamper.SEED)
    return [trial.did for trial in done if not trial.found]


def test_every_damage_is_found(audit: None) -> None:
    assert missed(SAMPLE) == []


@pytest.mark.parametrize(
    ("where", "name", "instead"),
    [
        (keys, "same", lambda first, second: True),
        (verify, "_views", lambda ledger, read: ""),
        (verify, "_people", lambda actors, erased, before: ""),
        (heads, "read", lambda ledger: heads.Heads({})),
        (verify, "_ends", lambda ledger, outside, head, read: ""),
    ],
    ids=["seals", "sightings", "people", "the file outside", "ends"],
)
def test_without_one_check_some_damage_is_missed(
    audit: None, monkeypatch: pytest.MonkeyPatch, where: object, name: str, instead: Callable
) -> None:
    monkeypatch.setattr(where, name, instead)
    assert missed(2 * len(KINDS))


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {LINES} SET verb = 'did nothing'",
        f"UPDATE {VIEWS} SET what = 'nothing' WHERE batch IS NULL",
        f"UPDATE {VIEWS} SET batch = NULL WHERE batch IS NOT NULL",
        f"UPDATE {PEOPLE} SET digest = ''",
    ],
)
def test_the_database_itself_refuses_a_change(audit: None, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    lift_guards()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0


def test_postgresql_refuses_a_deletion_too(audit: None) -> None:
    """SQLite empties a table row by row, so it cannot."""
    for table in (LINES, VIEWS):
        held = len(rows(table))
        refused = connection.vendor == "postgresql"
        expected = (
            pytest.raises(DatabaseError, match="does not change") if refused else nullcontext()
        )
        with expected, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
        assert len(rows(table)) == (held if refused else 0)


def test_what_is_found_is_named(audit: None) -> None:
    lift_guards()
    row = AuditView.objects.filter(batch=None).last()
    assert row is not None
    AuditView.objects.filter(pk=row.pk).update(what="the news")
    assert verify_chain() == [
        f"ledger {row.partnership_id}: sighting {row.pk} of {row.at:%d %B %Y, %H:%M} "
        "has been changed"
    ]


def test_a_database_ahead_of_the_file_is_whole(audit: None) -> None:
    """As after a machine stopped between the database and the file, also within a line of it."""
    file = heads.folder() / "ledger-7.heads"
    whole = file.read_text()
    for length in (len(whole) - 30, len(whole) - 70, len(whole) - 200, 40, 0):
        file.write_text(whole[:length])
        assert verify_chain() == []
    number = AuditHead.objects.get(partnership_id=7).count
    file.write_text(whole[:-30])
    heads.write(7, number, AuditHead.objects.get(partnership_id=7).digest)
    assert heads.read(7).newest == number
    assert verify_chain() == []
    file.unlink()
    assert verify_chain() == []


def test_a_database_behind_the_file_is_not(audit: None) -> None:
    number = AuditHead.objects.get(partnership_id=7).count
    heads.write(7, number + 2, "0" * 64)
    assert verify_chain() == [
        f"ledger 7: it ends at line {number}, but line {number + 2} was written down outside the "
        "database"
    ]


def test_a_file_that_says_two_things_is_not_believed(audit: None) -> None:
    heads.write(7, 3, "0" * 64)
    assert "line" in verify_chain()[0]
    (heads.folder() / "ledger-7.heads").write_text("here was nothing\n")
    assert verify_chain() == ["ledger 7: line 1 of the file outside the database cannot be read"]


@pytest.mark.django_db(transaction=True)
def test_the_file_is_written_when_the_line_is_kept_and_not_before() -> None:
    with transaction.atomic():
        tamper.write_an_audit(tamper.SEED)
        transaction.set_rollback(True)
    assert heads.ledgers() == set()
    tamper.write_an_audit(tamper.SEED)
    assert heads.ledgers() == {0, 7, 8}
    for head in AuditHead.objects.all():
        assert heads.read(head.partnership_id).digests[head.count] == head.digest


def test_an_erased_person_leaves_a_whole_audit(audit: None) -> None:
    from bridgehead.accounts.actions import erase_from_audit
    from bridgehead.accounts.models import User
    from bridgehead.accounts.rules import COMMAND_LINE

    someone = User.objects.get(name="Invented Person 1")
    word = someone.pseudonym.word
    assert "Invented" not in str(rows(LINES)) + str(rows(VIEWS))
    for _ in range(2):
        erase_from_audit(person=User.objects.get(pk=someone.pk), by=COMMAND_LINE)
    User.objects.get(pk=someone.pk).delete()
    assert verify_chain() == []
    assert AuditEntry.objects.filter(actor=word).exists()
    assert AuditEntry.objects.filter(verb=people.ERASED).count() == 1
    assert people.named(word, people.names_of([word])) == "A person who has been erased"


def test_a_key_that_was_changed_still_opens_old_lines(audit: None, settings) -> None:
    old = list(settings.AUDIT_KEYS)
    settings.AUDIT_KEYS = ["a new key of more than 32 characters, for a test", *old]
    seal_views(7)
    assert verify_chain() == []
    settings.AUDIT_KEYS = settings.AUDIT_KEYS[:1]
    assert "sealed with a key that is not here" in verify_chain()[0]


def test_sightings_that_nobody_seals_are_told_of(audit: None, monkeypatch) -> None:
    assert AuditView.objects.filter(batch=None).exists()
    assert verify_chain() == []
    monkeypatch.setattr(verify, "LONGEST_UNSEALED", -verify.LONGEST_UNSEALED)
    assert "is in no batch yet; run: bridgehead manage seal_views" in verify_chain()[0]
    assert [seal_views(ledger) > 0 for ledger in (7, 8, 7)] == [True, True, False]
    assert verify_chain() == []


def test_nobody_is_deleted_past_the_pseudonym(audit: None) -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        Pseudonym.objects.all()[0].person.delete()
