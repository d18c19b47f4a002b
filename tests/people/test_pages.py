"""The pages about people, and the reader that a request is given."""

import pytest
from django.test import Client
from django.utils.timezone import localdate

from bridgehead.accounts.actions import create_person
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import COMMAND_LINE, Permission
from bridgehead.people.actions import appoint
from bridgehead.people.models import Appointment
from tests.cast import Site, person, with_app

pytestmark = pytest.mark.django_db

ELSEWHERE = {"host": "elsewhere.localhost"}


@pytest.fixture
def signed_in(client: Client, small_site: Site):
    def as_(who: str) -> Client:
        client.force_login(
            getattr(small_site.cast, who), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return as_


@pytest.mark.parametrize("known", [False, True])
def test_nobody_learns_by_appointing_whom_another_partnership_knows(
    signed_in, small_site: Site, known: bool
) -> None:
    """A stranger's address and that of somebody known elsewhere are answered alike."""
    email = small_site.cast.outsider.email if known else "ida@example.org"
    given = {"name": "Ida Holm", "email": email, "role": "board_member"}
    page = signed_in("administrator").post("/people/appoint/", given).content.decode()
    assert page.count("Nobody here has this address. Invite them instead.") == 2
    assert "Nadia Brandt" not in page
    assert not User.objects.filter(email="ida@example.org").exists()
    assert not Appointment.objects.filter(role="board_member", person__email=email).exists()


def test_an_administrator_appoints_a_head_and_hands_over_the_link(
    signed_in, small_site: Site
) -> None:
    small_site.alone()
    client = signed_in("administrator")
    given = {
        "name": "Ida Holm",
        "email": "ida@example.org",
        "role": "head",
        "school": small_site.other_school.pk,
    }
    page = client.post("/people/appoint/", given, follow=True).content.decode()
    assert "Ida Holm has no password yet" in page
    assert "http://testserver/password/set/" in page
    made = Appointment.objects.get(person__email="ida@example.org")
    assert (made.organisation, made.starts) == (small_site.other_school, localdate())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter the full name"),
        ({"email": "ida"}, "Enter an e-mail address like name@example.org"),
        ({"role": ""}, "Choose a role"),
        ({"role": "head", "school": ""}, "Choose the school of the head teacher"),
        ({"role": "broker"}, "Choose no school"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    signed_in, small_site: Site, change: dict[str, str], said: str
) -> None:
    given = {
        "name": "Ida Holm",
        "email": "ida@example.org",
        "role": "head",
        "school": small_site.school.pk,
    }
    page = signed_in("administrator").post("/people/appoint/", given | change).content.decode()
    assert "<title>Error: Appoint somebody" in page
    assert page.count(said) == 2  # in the summary and at the field
    assert not Appointment.objects.filter(person__email="ida@example.org").exists()


def test_somebody_with_a_password_is_given_no_link(signed_in, small_site: Site) -> None:
    held = Appointment.objects.get(person=small_site.cast.broker)
    page = signed_in("administrator").get(f"/people/{held.pk}/").content.decode()
    assert "Priya Nair" in page
    assert "/password/set/" not in page


def test_nobody_becomes_a_broker_by_appointing_themselves(signed_in, small_site: Site) -> None:
    administrator = small_site.cast.administrator
    given = {"name": administrator.name, "email": administrator.email.upper(), "role": "broker"}
    answer = signed_in("administrator").post("/people/appoint/", given)
    assert answer.status_code == 403
    assert "You cannot appoint yourself" in answer.content.decode()
    assert not Appointment.objects.filter(person=administrator, role="broker").exists()


def test_another_partnership_is_not_handed_the_first_password_of_ours(
    signed_in, small_site: Site
) -> None:
    """With it, its administrator could sign in as our broker."""
    newcomer = create_person(
        email="ida@example.org", name="Ida Holm", password=None, by=COMMAND_LINE
    )
    ours, theirs = small_site.partnership, small_site.elsewhere
    appoint(person=newcomer, role="broker", partnership=ours, by=COMMAND_LINE)
    appoint(
        person=small_site.cast.outsider, role="administrator", partnership=theirs, by=COMMAND_LINE
    )
    client = signed_in("outsider")
    client.post("/role/", {"acting_as": _role_of("outsider", small_site)}, headers=ELSEWHERE)
    held = appoint(person=newcomer, role="board_member", partnership=theirs, by=COMMAND_LINE)
    page = client.get(f"/people/{held.pk}/", headers=ELSEWHERE).content.decode()
    assert "The partnership that first appointed Ida Holm hands over the address" in page
    assert "/password/set/" not in page
    held = Appointment.objects.get(person=newcomer, partnership=ours)
    page = signed_in("administrator").get(f"/people/{held.pk}/").content.decode()
    assert "/password/set/" in page


def _role_of(who: str, site: Site) -> int:
    return Appointment.objects.get(person=getattr(site.cast, who), role="administrator").pk


def test_an_appointment_is_ended_after_asking(signed_in, small_site: Site) -> None:
    client = signed_in("administrator")
    held = Appointment.objects.get(person=small_site.cast.broker)
    assert "End this appointment?" in client.get(f"/people/{held.pk}/end/").content.decode()
    ended = client.post(f"/people/{held.pk}/end/", follow=True).content.decode()
    assert "The appointment has ended" in ended
    assert "End this appointment?" not in ended
    assert "Priya Nair" not in client.get("/people/").content.decode()
    assert "Priya Nair" in client.get("/people/?ended").content.decode()


def test_another_partnerships_appointment_is_missing(signed_in, small_site: Site) -> None:
    theirs = Appointment.objects.get(person=small_site.cast.outsider)
    client = signed_in("administrator")
    for address in (f"/people/{theirs.pk}/", f"/people/{theirs.pk}/end/", "/people/999999/"):
        assert client.get(address).status_code == 404
    client.post(f"/people/{theirs.pk}/end/")
    theirs.refresh_from_db()
    assert theirs.ends is None


def test_two_roles_are_acted_in_one_at_a_time(signed_in, small_site: Site) -> None:
    head = with_app(small_site.cast.head)
    appoint(person=head, role="administrator", partnership=small_site.partnership, by=COMMAND_LINE)
    client = signed_in("head")
    assert client.get("/signed-in/")["Location"] == "/role/"
    assert client.get("/people/").status_code == 403
    second = Appointment.objects.get(person=head, role="administrator")
    client.post("/role/", {"acting_as": second.pk})
    assert client.get("/people/").status_code == 200
    reader = client.get("/people/").wsgi_request.reader
    assert not reader.can_somewhere(Permission.SEE_OWN_SCHOOL)


def test_nobody_acts_in_anothers_role(signed_in, small_site: Site) -> None:
    client = signed_in("head")
    theirs = Appointment.objects.get(person=small_site.cast.administrator)
    client.post("/role/", {"acting_as": theirs.pk})
    assert client.get("/people/").status_code == 403
    session = client.session
    session["acting_as"] = theirs.pk
    session.save()
    assert client.get("/people/").status_code == 403


def test_somebody_without_a_role_is_told(client: Client, small_site: Site) -> None:
    client.force_login(person("Ida Holm"), backend="django.contrib.auth.backends.ModelBackend")
    assert "You hold no role" in client.get("/role/").content.decode()


def test_an_outsider_holds_nothing_here(signed_in, small_site: Site) -> None:
    response = signed_in("outsider").get("/role/")
    assert "You hold no role" in response.content.decode()
    assert response.wsgi_request.reader.grants == frozenset()


def test_lists_take_the_same_queries_whatever_their_length(
    signed_in, small_site: Site, django_assert_max_num_queries
) -> None:
    client = signed_in("administrator")
    for number in range(30):
        appoint(
            person=person(f"Person {number}"),
            role="governor",
            partnership=small_site.partnership,
            organisation=small_site.school,
            by=COMMAND_LINE,
        )
    for address in ("/people/", "/people/appoint/", "/audit/", "/role/", "/who-can-see/"):
        with django_assert_max_num_queries(9):
            assert client.get(address).status_code == 200


def test_who_can_see_shows_every_role(client: Client, small_site: Site) -> None:
    page = client.get("/who-can-see/").content.decode()
    assert "Authority officer" in page
    assert "own school" in page


@pytest.mark.parametrize("apart", [False, True])
def test_two_schools_by_two_appointments_are_more_than_one(
    signed_in, small_site: Site, apart: bool
) -> None:
    """A second role at the same school asks for no second factor; one at another school does."""
    appoint(
        person=small_site.cast.governor,
        role="governor" if apart else "clerk",
        organisation=small_site.other_school if apart else small_site.school,
        partnership=small_site.partnership,
        by=COMMAND_LINE,
    )
    answer = signed_in("governor").get("/role/")
    assert (answer.status_code == 302) is apart
    assert bool(answer.wsgi_request.beyond_one_school) is apart
