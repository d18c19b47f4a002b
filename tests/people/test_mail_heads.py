"""What is typed about somebody cannot write another head into the letter that goes to them."""

import pytest
from django.core import mail
from django.test import Client

from bridgehead.people.models import Invitation
from tests.cast import Site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "changed",
    [
        {"email": "noor@example.org\r\nBcc: everybody@example.org"},
        {"email": "noor@example.org\n\nBuy this"},
        {"email": "noor@example.org,everybody@example.org"},
        {"name": "Noor\r\nBcc: everybody@example.org"},
    ],
)
def test_a_line_break_makes_no_head_of_a_letter(
    client: Client, small_site: Site, settings, changed: dict[str, str]
) -> None:
    settings.EMAIL_GOES_OUT = True
    client.force_login(small_site.cast.head)
    given = {"name": "Noor Aziz", "email": "noor@example.org", "role": "governor"} | changed
    client.post(f"/people/of/{small_site.school.urn}/invite/", given)
    for letter in mail.outbox:
        assert letter.recipients() == ["noor@example.org"]
        assert "bcc" not in {name.lower() for name in letter.message().keys()}  # noqa: SIM118
    assert not Invitation.objects.exclude(email="noor@example.org").exists()
