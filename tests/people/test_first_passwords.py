"""Links to a first password: for whom, shown to whom, and until when."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from bridgehead.accounts.actions import create_person
from bridgehead.accounts.models import AccountElsewhere, AuditEntry, User
from bridgehead.accounts.queries import first_password_address
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.people.actions import appoint
from bridgehead.people.actions.appointments import MOST_LETTERS_AN_HOUR
from bridgehead.people.models import Appointment
from tests.cast import Site

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
SET = {"new_password1": "seventeen-quiet-otters", "new_password2": "seventeen-quiet-otters"}


@pytest.fixture
def new(small_site: Site) -> Appointment:
    """Ida Holm is appointed and has no password yet."""
    ida = create_person(email="ida@example.org", name="Ida Holm", password=None, by=COMMAND_LINE)
    return appoint(
        person=ida, role="board_member", partnership=small_site.partnership, by=COMMAND_LINE
    )


def page_of(site: Site, held: Appointment, post: bool = False) -> str:
    client = Client()
    client.force_login(site.cast.administrator, backend=BACKEND)
    answer = client.post(f"/people/{held.pk}/") if post else client.get(f"/people/{held.pk}/")
    return str(answer.content.decode())


def by_an_account_elsewhere(ida: User) -> None:
    AccountElsewhere.objects.create(person=ida, issuer="https://login.example.org", subject="1")


def once_before(ida: User) -> None:
    User.objects.filter(pk=ida.pk).update(last_login=now())


@pytest.mark.parametrize("signs_in", [by_an_account_elsewhere, once_before])
@pytest.mark.parametrize("post", [False, True])
def test_nobody_who_signs_in_without_a_password_is_given_one_by_somebody_else(
    small_site: Site, new: Appointment, settings, signs_in, post: bool
) -> None:
    assert "/password/set/" in page_of(small_site, new)
    signs_in(new.person)
    settings.EMAIL_GOES_OUT = post
    page = page_of(small_site, new, post=post)
    assert "Ida Holm" in page
    assert "/password/set/" not in page
    assert "password" not in page.split("<main")[1].split("</main")[0]
    assert mail.outbox == []


def test_a_link_ends_with_the_first_sign_in_of_whatever_kind(new: Appointment) -> None:
    link = first_password_address(new.person)
    form = Client()
    address = form.get(link)["Location"]  # opened before, and not sent yet
    Client().force_login(new.person, backend=BACKEND)
    assert "This link no longer works" in Client().get(link).content.decode()
    form.post(address, SET)
    new.person.refresh_from_db()
    assert not new.person.has_usable_password()


def test_where_partnerships_share_a_site_with_email_the_link_goes_to_the_person_alone(
    small_site: Site, new: Appointment, settings
) -> None:
    assert "Whoever sees this address can use it" in page_of(small_site, new)
    settings.EMAIL_GOES_OUT = True
    assert "/password/set/" not in page_of(small_site, new)
    page = page_of(small_site, new, post=True)
    assert "is on its way to Ida Holm" in page
    assert "/password/set/" not in page
    (letter,) = mail.outbox
    assert letter.to == ["ida@example.org"]
    link = re.search(r"http://testserver(/password/set/\S+)", letter.body)[1]
    client = Client()
    client.post(client.get(link)["Location"], SET)
    new.person.refresh_from_db()
    assert new.person.check_password("seventeen-quiet-otters")
    assert AuditEntry.objects.filter(verb="sent a link to a first password").count() == 1


def test_nobody_is_sent_letters_without_end(small_site: Site, new: Appointment, settings) -> None:
    settings.EMAIL_GOES_OUT = True
    for _ in range(MOST_LETTERS_AN_HOUR):
        assert "is on its way" in page_of(small_site, new, post=True)
    assert "Ida Holm has been sent 3 in this hour" in page_of(small_site, new, post=True)
    assert len(mail.outbox) == MOST_LETTERS_AN_HOUR


def test_where_there_is_one_partnership_the_link_is_handed_over(
    small_site: Site, new: Appointment, settings
) -> None:
    small_site.alone()
    settings.EMAIL_GOES_OUT = True
    page = page_of(small_site, new)
    assert "/password/set/" in page
    assert "Whoever sees this address can use it" not in page
