"""A person's file holds everything about the person, nobody else's name and no secret."""

import csv
import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import (
    AuditEntry,
    AuditView,
    Authenticator,
    RecoveryCode,
    Session,
    User,
)
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.people.actions import appoint
from bridgehead.people.models import Invitation
from bridgehead.records.actions import make_person_file
from bridgehead.records.queries.files import READ_FIRST
from bridgehead.records.queries.person import held_of
from tests.cast import NAMES, Site
from tests.records.conftest import sign_in

pytestmark = pytest.mark.django_db


def opened(content: bytes) -> dict[str, str]:
    """The files of a ZIP, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def file_of(who: str, site: Site) -> dict[str, str]:
    person = getattr(site.cast, who)
    return opened(make_person_file(person=person, by=COMMAND_LINE)[0])


def tables(files: dict[str, str]) -> set[str]:
    return {held["table"] for held in json.loads(files["held about you.json"])["held"]}


def test_everything_about_the_person_is_there(full_site: Site) -> None:
    assert tables(file_of("broker", full_site)) >= {
        *("user", "session", "authenticator", "recovery code", "wrong code"),
        *("appointment", "pseudonym", "audit entry", "access log"),
    }
    assert tables(file_of("head", full_site)) >= {"invitation", "reply", "appointment"}
    assert "audit view" in tables(file_of("officer", full_site))
    assert "kept set" in tables(file_of("officer", full_site))


@pytest.mark.parametrize("who", ["broker", "head", "officer", "other_head"])
def test_nobody_else_is_named(full_site: Site, who: str) -> None:
    whole = "\n".join(file_of(who, full_site).values())
    own = getattr(full_site.cast, who)
    assert own.name in whole
    assert own.email in whole
    for other in {*NAMES.values(), "Noor Aziz"} - {own.name}:
        assert other.lower() not in whole.lower(), other
    for address in User.objects.exclude(pk=own.pk).values_list("email", flat=True):
        assert address not in whole


def test_names_of_others_are_roles(full_site: Site) -> None:
    files = file_of("head", full_site)
    reply = next(text for name, text in files.items() if "reply" in name)
    rows = list(csv.DictReader(io.StringIO(reply.lstrip("\ufeff"))))
    assert [row["by"] for row in rows] == ["Helen Okafor"]
    assert rows[0]["text"] == (
        "[Partnership broker] promised help; [Partnership broker] ([e-mail address]) came once. "
        "Ours is [Head teacher]."
    )


def test_no_secret_is_in_it(full_site: Site) -> None:
    broker = full_site.cast.broker
    secrets = {
        broker.password,
        broker.session_stamp,
        *Session.objects.values_list("session_key", flat=True),
        *Session.objects.values_list("session_data", flat=True),
        *RecoveryCode.objects.values_list("digest", flat=True),
        *Authenticator.objects.values_list("sealed_secret", flat=True),
        *Invitation.objects.values_list("nonce", flat=True),
        *AuditEntry.objects.values_list("digest", flat=True),
    }
    whole = "\n".join(file_of("broker", full_site).values())
    assert not [secret for secret in secrets if secret in whole]


def test_a_cell_does_not_begin_a_formula(full_site: Site) -> None:
    full_site.cast.broker.name = "=cmd()"
    full_site.cast.broker.save()
    text = next(t for n, t in file_of("broker", full_site).items() if n.endswith("-user.csv"))
    assert ",'=cmd()," in text


def test_an_administrator_hands_out_what_this_partnership_holds(full_site: Site) -> None:
    head = full_site.cast.head
    appoint(person=head, role="observer", partnership=full_site.elsewhere, by=COMMAND_LINE)
    by = full_site.reader("administrator")
    lines = [sheet for sheet in held_of(head, by.partnership_id) if sheet.name == "appointment"]
    assert len(lines[0].lines) == 1
    assert "Elsewhere" not in "".join(opened(make_person_file(person=head, by=by)[0]).values())
    for who in ("broker", "officer"):
        with pytest.raises(Denied, match="Only an administrator"):
            make_person_file(person=head, by=full_site.reader(who))
    with pytest.raises(Denied, match="Nobody of this partnership"):
        make_person_file(person=full_site.cast.outsider, by=by)


def test_the_school_sees_that_its_review_was_handed_out(full_site: Site) -> None:
    broker = full_site.cast.broker
    before = AuditView.objects.count()
    client = sign_in("administrator", full_site)
    page = client.get(f"/records/requests/people/{broker.pk}/")
    assert page.status_code == 200
    assert AuditView.objects.count() == before, "the page counts, and shows nothing"
    answer = client.post(f"/records/requests/people/{broker.pk}/file/")
    assert answer["Content-Type"] == "application/zip"
    files = opened(answer.content)
    assert "promised help" in files.pop(READ_FIRST)
    assert "promised help" not in "".join(files.values())
    seen = AuditView.objects.get(what="a person’s data in a file")
    assert seen.urns == f" {full_site.school.urn} "
    assert AuditEntry.objects.filter(verb="made a file of a person's data").count() == 1
    assert verify_chain() == []


def test_people_take_their_own_from_their_page(full_site: Site) -> None:
    client = sign_in("governor", full_site)
    assert 'href="/records/about-you/"' in client.get("/role/").content.decode()
    assert "Appointments" in client.get("/records/about-you/").content.decode()
    files = opened(client.post("/records/about-you/file/").content)
    assert "Grace Lind" in files["held about you.html"]
    assert AuditEntry.objects.filter(verb="took the own data").count() == 1


def test_the_command_writes_a_file_that_others_cannot_read(full_site: Site, tmp_path: Path) -> None:
    target = tmp_path / "person.zip"
    email = full_site.cast.broker.email
    call_command("export_person", email, "--to", str(target), stdout=io.StringIO())
    assert "held about you.html" in opened(target.read_bytes())
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_person", email, "--to", str(target))
    with pytest.raises(CommandError, match="nobody signs in"):
        call_command("export_person", "nobody@example.org", "--to", str(target))
