"""What a hostile page, link, proxy or browser sends along is not believed: session keys, forms from
elsewhere, ways back, host names, methods that stand in a header."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from bridgehead.accounts.models import AuditEntry, Session
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.people.actions import appoint
from bridgehead.people.middleware import ACTING_AS
from bridgehead.people.models import Appointment, Invitation
from proofs._pages import parameters, routes
from tests.cast import LONG_AGO, PASSWORD, Site, code_of

pytestmark = pytest.mark.django_db

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
HELEN = "helen.okafor@example.org"
TOO_LONG = b"This page was open for too long"
#: A part of an address that leads to a view, whether or not there is such a thing.
PARTS: dict[str, Any] = {
    "what": "sent",
    "key": "a",
    "token": "a-b",
    "uidb64": "MQ",
    "provider": "a",
}


def addresses() -> list[tuple[str, str]]:
    """Every route with an address of it."""
    from django.urls import reverse

    return [
        (name, reverse(name, kwargs={p: PARTS.get(p, 1) for p in parameters(route)}))
        for name, route in routes()
    ]


def signed_in(who: Any = None, **kwargs: Any) -> Client:
    client = Client(**kwargs)
    if who:
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("method", UNSAFE)
def test_no_route_takes_a_form_from_elsewhere(method: str, small_site: Site) -> None:
    """Without its token nothing is taken, by any method that could write, on any route. The same
    request past the guard is answered otherwise: the guard is what stopped it."""
    strict = signed_in(small_site.cast.administrator, enforce_csrf_checks=True)
    lax = signed_in(small_site.cast.administrator)
    for name, address in addresses():
        refused = strict.generic(method, address)
        assert (refused.status_code, TOO_LONG in refused.content) == (403, True), name
    for name, address in addresses():
        if name != "accounts:sign-out":
            assert TOO_LONG not in lax.generic(method, address).content, name


def test_a_token_of_another_browser_or_origin_is_not_taken(small_site: Site) -> None:
    strict = signed_in(small_site.cast.administrator, enforce_csrf_checks=True)
    page = strict.get("/groups/add/").text
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    given = {"kind": "family", "name": "Mill", "csrfmiddlewaretoken": token}
    stranger = signed_in(small_site.cast.administrator, enforce_csrf_checks=True)
    stranger.get("/groups/add/")
    assert stranger.post("/groups/add/", given).status_code == 403
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        assert strict.post("/groups/add/", given, headers={"origin": origin}).status_code == 403
    assert strict.post("/groups/add/", given).status_code == 302


def test_a_session_key_that_was_planted_is_not_signed_in(small_site: Site) -> None:
    """Neither one that the site never gave out, nor one that it gave to somebody else before."""
    before = Client()
    before.get("/second-factor/")
    for planted in ("a" * 32, before.session.session_key or ""):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = planted
        client.post("/sign-in/", {"username": HELEN, "password": PASSWORD})
        assert client.session.session_key not in (planted, None)
        assert Client(headers={"cookie": f"session={planted}"}).get("/role/").status_code == 302
    assert client.get("/role/").status_code == 200


def key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_every_change_of_rights_brings_a_new_key_and_ends_the_old(small_site: Site) -> None:
    """The second factor, another password, another role: who knew the key knows it no more."""
    client, broker = Client(), small_site.cast.broker
    appoint(
        person=broker,
        role="observer",
        partnership=small_site.partnership,
        starts=LONG_AGO,
        by=COMMAND_LINE,
    )
    keys = []

    def step(address: str, given: dict[str, Any]) -> None:
        answer = client.post(address, given)
        assert answer.status_code == 302, answer.content.decode()
        keys.append(key(client))
        kept = set(Session.objects.values_list("session_key", flat=True))
        assert not kept & set(keys[:-1]), address

    step("/sign-in/", {"username": broker.email, "password": PASSWORD})
    step("/sign-in/code/", {"code": code_of(broker)})
    observer = Appointment.objects.get(person=broker, role="observer").pk
    step("/role/", {"acting_as": observer})
    assert client.session[ACTING_AS] == observer
    new = "seventeen-quiet-otters"
    step("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert len(set(keys)) == 4


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)//evil",
    "data:text/html,evil",
    "https://localhost@evil.example/",
    "https://localhost:pw@evil.example",
    "//localhost@evil.example/",
    "http://localhost.evil.example/",
    "/%09/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "https://evil.example\\@localhost/",
    "//evil.example/%2f..",
)


def leads_away(location: str) -> bool:
    """Whether a browser would leave the site: it drops tabs and line breaks, and takes a backslash
    for a slash."""
    seen = re.sub(r"[\t\r\n]", "", location).replace("\\", "/").strip()
    parts = urlsplit(seen)
    return bool(parts.scheme or parts.netloc or seen.startswith("//"))


def test_what_leads_away_would_be_seen() -> None:
    away = [each for each in ELSEWHERE if "%" not in each]
    assert [each for each in away if not leads_away(each)] == []
    assert not leads_away("/sign-in/?next=//evil.example")


WAYS = ("next", "onward", "url", "redirect", "return_to", "back", "continue", "to")


@pytest.mark.parametrize("elsewhere", ELSEWHERE[:5])
def test_no_route_leads_to_another_site(elsewhere: str, small_site: Site) -> None:
    """Whatever a query says of where to go."""
    client = signed_in(small_site.cast.administrator)
    for route, address in addresses():
        answer = client.get(address, dict.fromkeys(WAYS, elsewhere))
        assert not leads_away(answer.headers.get("Location", "")), route


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_neither_sign_in_nor_second_factor_nor_sign_out_leads_away(
    elsewhere: str, small_site: Site
) -> None:
    client, broker = Client(), small_site.cast.broker
    given = {"username": broker.email, "password": PASSWORD, "next": elsewhere}
    assert not leads_away(client.post("/sign-in/", given)["Location"])
    given = {"code": code_of(broker), "next": elsewhere}
    assert not leads_away(client.post("/sign-in/code/", given)["Location"])
    assert not leads_away(client.post("/sign-out/", {"next": elsewhere})["Location"])


def test_under_an_unknown_host_name_nothing_is_there(small_site: Site) -> None:
    client = signed_in(small_site.cast.administrator)
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example", "localhost:x"):
        for name, address in addresses():
            answer = client.get(address, headers={"host": host})
            assert (answer.status_code, "evil" in answer.text) == (404, False), (host, name)


def test_links_are_those_of_the_sites_own_address(small_site: Site, mailoutbox: Any) -> None:
    """Of an invitation and of a first password, whatever a proxy or a browser claims."""
    small_site.alone()
    client = signed_in(
        small_site.cast.administrator,
        headers={
            "x-forwarded-host": "evil.example",
            "x-host": "evil.example",
            "x-original-host": "evil.example",
            "forwarded": "host=evil.example;proto=https",
            "x-forwarded-server": "evil.example",
            "x-rewrite-url": "https://evil.example/",
        },
    )
    who = {"name": "Noor Aziz", "role": "data_officer"}
    for address, email in (
        ("/people/appoint/", "noor@example.org"),
        ("/people/invite/", "n@e.org"),
    ):
        page = client.post(address, {**who, "email": email}, follow=True).text
        links = re.findall(r"https?://[^\s\"<]+", page)
        found = [link for link in links if "/password/set/" in link or "/invitation/" in link]
        assert found, address
        assert {urlsplit(link).netloc for link in found} == {"testserver"}
        assert "evil.example" not in page
    assert Invitation.objects.get().email == "n@e.org"
    for message in mailoutbox:
        assert "evil" not in message.body


@pytest.mark.parametrize(
    "header", ["x-http-method-override", "x-http-method", "x-method-override", "_method"]
)
def test_no_header_or_field_stands_for_a_method(header: str, small_site: Site) -> None:
    """A read stays one, and a form that may not be sent to a page is not sent as a read."""
    client = signed_in(small_site.cast.administrator)
    before = AuditEntry.objects.count()
    held = Appointment.objects.get(person=small_site.cast.governor)
    for method in UNSAFE:
        client.get(f"/people/{held.pk}/end/", {"_method": method}, headers={header: method})
    held.refresh_from_db()
    assert (held.ends, AuditEntry.objects.count()) == (None, before)
    answer = client.post("/people/", {"_method": "GET"}, headers={header: "GET"})
    assert answer.status_code == 405


def test_what_is_behind_a_door_is_kept_by_nobody(small_site: Site) -> None:
    for who in (None, small_site.cast.administrator, small_site.cast.head):
        client = signed_in(who)
        for name, address in addresses():
            kept = client.get(address).headers.get("Cache-Control", "")
            assert {"private", "no-store"} <= set(kept.split(", ")), name


def test_head_says_as_much_as_get_and_nothing_more(small_site: Site) -> None:
    client = signed_in(small_site.cast.administrator)
    for name, address in addresses():
        asked, read = client.head(address), client.get(address)
        assert (asked.status_code, asked.content) == (read.status_code, b""), name


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_not_answered_and_echo_nothing(method: str, small_site: Site) -> None:
    client = signed_in(small_site.cast.administrator)
    for name, address in addresses():
        answer = client.generic(method, address, headers={"x-secret": "canary-of-a-header"})
        assert answer.status_code in (403, 405), name
        assert b"canary-of-a-header" not in answer.content
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_one_does_at_anothers_host_is_no_affair_of_it(small_site: Site) -> None:
    """A person who holds nothing there ends sessions and sets a password: the line is not in that
    partnership's ledger, whose administrators would read who it was."""
    held = {p.pk for p in (small_site.partnership, small_site.elsewhere)}
    before = AuditEntry.objects.filter(partnership_id__in=held).count()
    head = small_site.cast.head
    first = signed_in(head, headers={"host": "elsewhere.localhost"})
    client = signed_in(head, headers={"host": "elsewhere.localhost"})
    assert client.post("/sessions/", {"end": "others"}).status_code == 302
    new = "seventeen-quiet-otters"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password/", given).status_code == 302
    assert first.get("/role/").status_code == 302
    assert AuditEntry.objects.filter(partnership_id__in=held).count() == before
    assert set(AuditEntry.objects.order_by("-pk")[:2].values_list("verb", flat=True)) == {
        "ended other sessions",
        "changed their password",
    }
