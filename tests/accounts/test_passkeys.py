"""A passkey in place of a code: added after a code, bound to host, origin, challenge and person."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from bridgehead.accounts.models import AuditEntry, Passkey, User
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in import wrong_codes
from bridgehead.accounts.sign_in.factor import remove_second_factor
from tests.cast import PASSWORD, Site, code_of
from tests.device import Device

pytestmark = pytest.mark.django_db

ADD, CODE = "/second-factor/passkeys/new/", "/sign-in/code/"


@pytest.fixture
def broker(small_site: Site) -> User:
    return small_site.cast.broker


@pytest.fixture
def device(broker: User) -> Device:
    """Priya's device, with a passkey that the site knows."""
    client, made = Client(), Device()
    client.force_login(broker)
    assert add(client, broker, made).status_code == 302
    return made


def options(client: Client, address: str) -> str:
    found = re.search(r'data-options="([^"]+)"', client.get(address).text)
    return html.unescape(found[1]) if found else ""


def add(client: Client, who: User, device: Device) -> Any:
    client.post(ADD, {"code": code_of(who)})
    return client.post(ADD, {"answer": device.made(options(client, ADD))})


def half_way(client: Client, who: User) -> str:
    """Give the password; gives what the device is asked."""
    client.post("/sign-in/", {"username": who.email, "password": PASSWORD, "next": "/role/"})
    return options(client, CODE)


def show(client: Client, answer: str) -> bool:
    """Whether the answer lets the person in."""
    client.post(CODE, {"answer": answer})
    return SESSION_KEY in client.session


def test_a_passkey_signs_in_after_the_password(
    client: Client, broker: User, device: Device
) -> None:
    answer = client.post(CODE, {"answer": device.shown(half_way(client, broker))})
    assert answer["Location"] == "/role/"
    assert client.session[SESSION_KEY] == str(broker.pk)
    assert Passkey.objects.get().uses == 1
    line = AuditEntry.objects.get(verb="added a passkey")
    assert line.actor == broker.pseudonym.word


def test_it_needs_the_password_first(client: Client, broker: User, device: Device) -> None:
    asked = half_way(client, broker)
    other = Client()
    assert other.post(CODE, {"answer": device.shown(asked)})["Location"] == "/sign-in/"
    assert not show(other, device.shown(asked))


def test_adding_one_needs_a_code(client: Client, broker: User) -> None:
    client.force_login(broker)
    assert options(client, ADD) == ""
    made = Device().made('{"challenge": "AAAA"}')
    client.post(ADD, {"answer": made})
    client.post(ADD, {"answer": made, "code": "wrong"})
    assert not Passkey.objects.exists()
    assert add(client, broker, Device()).status_code == 302  # with a code it is added
    assert Passkey.objects.exists()


def test_one_code_adds_one_passkey(client: Client, broker: User) -> None:
    client.force_login(broker)
    add(client, broker, Device())
    assert options(client, ADD) == ""


BENT = ({"origin": "https://evil.example"}, {"host": "evil.example"})


@pytest.mark.parametrize("bent", BENT)
def test_no_false_site_can_have_one_made(
    client: Client, broker: User, bent: dict[str, Any]
) -> None:
    client.force_login(broker)
    assert add(client, broker, Device(**bent)).status_code == 403
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("bent", [*BENT, {"uses": -1}, {"id": b"another"}])
def test_no_false_site_nor_copy_can_show_it(
    client: Client, broker: User, device: Device, bent: dict[str, Any]
) -> None:
    """``uses``: a copy of the device counts anew, and shows a use that is over."""
    assert show(client, device.shown(half_way(client, broker)))
    client.post("/sign-out/")
    for name, value in bent.items():
        setattr(device, name, value)
    if "uses" in bent:
        device.uses = 0
    assert not show(client, device.shown(half_way(client, broker)))


def test_an_answer_is_good_once(client: Client, broker: User, device: Device) -> None:
    answer = device.shown(half_way(client, broker))
    assert show(client, answer)
    client.post("/sign-out/")
    half_way(client, broker)
    assert not show(client, answer)


def test_another_persons_passkey_opens_nothing(
    client: Client, small_site: Site, broker: User, device: Device
) -> None:
    officer = small_site.cast.officer
    with_one = Client()
    with_one.force_login(officer)
    own = Device()
    add(with_one, officer, own)
    assert not show(client, device.shown(half_way(client, officer)))
    assert show(client, own.shown(options(client, CODE)))


def test_no_two_people_share_one(small_site: Site, broker: User, device: Device) -> None:
    client = Client()
    client.force_login(small_site.cast.officer)
    assert add(client, small_site.cast.officer, device).status_code == 403


@pytest.mark.parametrize("odd", ["{}", "[]", "null", "x", '{"id": "AA"}', '{"id": 1}', "\x00"])
def test_what_is_no_answer_is_refused(
    client: Client, broker: User, device: Device, odd: str
) -> None:
    half_way(client, broker)
    page = client.post(CODE, {"answer": odd})
    assert "The passkey was not taken" in page.text
    assert SESSION_KEY not in client.session


def test_wrong_answers_count_like_wrong_codes(client: Client, broker: User, device: Device) -> None:
    half_way(client, broker)
    for _ in range(wrong_codes.FROM_ONE_ADDRESS):
        client.post(CODE, {"answer": "{}"})
    assert client.post(CODE, {"answer": device.shown('{"challenge": ""}')}).status_code == 429
    assert client.post(CODE, {"code": code_of(broker)}).status_code == 429


def test_under_another_host_it_is_not_offered(broker: User, device: Device) -> None:
    client = Client(headers={"host": "elsewhere.localhost"})
    assert half_way(client, broker) == ""


def test_it_is_removed_by_its_owner_alone(
    client: Client, small_site: Site, broker: User, device: Device
) -> None:
    kept = Passkey.objects.get()
    address = f"/second-factor/passkeys/{kept.pk}/remove/"
    client.force_login(small_site.cast.officer)
    assert client.post(address).status_code == 404
    client.force_login(broker)
    assert address in client.get("/second-factor/").text
    client.post(address, {"code": "000000"})
    assert Passkey.objects.exists()  # who finds a browser that is signed in takes nothing away
    assert client.post(address, {"code": code_of(broker)})["Location"] == "/second-factor/"
    assert not Passkey.objects.exists()
    assert AuditEntry.objects.filter(verb="removed a passkey").count() == 1


def test_a_lost_phone_takes_its_passkeys_with_it(broker: User, device: Device) -> None:
    remove_second_factor(person=broker, by=COMMAND_LINE)
    assert not Passkey.objects.exists()
