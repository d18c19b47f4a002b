"""Signing in with a password, as a head does; throttled so that no stranger locks a person out;
ended when disabled. What comes after the password: ``test_second_factor``."""

import pytest
from django.conf import settings
from django.test import Client

from bridgehead.accounts.actions import (
    create_person,
    disable_person,
    enable_person,
    verify_chain,
)
from bridgehead.accounts.models import INSTALLATION, AuditEntry, Session
from bridgehead.accounts.queries import first_password_address
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in.wrong_codes import FROM_ONE_ADDRESS
from bridgehead.accounts.throttle import address
from tests.cast import PASSWORD, Site

pytestmark = pytest.mark.django_db

HELEN = "helen.okafor@example.org"


def sign_in(client: Client, email: str = HELEN, password: str = PASSWORD, **more: str) -> int:
    """Try; gives the status: 302 in, 200 not."""
    given = {"username": email, "password": password}
    return client.post("/sign-in/", given, **more).status_code


def test_by_email_in_any_case(client: Client, small_site: Site) -> None:
    assert sign_in(client, " Helen.OKAFOR@example.org ") == 302
    assert client.session["_auth_user_id"] == str(small_site.cast.head.pk)


@pytest.mark.parametrize(
    ("email", "password"),
    [(HELEN, "not-the-password"), ("nobody@example.org", PASSWORD), (HELEN, "")],
)
def test_wrong_is_told_without_saying_what(
    client: Client, small_site: Site, email: str, password: str
) -> None:
    page = client.post("/sign-in/", {"username": email, "password": password}).content.decode()
    assert "<title>Error: Sign in" in page
    assert "There is a problem" in page


def test_five_wrong_passwords_from_one_address_are_enough(client: Client, small_site: Site) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, password="wrong", REMOTE_ADDR="192.0.2.1")
    assert sign_in(client, REMOTE_ADDR="192.0.2.1") == 429
    assert sign_in(client, HELEN.upper(), REMOTE_ADDR="192.0.2.1") == 429


def test_a_stranger_elsewhere_cannot_lock_a_person_out(client: Client, small_site: Site) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT + 2):
        sign_in(Client(), password="wrong", REMOTE_ADDR="192.0.2.66")
    assert sign_in(client, REMOTE_ADDR="192.0.2.1") == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "10.9.9.9, 203.0.113.9, 192.0.2.50", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    rf, settings, proxies: int, forwarded: str, believed: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert address(request) == believed


@pytest.mark.parametrize(
    ("said", "counted_by"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
    ],
)
def test_whoever_has_one_address_of_a_network_has_all(rf, said: str, counted_by: str) -> None:
    assert address(rf.get("/", REMOTE_ADDR=said)) == counted_by


def test_the_present_password_is_no_place_to_guess_it(client: Client, small_site: Site) -> None:
    """Whoever finds a browser in which somebody is signed in has a few tries, like everywhere."""
    sign_in(client)
    new = "seventeen-quiet-otters"
    given = {"new_password1": new, "new_password2": new}
    answers = [
        client.post("/password/", given | {"old_password": f"wrong {n}"}).status_code
        for n in range(FROM_ONE_ADDRESS + 1)
    ]
    assert answers == [200] * FROM_ONE_ADDRESS + [429]
    assert client.post("/password/", given | {"old_password": PASSWORD}).status_code == 429
    small_site.cast.head.refresh_from_db()
    assert small_site.cast.head.check_password(PASSWORD)


def test_disabling_a_person_ends_every_session_for_good(client: Client, small_site: Site) -> None:
    person = small_site.cast.head
    sign_in(client)
    assert client.get("/role/").status_code == 200
    disable_person(person=person, by=COMMAND_LINE)
    assert client.get("/role/").status_code == 302
    enable_person(person=person, by=COMMAND_LINE)
    assert client.get("/role/").status_code == 302


def test_a_disabled_person_cannot_sign_in_and_is_not_told_why(
    client: Client, small_site: Site
) -> None:
    disable_person(person=small_site.cast.head, by=COMMAND_LINE)
    page = client.post("/sign-in/", {"username": HELEN, "password": PASSWORD}).content.decode()
    assert "The e-mail address or the password is not right" in page


def test_signing_in_makes_a_new_session(client: Client, small_site: Site) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "given-by-a-stranger"
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "given-by-a-stranger"
    assert not Session.objects.filter(session_key="given-by-a-stranger").exists()


ELSEWHERE = (
    "https://evil.example/",
    "http:evil.example",
    "//evil.example/",
    "///evil.example/",
    "/\\evil",
    "\\\\evil",
    "javascript:evil()",
    "\x00//evil.example/",
)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site(client: Client, small_site: Site, elsewhere: str) -> None:
    given = {"username": HELEN, "password": PASSWORD, "next": elsewhere}
    assert "evil" not in client.post("/sign-in/", given)["Location"]
    assert "evil" not in client.get("/sign-in/", {"next": elsewhere})["Location"]  # signed in
    assert "evil" not in client.post("/sign-out/", {"next": elsewhere})["Location"]


@pytest.mark.parametrize("way", ["/sign-in/", "/sign-in/?next=/sign-in/", "/sign-in/#a"])
def test_a_way_back_to_the_sign_in_page_does_not_go_round(
    client: Client, small_site: Site, way: str
) -> None:
    given = {"username": HELEN, "password": PASSWORD, "next": way}
    assert client.post("/sign-in/", given)["Location"] == "/signed-in/"
    assert client.get("/sign-in/", {"next": way})["Location"] == "/signed-in/"


def test_one_is_sent_back_to_where_one_was_going(client: Client, small_site: Site) -> None:
    asked = client.get("/password/?a=1")
    assert asked["Location"] == "/sign-in/?next=/password/%3Fa%3D1"
    page = client.get(asked["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/password/?a=1">' in page


def test_forms_need_their_token(small_site: Site) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict) == 403


def test_a_new_password_ends_other_sessions(client: Client, small_site: Site) -> None:
    other = Client()
    sign_in(other)
    sign_in(client)
    new = "seventeen-quiet-otters"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password/", given)["Location"] == "/password/changed/"
    assert client.get("/role/").status_code == 200
    assert other.get("/role/").status_code == 302


@pytest.mark.parametrize("weak", ["short", "password1234", "helen.okafor@example.org"])
def test_weak_passwords_are_refused(client: Client, small_site: Site, weak: str) -> None:
    sign_in(client)
    given = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    assert client.post("/password/", given).status_code == 200
    small_site.cast.head.refresh_from_db()
    assert small_site.cast.head.check_password(PASSWORD)


def test_the_link_for_a_first_password_works_once(client: Client, small_site: Site) -> None:
    person = create_person(email="new@example.org", name="New", password=None, by=COMMAND_LINE)
    link = first_password_address(person)
    form = client.get(link)["Location"]
    new = "seventeen-quiet-otters"
    given = {"new_password1": new, "new_password2": new}
    assert client.post(form, given)["Location"] == "/sign-in/"
    assert sign_in(client, "new@example.org", new) == 302
    assert "This link no longer works" in Client().get(link).content.decode()
    line = AuditEntry.objects.get(verb="set a password by a link")
    # Who holds nothing here leaves no line in the ledger of the partnership.
    assert (line.actor, line.partnership_id) == (person.pseudonym.word, INSTALLATION)
    assert new not in str(line.details)


def test_a_password_is_changed_with_its_line_in_the_ledger_or_not_at_all(
    small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "seventeen-quiet-otters"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client = Client(raise_request_exception=False)
    sign_in(client)

    def broken(**_: object) -> None:
        raise RuntimeError("the ledger cannot be written")

    with monkeypatch.context() as patch:
        patch.setattr("bridgehead.accounts.views.record", broken)
        assert client.post("/password/", given).status_code == 500
    small_site.cast.head.refresh_from_db()
    assert small_site.cast.head.check_password(PASSWORD)
    client.post("/password/", given)
    line = AuditEntry.objects.get(verb="changed their password")
    assert line.actor == small_site.cast.head.pseudonym.word
    assert verify_chain() == []
