"""A disclosure holds what was asked for, no name, and says of each record what to look at."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import AuditEntry, AuditView, User
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.monitoring.models import Review
from bridgehead.records.actions import make_disclosure, make_person_file
from bridgehead.records.forms import DisclosureForm
from bridgehead.records.queries.disclosure import disclosable
from bridgehead.schools.models import Organisation
from tests.cast import NAMES, Site
from tests.records.conftest import sign_in
from tests.records.test_person import opened

pytestmark = pytest.mark.django_db

ALL = [kind.key for kind in disclosable()]
ADDRESS = "/records/requests/disclosure/file/"


def bundle(site: Site, who: str = "administrator", **asked: Any) -> dict[str, str]:
    today = localdate()
    given = {"keys": ["support_review"], "first": today, "last": today, "urns": frozenset()}
    content, _ = make_disclosure(topic="FOI 14", **(given | asked), by=site.reader(who))
    return opened(content)


def items(files: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files["disclosure.json"])["items"]
    return found


def asked(**change: Any) -> dict[str, Any]:
    today = localdate()
    days = {
        f"{name}_{part}": str(getattr(today, part))
        for name in ("first", "last")
        for part in ("day", "month", "year")
    }
    return {"topic": "FOI 14", "kinds": ["support_review"], "urns": ""} | days | change


def test_each_record_says_what_to_look_at(full_site: Site) -> None:
    files = bundle(full_site)
    found = items(files)
    assert {item["record"] for item in found} == {"reply", "judgement", "review", "review round"}
    reply = next(item for item in found if item["record"] == "reply")
    assert reply["stance"] == "Consider before releasing"
    assert "s.41: it was given in confidence" in reply["exemptions to look at"]
    assert "paragraph 1: information relating to any individual" in reply["committee"]
    assert reply["urn"] == full_site.school.urn
    index = list(csv.reader(io.StringIO(files["index.csv"].lstrip("\ufeff"))))
    assert len(index) == len(found) + 1
    assert [item["number"] for item in found] == list(range(1, len(found) + 1))
    assert "Not a decision" in files["disclosure.html"]


def test_nobody_is_named(full_site: Site) -> None:
    longest = localdate() - timedelta(days=9000)
    files = bundle(full_site, keys=ALL, first=longest)
    whole = "\n".join(files.values()).lower()
    assert len(items(files)) > 50
    for name in {*NAMES.values(), "Noor Aziz"}:
        assert name.lower() not in whole, name
    for address in User.objects.values_list("email", flat=True):
        assert address not in whole
    assert "[partnership broker] promised help" in whole
    assert "[e-mail address]" in whole


def test_only_what_was_asked_for(full_site: Site) -> None:
    of_one = items(bundle(full_site, urns=frozenset({full_site.school.urn})))
    assert {item["urn"] for item in of_one} == {full_site.school.urn}
    assert {item["record"] for item in of_one} == {"reply", "judgement", "review"}
    assert not items(bundle(full_site, urns=frozenset({1})))
    yesterday = localdate() - timedelta(days=1)
    assert not items(bundle(full_site, first=yesterday, last=yesterday))
    found = items(bundle(full_site, keys=["invitations"]))
    assert {item["kind"] for item in found} == {"Invitations"}


NEW = 990001


@pytest.mark.parametrize("typed", ["old", "new"])
def test_a_school_with_a_new_urn_keeps_its_records(full_site: Site, typed: str) -> None:
    """It became an academy: its reviews and kept sets stand under the URN that it had then."""
    old = full_site.school.urn
    Organisation.objects.filter(pk=full_site.school.pk).update(urn=NEW)
    client = sign_in("administrator", full_site)
    urns = str({"old": old, "new": NEW}[typed])
    kinds = ["support_review", "kept_sets"]
    answer = client.post(ADDRESS, asked(urns=urns, kinds=kinds))
    found = items(opened(answer.content))
    assert [i["record"] for i in found] == ["judgement", "reply", "review", "kept set"]
    assert {item["urn"] for item in found} == {NEW}
    seen = AuditView.objects.get(what="records put together for a request")
    assert seen.urns == f" {NEW} ", "the school looks under the URN that it has"


def test_too_many_schools_are_refused_in_words() -> None:
    known = {urn: urn for urn in range(100_001, 100_500)}
    form = DisclosureForm(asked(urns=" ".join(map(str, list(known)[:400]))), known=known)
    assert form.is_valid(), form.errors
    assert len(form.cleaned_data["urns"]) == 400
    form = DisclosureForm(asked(urns=" ".join(map(str, list(known)[:401]))), known=known)
    assert "These are 401 schools, and at most 400 can be named at once" in str(form.errors["urns"])


def test_lines_of_the_audit_do_not_tell_a_review_past_its_school(full_site: Site) -> None:
    files = bundle(full_site, keys=["ledger"])
    judged = [i for i in items(files) if i["content"]["verb"] == "judged a review"]
    assert [i["content"]["details"] for i in judged] == ["told in the support review"]
    own = opened(make_person_file(person=full_site.cast.officer, by=COMMAND_LINE)[0])
    assert "reasons: As [Partnership broker] says." in own["held about you.html"]


def test_of_this_partnership_alone(full_site: Site) -> None:
    """The other partnership's one appointment, and none of ours, is in its own disclosure."""
    Review.objects.filter(organisation=full_site.other_school).update(
        partnership=full_site.elsewhere
    )
    longest = localdate() - timedelta(days=9000)
    urns = {item["urn"] for item in items(bundle(full_site)) if item["record"] == "review"}
    assert full_site.other_school.urn not in urns
    with pytest.raises(Denied, match="Only an administrator"):
        bundle(full_site, who="broker", first=longest)


def test_every_school_in_it_sees_so(full_site: Site) -> None:
    client = sign_in("administrator", full_site)
    before = AuditView.objects.count()
    assert client.get("/records/requests/disclosure/").status_code == 200
    answer = client.post(ADDRESS, asked(urns=str(full_site.school.urn)))
    assert answer["Content-Type"] == "application/zip"
    seen = AuditView.objects.get(what="records put together for a request")
    assert seen.urns == f" {full_site.school.urn} "
    assert AuditView.objects.count() == before + 1
    line = AuditEntry.objects.get(verb="made a disclosure")
    assert line.details["topic"] == "FOI 14"
    assert line.details["records"] == 3
    assert verify_chain() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"topic": ""}, "Say what is asked for"),
        ({"kinds": []}, "Choose at least one kind"),
        ({"first_day": ""}, "The first day must include a day"),
        ({"last_year": "1999"}, "The last day must not be before the first"),
        ({"urns": "123"}, "123 is not the URN of a member"),
        ({"urns": "٣"}, "٣ is not the URN of a member"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_shown(
    full_site: Site, change: dict[str, Any], said: str
) -> None:
    before = AuditView.objects.count()
    page = sign_in("administrator", full_site).post(ADDRESS, asked(**change)).content.decode()
    assert page.count(said) == 2  # in the summary and at the field
    assert AuditView.objects.count() == before
