"""The ledger: in the transaction of the write, and whole or caught."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bridgehead.accounts import actions
from bridgehead.accounts.actions import create_person, disable_person, record, verify_chain
from bridgehead.accounts.audit import keys
from bridgehead.accounts.audit.people import pseudonym_of
from bridgehead.accounts.models import AuditEntry, AuditHead, Pseudonym, User
from bridgehead.accounts.rules import COMMAND_LINE
from proofs._damage import lift_guards
from tests.cast import PASSWORD, Site

pytestmark = pytest.mark.django_db


def lines(n: int, ledger: int = 7) -> list[AuditEntry]:
    with transaction.atomic():
        return [
            record(
                verb="told a story",
                by=COMMAND_LINE,
                partnership=ledger,
                about=("story", str(i)),
                details={"i": i, "words": "naïve – “quoted”"},
            )
            for i in range(n)
        ]


def test_a_line_says_who_did_what_to_what() -> None:
    person = create_person(email="Ada@Example.org", name="Ada", password=PASSWORD, by=COMMAND_LINE)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.role) == ("the command line", "Command line")
    assert (entry.verb, entry.object_kind, entry.object_id) == (
        "created a person",
        "accounts.user",
        pseudonym_of(person.pk),
    )


def test_a_failed_line_undoes_the_write(monkeypatch: pytest.MonkeyPatch) -> None:
    person = create_person(email="a@example.org", name="Ada", password=PASSWORD, by=COMMAND_LINE)

    def fail(**_: object) -> None:
        raise OSError("the ledger cannot be written")

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(OSError, match="ledger"):
        disable_person(person=person, by=COMMAND_LINE)
    assert User.objects.get().is_active


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="atomic"):
        record(verb="did", by=COMMAND_LINE, partnership=None)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_stand_in_a_queue() -> None:
    def write(_: int) -> None:
        try:
            lines(3)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(12)))
    assert AuditEntry.objects.count() == 36
    assert verify_chain() == []


def test_a_whole_ledger_is_in_order() -> None:
    lines(5)
    lines(3, ledger=8)
    assert verify_chain() == []
    assert [e.number for e in AuditEntry.objects.filter(partnership_id=8).order_by("number")] == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE accounts_auditentry SET actor = 'nobody' WHERE number = 3", "line 3 has been"),
        ("UPDATE accounts_auditentry SET details = '{}' WHERE number = 2", "line 2 has been"),
        ("DELETE FROM accounts_auditentry WHERE number = 4", "line 4 is missing"),
        ("DELETE FROM accounts_auditentry WHERE number = 5", "ends at line 4 but 5"),
        ("DELETE FROM accounts_auditentry", "ends at line 0 but 5"),
        ("UPDATE accounts_auditentry SET partnership_id = 9 WHERE number = 1", "line 1 is missing"),
    ],
)
def test_damage_is_found_and_named(damage: str, said: str) -> None:
    lines(5)
    lift_guards()
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert any(said in problem for problem in verify_chain())


def test_a_line_rewritten_with_a_fresh_digest_is_found() -> None:
    lines(5)
    lift_guards()
    entry = AuditEntry.objects.get(number=3)
    entry.verb = "told another story"
    entry.digest = actions.digest_of(entry)
    entry.save()
    assert verify_chain() == ["ledger 7: line 4 does not follow the line before it"]


def test_without_the_key_it_is_the_key_that_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial of a backup in a new home: nobody was put in anybody's place."""
    create_person(email="ada@example.org", name="Ada", password=None, by=COMMAND_LINE)
    monkeypatch.setattr(keys, "known", lambda key: False)
    assert all("was sealed with a key that is not here" in said for said in verify_chain())
    assert len(verify_chain()) == 2


def test_a_lost_head_is_found() -> None:
    lines(2)
    AuditHead.objects.all().delete()
    assert verify_chain() == ["ledger 7: it ends at line 2 but 0 were written"]


def test_whoever_is_only_told_of_is_missed_too() -> None:
    """Nobody of them did anything: the lines name them as whom something was done to."""
    people = [
        create_person(email=f"{n}@example.org", name=n, password=None, by=COMMAND_LINE)
        for n in ("ada", "bea")
    ]
    with transaction.atomic():
        told = {"person": pseudonym_of(people[1].pk)}
        record(verb="did", by=COMMAND_LINE, partnership=7, about=("story", "1"), details=told)
    assert verify_chain() == []
    lift_guards()
    words = sorted(person.pseudonym.word for person in people)
    Pseudonym.objects.filter(pk=words[0]).delete()
    assert verify_chain() == [
        f"people: {words[0]} leads to nobody, and no line tells that the person was erased"
    ]
    Pseudonym.objects.all().delete()
    assert verify_chain() == [
        f"people: {words[0]}, {words[1]} lead to nobody, and no line tells that the people were "
        "erased"
    ]


class AnyDetails(TestCase):
    """Whatever the details hold, what is read back has the digest of what was written."""

    @given(
        st.dictionaries(
            st.text(max_size=8).filter(lambda s: "\x00" not in s),
            st.none()
            | st.booleans()
            | st.integers(-(2**53), 2**53)
            | st.floats()
            | st.text(max_size=20).filter(lambda s: "\x00" not in s),
            max_size=4,
        )
    )
    def test_survive_the_database(self, details: dict[str, object]) -> None:
        with transaction.atomic():
            record(verb="did", by=COMMAND_LINE, partnership=1, details=details)
        assert verify_chain() == []


def test_lines_are_told_in_words(client: Client, small_site: Site) -> None:
    client.force_login(
        small_site.cast.administrator, backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get("/audit/?verb=appointed+a+person").content.decode()
    assert "person: Priya Nair; role: broker; starts: 2020-09-01; urn: none" in page
    assert "authorities: 990" not in page
    everything = client.get("/audit/").content.decode()
    assert "authorities: 990; name: Bridgeshire Learning Partnership" in everything


def test_another_partnerships_ledger_is_not_shown(client: Client, small_site: Site) -> None:
    client.force_login(
        small_site.cast.administrator, backend="django.contrib.auth.backends.ModelBackend"
    )
    assert "Elsewhere" not in client.get("/audit/").content.decode()
    nothing = client.get("/audit/?verb=no+such+thing&page=99").content.decode()
    assert "authorities: 990" in nothing
