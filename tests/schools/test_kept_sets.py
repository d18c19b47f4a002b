"""Sets of similar schools that are kept: once, by whom it may be, and for ever as they were."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.queries import in_words
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.schools.actions import kept as actions
from bridgehead.schools.models import KeptSet

pytestmark = pytest.mark.django_db


def keep(site, by="officer", **changed):
    given = {
        "partnership": site.partnership,
        "organisation": site.school,
        "picture": site.picture,
        "purpose": "Maths plan, spring 2027",
        "token": uuid4(),
        "by": by if not isinstance(by, str) else site.reader(by),
    }
    return actions.keep_similar(**given | changed)


def test_a_set_is_kept_as_the_picture_has_it(site):
    kept, pictured = keep(site), site.picture.school(site.school.urn)
    kept.refresh_from_db()
    assert [(n["urn"], n["distance"], n["differences"]) for n in kept.neighbours] == [
        (n.urn, n.distance, n.differences) for n in pictured.similar
    ]
    assert (kept.picture, kept.context) == (site.picture.digest, pictured.context)
    assert (kept.method, kept.kept_by) == ("bridgehead", site.cast.officer)
    line = AuditEntry.objects.get(verb="kept a set of similar schools")
    assert (line.actor, line.details["urn"]) == (
        site.cast.officer.pseudonym.word,
        site.school.urn,
    )


def test_the_ledger_tells_of_a_set_only_to_those_who_see_it(site):
    line = AuditEntry.objects.get(about_of(keep(site)))
    (told,) = in_words([line], site.reader("administrator"))
    assert "Maths plan" not in told.details
    assert str(site.school.urn) not in f"{told.about}{told.details}"
    (told,) = in_words([line], site.reader("officer"))
    assert "Maths plan" in told.details


def about_of(kept):
    return Q(object_kind="schools.keptset", object_id=str(kept.pk))


def test_the_button_pressed_twice_keeps_one(site):
    token = uuid4()
    assert keep(site, token=token) == keep(site, token=token)
    assert KeptSet.objects.count() == 1
    assert AuditEntry.objects.filter(verb="kept a set of similar schools").count() == 1


@pytest.mark.parametrize("who", ["head", "governor", "board_member", "administrator", "outsider"])
def test_nobody_else_keeps_one(site, who):
    with pytest.raises(Denied):
        keep(site, by=who)
    assert not KeptSet.objects.exists()


def test_a_named_person_keeps_it(site):
    with pytest.raises(Denied):
        keep(site, by=COMMAND_LINE)


def test_without_its_line_in_the_ledger_nothing_is_kept(site, monkeypatch):
    def fail(**_):
        raise RuntimeError("the ledger is shut")

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        keep(site)
    assert not KeptSet.objects.exists()


def test_a_set_has_a_purpose_and_a_school_of_the_partnership(site):
    with pytest.raises(ValueError, match="purpose"):
        keep(site, purpose="  ")
    with pytest.raises(KeyError):
        keep(site, partnership=site.elsewhere, by="outsider")


def test_the_database_refuses_every_change(site):
    kept = keep(site)
    kept.purpose = "Another"
    for change in (
        kept.save,
        lambda: KeptSet.objects.filter(pk=kept.pk).update(neighbours=[]),
        lambda: KeptSet.objects.bulk_update([kept], ["purpose"]),
    ):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            change()
    kept.refresh_from_db()
    assert kept.purpose == "Maths plan, spring 2027"


def test_it_is_kept_on_the_page_and_listed_by_date(site, client):
    client.force_login(site.cast.broker)
    urn = site.school.urn
    address = reverse("desk:keep-similar", args=[urn])
    assert address in client.get(reverse("desk:similar", args=[urn])).content.decode()
    empty = client.post(address, {"purpose": " ", "token": str(uuid4())})
    assert "Say what the set is kept for" in empty.content.decode()
    assert not KeptSet.objects.exists()
    answer = client.post(address, {"purpose": "Reading plan", "token": str(uuid4())})
    kept = KeptSet.objects.get()
    page = reverse("desk:kept-similar", args=[urn, kept.pk])
    assert answer["Location"] == page
    text = client.get(page).content.decode()
    assert "Reading plan" in text
    assert kept.neighbours[-1]["name"].split()[0] in text
    client.force_login(site.cast.head)  # the school itself sees what is kept of it
    shown = client.get(reverse("desk:similar", args=[urn])).content.decode()
    assert page in shown
    assert address not in shown


def test_a_kept_set_stands_under_its_own_school_only(site, client):
    client.force_login(site.cast.officer)
    kept = keep(site)
    other = reverse("desk:kept-similar", args=[site.other_school.urn, kept.pk])
    assert client.get(other).status_code == 404


def test_a_kept_set_is_read_without_the_picture_and_costs_the_same(site, client, monkeypatch):
    client.force_login(site.cast.officer)
    urn, counts = site.school.urn, []
    for _ in range(2):
        kept = keep(site)
        for name, arguments in (("similar", [urn]), ("kept-similar", [urn, kept.pk])):
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert client.get(reverse(f"desk:{name}", args=arguments)).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
