"""The pages that tell what is kept, the starting texts, and the contacts beside free text."""

import pytest
from django.test import Client

from bridgehead.accounts.models import AuditEntry
from bridgehead.records.rules import kinds
from tests.cast import Site
from tests.records.conftest import sign_in

pytestmark = pytest.mark.django_db


def test_everybody_can_read_what_is_kept(client: Client, small_site: Site) -> None:
    page = client.get("/records/").content.decode()
    for kind in kinds().values():
        assert f'id="{kind.key}"' in page
        assert kind.because[:30] in page.replace("&#x27;", "'")
    assert "Data-sharing agreement" not in page
    assert 'href="/records/"' in client.get("/who-can-see/").content.decode()


@pytest.mark.parametrize("name", ["processing", "agreement", "impact-assessment"])
def test_a_starting_text_says_that_it_is_one(small_site: Site, name: str) -> None:
    page = sign_in("governor", small_site).get(f"/records/{name}/").content.decode()
    assert "your data protection officer completes it" in page
    assert "Print this page" in page
    personal = [kind for kind in kinds().values() if kind.personal or name != "impact-assessment"]
    assert all(kind.name in page for kind in personal)


def test_an_administrator_says_whom_to_call(small_site: Site) -> None:
    client = sign_in("administrator", small_site)
    page = client.get("/records/requests/").content.decode()
    assert "call the designated safeguarding lead or children’s social care; in an" in page
    given = {"contact": " Bridgeshire front door, 01632 960001 ", "out_of_hours": "01632 960002"}
    client.post("/records/requests/safeguarding/", given)
    page = client.get("/records/requests/").content.decode()
    assert "call Bridgeshire front door, 01632 960001; outside office hours 01632 960002" in page
    client.post("/records/requests/safeguarding/", given)
    assert AuditEntry.objects.filter(verb="changed the safeguarding contacts").count() == 1
    small_site.partnership.refresh_from_db()
    assert set(small_site.partnership.settings) == {
        "safeguarding_contact",
        "safeguarding_out_of_hours",
    }
