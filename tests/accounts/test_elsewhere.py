"""Signing in with an account kept elsewhere, at a real OpenID provider (``tests.provider``)."""

import base64
import hmac
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from bridgehead.accounts.actions import disable_person
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in import oidc
from bridgehead.config import environment as env
from bridgehead.core.errors import Refused
from tests import provider as providers
from tests.cast import Site, code_of

pytestmark = pytest.mark.django_db

OUT, BACK = "/sign-in/with/google/", "/sign-in/with/google/back/"


@pytest.fixture(scope="module")
def running() -> Iterator[providers.Provider]:
    with providers.running() as provider:
        yield provider


@pytest.fixture
def google(running: providers.Provider, settings: Any, small_site: Site) -> providers.Provider:
    """A provider, known to the site as Google, at which Helen is signed in."""
    running.claims = {"sub": "1", "email": "Helen.Okafor@example.org", "email_verified": True}
    running.in_token = True
    running.codes.clear()
    settings.OIDC_PROVIDERS = (asked_at(running),)
    return running


def asked_at(running: providers.Provider, **other: Any) -> oidc.Provider:
    given = {"client_id": providers.CLIENT_ID, "client_secret": providers.CLIENT_SECRET}
    return oidc.Provider(
        **({"key": "google", "name": "Google", "issuer": running.issuer} | given | other)
    )


def ask(client: Client, onward: str = "") -> str:
    """Go to the provider; gives the address with which it sends the browser back."""
    out = client.get(OUT, {"next": onward} if onward else {})
    parts = urlsplit(out["Location"])
    there = HTTPConnection(parts.netloc)
    there.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(there.getresponse().headers["Location"])
    assert (back.netloc, back.path) == ("testserver", BACK)
    return f"{back.path}?{back.query}"


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_out_to_the_provider_and_back_in(client: Client, google: providers.Provider) -> None:
    assert f'href="{OUT}?next=%2Frole%2F"' in client.get("/sign-in/?next=/role/").text
    assert client.get(ask(client, "/role/?a=1"))["Location"] == "/role/?a=1"
    assert client.get("/role/").status_code == 200
    asked = google.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) > 40
    assert len(asked["nonce"]) > 40


def test_the_session_has_a_new_key(client: Client, google: providers.Provider) -> None:
    back = ask(client)
    before = client.cookies[site_settings.SESSION_COOKIE_NAME].value
    client.get(back)
    assert client.cookies[site_settings.SESSION_COOKIE_NAME].value != before


def test_the_address_may_come_with_the_user_information(
    client: Client, google: providers.Provider
) -> None:
    google.in_token = False
    client.get(ask(client))
    assert is_in(client)


def test_the_second_factor_is_asked_as_after_a_password(
    client: Client, google: providers.Provider, small_site: Site
) -> None:
    broker = small_site.cast.broker
    google.claims["email"] = broker.email
    assert client.get(ask(client, "/role/"))["Location"] == "/sign-in/code/"
    assert not is_in(client)
    answer = client.post("/sign-in/code/", {"code": code_of(broker)})
    assert answer["Location"] == "/role/"
    assert is_in(client)


def test_nobody_registers_here(client: Client, google: providers.Provider) -> None:
    before = User.objects.count()
    google.claims["email"] = "nobody@example.org"
    answer = client.get(ask(client))
    assert answer.status_code == 403
    assert "You are not known here by that address" in answer.text
    assert User.objects.count() == before
    assert not is_in(client)


def test_a_disabled_person_is_not_let_in(
    client: Client, google: providers.Provider, small_site: Site
) -> None:
    disable_person(person=small_site.cast.head, by=COMMAND_LINE)
    assert client.get(ask(client)).status_code == 403
    assert not is_in(client)


@pytest.mark.parametrize(
    "said",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None, "xms_edov": None},
        {"email": ""},
        {"email": ["helen.okafor@example.org"]},
    ],
)
def test_an_address_that_is_not_confirmed_opens_nothing(
    client: Client, google: providers.Provider, said: dict[str, Any]
) -> None:
    google.claims = {k: v for k, v in (google.claims | said).items() if v is not None}
    assert client.get(ask(client)).status_code == 400
    assert not is_in(client)


def test_an_answer_is_good_once(client: Client, google: providers.Provider) -> None:
    back = ask(client)
    client.get(back)
    client.post("/sign-out/")
    assert client.get(back)["Location"] == "/sign-in/"
    assert not is_in(client)


def test_another_browsers_answer_is_not_taken(client: Client, google: providers.Provider) -> None:
    """Else a stranger could sign somebody in as the stranger, and read what they write."""
    foreign = ask(Client())
    assert client.get(foreign)["Location"] == "/sign-in/"  # asked nothing
    ask(client)
    assert client.get(foreign).status_code == 400  # another state
    assert not is_in(client)


@pytest.mark.parametrize("part", ["state", "nonce", "verifier", "provider"])
def test_each_random_word_is_checked(client: Client, google: providers.Provider, part: str) -> None:
    back = ask(client)
    session = client.session
    note = session["asked_elsewhere"]
    note["asked"][part] = "x" * 43
    session["asked_elsewhere"] = note
    session.save()
    assert client.get(back).status_code == 400
    assert not is_in(client)


@pytest.mark.parametrize("more", ["&iss=https://evil.example", ""])
def test_an_answer_of_another_issuer_is_not_taken(
    client: Client, google: providers.Provider, more: str
) -> None:
    client.get(ask(client) + more)
    assert is_in(client) is (not more)


def test_a_refusal_at_the_provider_is_told(client: Client, google: providers.Provider) -> None:
    state = parse_qs(urlsplit(ask(client)).query)["state"][0]
    answer = client.get(BACK, {"state": state, "error": "access_denied"})
    assert answer.status_code == 400
    assert "Signing in with Google did not succeed" in answer.text


def test_a_provider_that_names_another_issuer_is_not_asked(
    client: Client, google: providers.Provider, settings: Any
) -> None:
    settings.OIDC_PROVIDERS = (asked_at(google, issuer=f"{google.issuer}/"),)
    assert client.get(OUT).status_code == 400


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_nobody_is_sent_to_another_site(
    client: Client, google: providers.Provider, elsewhere: str
) -> None:
    assert client.get(ask(client, elsewhere))["Location"] == "/signed-in/"


def test_a_provider_that_is_not_set_is_not_there(
    client: Client, google: providers.Provider
) -> None:
    assert client.get("/sign-in/with/microsoft/").status_code == 404


# The ID token by itself

KEY, OTHER = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})
KEYS = {"keys": [KEY.as_dict(private=False)]}
PROVIDER = oidc.Provider("google", "Google", "https://issuer.example", "us", "secret")


def token(key: Any = KEY, alg: str = "RS256", **other: Any) -> str:
    now = int(time.time())
    said = {"iss": PROVIDER.issuer, "aud": "us", "sub": "1", "nonce": "n", "iat": now}
    said |= {"exp": now + 300} | other
    kept = {name: value for name, value in said.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "one"}, kept, key, algorithms=[alg])


def test_a_good_token_is_believed() -> None:
    assert oidc.claims(PROVIDER, token(), KEYS, "n")["sub"] == "1"
    assert oidc.claims(PROVIDER, token(aud=["us"], azp="us"), KEYS, "n")["sub"] == "1"


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "us"]},
        {"aud": None},
        {"azp": "another"},
        {"nonce": "m"},
        {"nonce": None},
        {"sub": None},
        {"exp": int(time.time()) - 120},
        {"exp": None},
        {"iat": int(time.time()) + 600},
        {"key": OTHER},
        {"key": RSAKey.generate_key(2048, {"kid": "two"}), "alg": "RS512"},
    ],
)
def test_a_token_with_one_thing_wrong_is_not(other: dict[str, Any]) -> None:
    with pytest.raises(oidc.Failed):
        oidc.claims(PROVIDER, token(**other), KEYS, "n")


def test_a_token_without_a_signature_of_a_key_pair_is_not() -> None:
    """Unsigned; signed with the shared secret; signed with the public key as if it were one."""
    body = token().split(".")[1]
    shared = token(OctKey.import_key(PROVIDER.client_secret), "HS256")
    head = shared.split(".")[0]
    digest = hmac.digest(KEY.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    confused = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    for bad in (f"{unsigned}.{body}.", shared, f"{head}.{body}.{confused}", ""):
        with pytest.raises(oidc.Failed):
            oidc.claims(PROVIDER, bad, KEYS, "n")


def test_microsoft_vouches_for_domains_of_the_tenant_alone() -> None:
    assert oidc.vouched_for(PROVIDER, {"email": "a@b.example", "xms_edov": "1"}) == "a@b.example"
    for said in ({}, {"xms_edov": False}, {"xms_edov": "0"}):
        with pytest.raises(oidc.Failed):
            oidc.vouched_for(PROVIDER, {"email": "a@b.example", **said})


def test_nothing_is_asked_without_tls() -> None:
    plain = oidc.Provider("google", "Google", "http://issuer.example", "us", "secret")
    with pytest.raises(oidc.Failed, match="not https"):
        oidc.address_to_ask(plain, oidc.Asked.anew(plain, "https://here.example/"))


# The settings


def test_a_provider_is_set_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.oidc_providers() == ()
    monkeypatch.setenv("OIDC_DFE_CLIENT_ID", "us")
    with pytest.raises(Refused, match="OIDC_DFE_CLIENT_SECRET is not set"):
        env.oidc_providers()
    monkeypatch.setenv("OIDC_DFE_CLIENT_SECRET", "s")
    (found,) = env.oidc_providers()
    assert (found.key, found.name, found.confirms_addresses) == ("dfe", "DfE Sign-in", True)
    monkeypatch.setenv("OIDC_DFE_ISSUER", "http://oidc.example")
    with pytest.raises(Refused, match="Write the https address"):
        env.oidc_providers()


def test_microsofts_issuer_is_ones_own_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_MICROSOFT_CLIENT_ID", "us")
    monkeypatch.setenv("OIDC_MICROSOFT_CLIENT_SECRET", "s")
    with pytest.raises(Refused, match="OIDC_MICROSOFT_ISSUER is ''"):
        env.oidc_providers()
    for everybody in ("common", "organizations"):
        monkeypatch.setenv(
            "OIDC_MICROSOFT_ISSUER", f"https://login.microsoftonline.com/{everybody}/v2.0"
        )
        with pytest.raises(Refused, match="every organisation"):
            env.oidc_providers()


def test_no_redirection_of_a_provider_is_followed() -> None:
    """It could lead the client's secret, or the site's questions, to another machine."""
    led: list[str] = []

    class Leads(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            led.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/inside")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("localhost", 0), Leads) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(oidc.Failed, match="302"):
            oidc._fetch(Request(f"http://localhost:{server.server_port}/asked"))
        server.shutdown()
    assert led == ["/asked"]
