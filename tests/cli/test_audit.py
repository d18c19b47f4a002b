"""``bridgehead audit`` and the job that seals sightings."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection

from bridgehead.accounts.audit import heads
from bridgehead.accounts.audit.ledger import ACCEPTED
from bridgehead.accounts.models import AuditEntry, AuditView
from bridgehead.cli.main import main
from proofs import tamper
from proofs._damage import LINES, lift_guards

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tamper.write_an_audit(tamper.SEED)


def do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_whole_audit(audit: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Ledger of the installation: 4 lines, known outside the database to")
    assert said.endswith("Everything is as it was written.\n")
    assert main(["audit", "verify", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["whole"] is True
    assert [one["ledger"] for one in found["ledgers"]] == [0, 7, 8]
    assert all(one["lines"] == one["outside"] for one in found["ledgers"])


def test_what_is_not_as_written_is_named(audit: None, capsys: pytest.CaptureFixture[str]) -> None:
    lift_guards()
    do(f"UPDATE {LINES} SET verb = 'did nothing' WHERE partnership_id = 7 AND number = 2")
    assert main(["audit", "verify"]) == 1
    said = capsys.readouterr().out
    assert "  NOT AS WRITTEN: line 2 has been changed.\n" in said
    assert said.endswith("Not everything is as it was written.\n")
    assert main(["audit", "verify", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["problem"] for one in found["ledgers"]] == ["", "line 2 has been changed", ""]


def test_a_ledger_without_a_copy_of_its_end_is_said_so(
    audit: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (heads.folder() / "ledger-7.heads").unlink()
    assert main(["audit", "verify"]) == 0
    assert "Nothing outside the database says where it ends" in capsys.readouterr().out


def test_an_older_copy_that_was_put_back_is_accepted_with_a_reason(
    audit: None, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks
) -> None:
    assert main(["audit", "accept", "--why", "nothing"]) == 0
    assert "nothing was changed" in capsys.readouterr().out
    heads.write(8, 500, "0" * 64)
    assert main(["audit", "verify"]) == 1
    assert main(["audit", "accept", "--why", " "]) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert main(["audit", "accept", "--why", "the disk failed"]) == 0
    line = AuditEntry.objects.get(verb=ACCEPTED)
    assert (line.partnership_id, line.details) == (
        8,
        {"why": "the disk failed", "line known before": 500},
    )
    assert main(["audit", "verify"]) == 0
    assert heads.read(8).digests == {line.number: line.digest}
    assert [p.name for p in heads.folder().glob("ledger-8.heads-until-*")]


def test_the_job_seals_what_is_new_and_says_so_once(audit: None) -> None:
    waiting = AuditView.objects.filter(batch=None).count()
    said = [io.StringIO(), io.StringIO()]
    for out in said:
        call_command("seal_views", stdout=out)
    assert [out.getvalue() for out in said] == [
        f"{waiting} sightings sealed.\n",
        "0 sightings sealed.\n",
    ]
    assert not AuditView.objects.filter(batch=None).exists()
    assert main(["audit", "verify"]) == 0
