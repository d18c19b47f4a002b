"""The second factor: asked after the password, not to be skipped, each code once, and needed by all
who work beyond one school."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bridgehead.accounts.actions import disable_person, enable_person, verify_chain
from bridgehead.accounts.models import (
    AuditEntry,
    Authenticator,
    RecoveryCode,
    Session,
    User,
    WrongCode,
)
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.accounts.sign_in import factor, middleware, sealed, totp, views, wrong_codes
from bridgehead.accounts.sign_in.factor import Shown, accept, make_recovery_codes
from bridgehead.people.actions import appoint
from bridgehead.schools.actions import create_group
from bridgehead.schools.rules import GroupKind
from tests.accounts.test_routes import routes
from tests.cast import LONG_AGO, PASSWORD, SECRET, Site, code_of, person, with_app

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.66"


@pytest.fixture
def broker(small_site: Site) -> User:
    return small_site.cast.broker


def give_password(client: Client, who: User, **more: Any) -> Any:
    return client.post("/sign-in/", {"username": who.email, "password": PASSWORD, **more})


def give_code(client: Client, code: str, **more: Any) -> Any:
    return client.post("/sign-in/code/", {"code": code}, **more)


def key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def shown(who: User, given: str, address: str = HERE) -> Shown:
    return accept(person=who, given=given, address=address, by=COMMAND_LINE)


def wrong(who: User) -> str:
    """Six digits that are no code of now, a minute ago or in a minute."""
    now = totp.step_at(timezone.now().timestamp())
    right = {totp.code_at(SECRET, step) for step in range(now - 4, now + 5)}
    return next(code for n in range(20) if (code := f"{n:06d}") not in right)


# Signing in


def test_password_then_code_then_on_to_where_one_was_going(client: Client, broker: User) -> None:
    answer = give_password(client, broker, next="/role/?a=1")
    assert answer["Location"] == "/sign-in/code/"
    assert "Enter your code" in client.get("/sign-in/code/").content.decode()
    assert give_code(client, code_of(broker))["Location"] == "/role/?a=1"
    assert client.get("/role/").status_code == 200


def test_a_code_may_be_written_with_spaces(client: Client, broker: User) -> None:
    give_password(client, broker)
    code = code_of(broker)
    assert give_code(client, f" {code[:3]} {code[3:]} ").status_code == 302
    assert client.session[SESSION_KEY] == str(broker.pk)


def test_the_session_has_a_new_key_after_each_step(client: Client, broker: User) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "given-by-a-stranger"
    give_password(client, broker)
    half_way = key(client)
    assert half_way != "given-by-a-stranger"
    give_code(client, code_of(broker))
    assert key(client) not in {half_way, "given-by-a-stranger"}
    assert not Session.objects.filter(pk__in=[half_way, "given-by-a-stranger"]).exists()


def test_who_is_half_way_is_signed_in_nowhere(client: Client, broker: User) -> None:
    """Whatever address is tried: each answers exactly as it answers somebody unknown."""
    give_password(client, broker)
    for address in every_address():
        if address == "/sign-in/code/":
            continue
        known, unknown = client.get(address), Client().get(address)
        assert (known.status_code, known.headers.get("Location")) == (
            unknown.status_code,
            unknown.headers.get("Location"),
        ), address
    assert SESSION_KEY not in client.session


def test_the_code_page_is_no_way_in_by_itself(client: Client, broker: User) -> None:
    assert give_code(client, code_of(broker))["Location"] == "/sign-in/"
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_a_wrong_code_is_told(client: Client, broker: User) -> None:
    give_password(client, broker)
    page = give_code(client, wrong(broker)).content.decode()
    assert "<title>Error: Enter your code" in page
    assert "That code is not right" in page
    assert SESSION_KEY not in client.session


def test_a_password_that_was_right_is_forgotten_after_ten_minutes(
    client: Client, broker: User
) -> None:
    give_password(client, broker)
    session = client.session
    note = session["half_way"]
    note["since"] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session["half_way"] = note
    session.save()
    assert give_code(client, code_of(broker))["Location"] == "/sign-in/"


def test_disabling_ends_what_is_half_way(client: Client, broker: User) -> None:
    give_password(client, broker)
    disable_person(person=broker, by=COMMAND_LINE)
    assert give_code(client, code_of(broker))["Location"] == "/sign-in/"
    enable_person(person=broker, by=COMMAND_LINE)
    assert give_code(client, code_of(broker))["Location"] == "/sign-in/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil"])
def test_nobody_is_sent_to_another_site(client: Client, broker: User, elsewhere: str) -> None:
    give_password(client, broker, next=elsewhere)
    assert "evil" not in give_code(client, code_of(broker), QUERY_STRING=f"next={elsewhere}").url


# Codes


def test_a_code_is_taken_once(broker: User) -> None:
    code = code_of(broker)
    assert shown(broker, code) is Shown.APP
    assert shown(broker, code) is Shown.WRONG


def test_a_code_before_one_that_was_used_is_not_taken(broker: User) -> None:
    now = totp.step_at(timezone.now().timestamp())
    Authenticator.objects.filter(person=broker).update(last_step=now)
    assert shown(broker, totp.code_at(SECRET, now)) is Shown.WRONG
    assert shown(broker, totp.code_at(SECRET, now + 1)) is Shown.APP


def test_another_persons_code_opens_nothing(small_site: Site, broker: User) -> None:
    app = Authenticator.objects.get(person=small_site.cast.officer)
    app.sealed_secret = sealed.seal(totp.new_secret())
    app.save()
    assert shown(small_site.cast.officer, code_of(broker)) is Shown.WRONG


def test_a_recovery_code_works_once_and_is_told_of(client: Client, broker: User) -> None:
    codes = make_recovery_codes(person=broker, by=COMMAND_LINE)
    assert len(set(codes)) == factor.RECOVERY_CODES
    give_password(client, broker)
    assert give_code(client, codes[0].upper().replace("-", " ")).status_code == 302
    assert client.session[SESSION_KEY] == str(broker.pk)
    line = AuditEntry.objects.get(verb="used a recovery code")
    assert (line.actor, line.details) == (broker.pseudonym.word, {"left": 9})
    assert shown(broker, codes[0]) is Shown.WRONG
    assert shown(broker, codes[1]) is Shown.RECOVERY


def test_new_recovery_codes_take_the_place_of_the_old(broker: User) -> None:
    old = make_recovery_codes(person=broker, by=COMMAND_LINE)
    new = make_recovery_codes(person=broker, by=COMMAND_LINE)
    assert shown(broker, old[0]) is Shown.WRONG
    assert shown(broker, new[0]) is Shown.RECOVERY


def test_neither_secret_nor_recovery_codes_can_be_read_in_the_database(broker: User) -> None:
    codes = make_recovery_codes(person=broker, by=COMMAND_LINE)
    kept = str(list(Authenticator.objects.values())) + str(list(RecoveryCode.objects.values()))
    kept += str(list(AuditEntry.objects.values()))
    for secret in (SECRET.decode(), totp.as_text(SECRET), SECRET.hex(), codes[0][:9]):
        assert secret not in kept


def test_with_another_secret_key_recovery_codes_still_work(broker: User, settings: Any) -> None:
    codes = make_recovery_codes(person=broker, by=COMMAND_LINE)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    assert shown(broker, code_of(broker)) is Shown.WRONG
    assert shown(broker, codes[0]) is Shown.RECOVERY
    settings.SECRET_KEY_FALLBACKS = [before]
    assert shown(broker, code_of(broker)) is Shown.APP


# Too many


def test_after_five_wrong_codes_even_the_right_one_waits(client: Client, broker: User) -> None:
    give_password(client, broker)
    for _ in range(wrong_codes.FROM_ONE_ADDRESS):
        assert give_code(client, wrong(broker)).status_code == 200
    assert give_code(client, code_of(broker)).status_code == 429
    assert SESSION_KEY not in client.session
    WrongCode.objects.update(at=timezone.now() - wrong_codes.WITHIN)
    assert give_code(client, code_of(broker)).status_code == 302


def test_wrong_codes_elsewhere_do_not_lock_a_person_out(broker: User) -> None:
    for _ in range(wrong_codes.FROM_ONE_ADDRESS + 3):
        shown(broker, wrong(broker), ELSEWHERE)
    assert shown(broker, code_of(broker), ELSEWHERE) is Shown.TOO_MANY
    assert shown(broker, code_of(broker), HERE) is Shown.APP


def test_a_crowd_that_knows_the_password_cannot_go_on_guessing(broker: User) -> None:
    for n in range(wrong_codes.FROM_ANYWHERE):
        assert shown(broker, wrong(broker), f"198.51.100.{n}") is Shown.WRONG
    assert shown(broker, code_of(broker), HERE) is Shown.TOO_MANY
    WrongCode.objects.update(at=timezone.now() - wrong_codes.WITHIN_LONG)
    assert shown(broker, code_of(broker), HERE) is Shown.APP


def test_a_right_code_ends_the_count_of_its_address_alone(broker: User) -> None:
    for address in (HERE, ELSEWHERE):
        shown(broker, wrong(broker), address)
    shown(broker, code_of(broker), HERE)
    assert set(WrongCode.objects.values_list("address", flat=True)) == {ELSEWHERE}


# Needed by all who work beyond one school


#: Stands for each part of an address that is no row's number. Whether the object exists does not
#: matter: nobody gets there.
PARTS = {
    "uidb64": "MQ",
    "token": "set-password",
    "urn": 900001,
    "key": "ks2.rwm_expected",
    "release_id": "0" * 12,
    "what": "sent",
    "provider": "google",
}


def every_address() -> list[str]:
    """One address for each route of the site."""
    found = []
    for name, route in routes():
        pattern: Any = route.pattern
        named = [*pattern.converters, *getattr(pattern, "regex", re.compile("")).groupindex]
        found.append(reverse(name, kwargs={part: PARTS.get(part, 1) for part in named}))
    return found


@pytest.fixture
def newcomer(small_site: Site) -> User:
    """A broker who has set up nothing."""
    made = person("Nia Bowen")
    appoint(
        person=made,
        role="broker",
        partnership=small_site.partnership,
        starts=LONG_AGO,
        by=COMMAND_LINE,
    )
    return made


def beyond(client: Client, method: str) -> list[str]:
    """What a person without a second factor reaches other than the page where one is set up."""
    allowed = {reverse(name) for name in middleware.OPEN}
    set_up = reverse(middleware.SET_UP)
    return [
        address
        for address in every_address()
        if address not in allowed
        and client.generic(method, address).headers.get("Location") != set_up
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_a_newcomer_who_needs_one_reaches_nothing_else(
    client: Client, newcomer: User, method: str
) -> None:
    client.force_login(newcomer)
    assert beyond(client, method) == []


def test_the_guard_is_what_keeps_them_there(client: Client, newcomer: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(newcomer)
    assert len(beyond(client, "GET")) > 10


def test_a_demo_does_without_and_says_so(client: Client, newcomer: User, settings: Any) -> None:
    assert "demonstration" not in client.get("/sign-in/").text
    settings.SECOND_FACTOR_REQUIRED = False
    assert "This is a demonstration: a password is enough here" in client.get("/sign-in/").text
    assert give_password(client, newcomer)["Location"] == "/signed-in/"
    assert client.get("/support-review/").status_code == 200


def test_heads_and_governors_may_do_without(client: Client, small_site: Site) -> None:
    for who in (small_site.cast.head, small_site.cast.governor):
        client.force_login(who)
        assert client.get("/role/").status_code == 200
        assert client.get("/second-factor/set-up/").status_code == 200


def test_who_sees_several_schools_needs_one(client: Client, small_site: Site) -> None:
    schools = [small_site.school, small_site.other_school]
    group = create_group(
        partnership=small_site.partnership,
        kind=GroupKind.TRUST,
        name="Two Rivers",
        schools=schools,
        joined=LONG_AGO,
        by=COMMAND_LINE,
    )
    made = person("Kit Lowe")
    appoint(
        person=made,
        role="trust_improvement_lead",
        partnership=small_site.partnership,
        group=group,
        starts=LONG_AGO,
        by=COMMAND_LINE,
    )
    client.force_login(made)
    assert client.get("/role/")["Location"] == "/second-factor/set-up/"


def test_an_appointment_that_reaches_further_is_noticed_at_once(
    client: Client, small_site: Site
) -> None:
    head = small_site.cast.head
    client.force_login(head)
    assert client.get("/role/").status_code == 200
    appoint(person=head, role="board_member", partnership=small_site.partnership, by=COMMAND_LINE)
    assert client.get("/role/")["Location"] == "/second-factor/set-up/"


# Setting one up, changing and removing it


def key_on_page(client: Client) -> bytes:
    import base64

    page = client.get("/second-factor/set-up/").content.decode()
    assert 'src="data:image/svg+xml' in page
    found = re.search(r'class="bh-key">(.*?)</p>', page, re.DOTALL)
    assert found
    return base64.b32decode("".join(re.findall(r"<span>(\w+)</span>", found[1])))


def set_up(client: Client, **more: Any) -> Any:
    secret = key_on_page(client)
    code = totp.code_at(secret, totp.step_at(timezone.now().timestamp()))
    return client.post("/second-factor/set-up/", {"code": code, **more})


def test_a_newcomer_is_led_there_sets_one_up_and_is_in(client: Client, newcomer: User) -> None:
    other = Client()
    for each in (other, client):
        assert give_password(each, newcomer).status_code == 302
    page = client.get("/second-factor/set-up/").content.decode()
    assert "Nothing else can be opened until this is done" in page
    assert "Your password" not in page  # given a moment ago
    before = key(client)
    assert set_up(client)["Location"] == "/second-factor/codes/"
    assert key(client) != before
    codes = re.findall(r"<li>([a-z2-9-]{29})</li>", client.get("/second-factor/codes/").text)
    assert len(codes) == factor.RECOVERY_CODES
    assert client.get("/second-factor/codes/").text.count(codes[0]) == 1  # loaded again
    assert client.post("/second-factor/codes/")["Location"] == "/signed-in/"
    assert client.get("/second-factor/codes/")["Location"] == "/second-factor/"
    assert client.get("/support-review/").status_code == 200
    assert other.get("/role/")["Location"].startswith("/sign-in/")  # it never showed the factor
    line = AuditEntry.objects.get(verb="set up a second factor", actor=newcomer.pseudonym.word)
    assert line.details == {}
    third = Client()
    assert give_password(third, newcomer)["Location"] == "/sign-in/code/"
    assert give_code(third, codes[3]).status_code == 302
    assert verify_chain() == []


def test_the_code_that_set_it_up_does_not_sign_in_too(client: Client, newcomer: User) -> None:
    give_password(client, newcomer)
    secret = key_on_page(client)
    code = totp.code_at(secret, totp.step_at(timezone.now().timestamp()))
    client.post("/second-factor/set-up/", {"code": code})
    assert shown(newcomer, code) is Shown.WRONG


def test_a_wrong_first_code_sets_up_nothing(client: Client, newcomer: User) -> None:
    give_password(client, newcomer)
    secret = key_on_page(client)
    page = client.post("/second-factor/set-up/", {"code": wrong(newcomer)})
    assert "That code is not right" in page.text or page.status_code == 302
    assert key_on_page(client) == secret  # the same picture again


def test_who_signed_in_long_ago_gives_the_password_again(client: Client, small_site: Site) -> None:
    head = small_site.cast.head
    client.force_login(head)
    session = client.session
    session["since"] = (timezone.now() - views.FRESH).isoformat()
    session.save()
    assert set_up(client, password="not-the-password").status_code == 200
    head.refresh_from_db()
    assert head.second_factor_at is None
    assert set_up(client, password=PASSWORD).status_code == 302
    head.refresh_from_db()
    assert head.second_factor_at is not None


def test_a_second_app_needs_the_first_removed(client: Client, broker: User) -> None:
    client.force_login(broker)
    assert client.get("/second-factor/set-up/")["Location"] == "/second-factor/"
    assert client.post("/second-factor/set-up/", {"code": "1"})["Location"] == "/second-factor/"
    with pytest.raises(Denied):
        with_app(broker)


@pytest.mark.parametrize(
    ("address", "onward"),
    [
        ("/second-factor/remove/", "/second-factor/"),
        ("/second-factor/codes/new/", "/second-factor/codes/"),
    ],
)
def test_changes_need_a_code(client: Client, broker: User, address: str, onward: str) -> None:
    client.force_login(broker)
    before = set(RecoveryCode.objects.filter(person=broker).values_list("digest", flat=True))
    assert "Error: " in client.post(address, {"code": wrong(broker)}).text
    assert "Error: " in client.post(address, {"code": ""}).text
    after = set(RecoveryCode.objects.filter(person=broker).values_list("digest", flat=True))
    assert before == after
    assert client.post(address, {"code": code_of(broker)})["Location"] == onward
    assert not before & set(RecoveryCode.objects.values_list("digest", flat=True))


def test_removing_it_ends_other_sessions_and_leads_back(client: Client, broker: User) -> None:
    other = Client()
    for each in (other, client):
        each.force_login(broker)
    client.post("/second-factor/remove/", {"code": code_of(broker)})
    assert client.get("/role/")["Location"] == "/second-factor/set-up/"
    assert other.get("/role/")["Location"].startswith("/sign-in/")
    assert AuditEntry.objects.filter(verb="removed a second factor").count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "/sign-in/code/",
        "/second-factor/set-up/",
        "/second-factor/remove/",
        "/second-factor/codes/",
        "/second-factor/codes/new/",
        "/second-factor/passkeys/new/",
        "/sessions/",
    ],
)
def test_every_form_needs_its_token(broker: User, address: str) -> None:
    """And it is the token that is missing: without the check the same request goes through."""
    for strict, status in ((True, {403}), (False, {200, 302})):
        client = Client(enforce_csrf_checks=strict)
        if address != "/sign-in/code/":
            client.force_login(broker)
        assert client.post(address, {"code": "1"}).status_code in status
