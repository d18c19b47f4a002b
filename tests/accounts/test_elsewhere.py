"""Signing in with an account kept elsewhere, at a real OpenID provider (``tests.provider``)."""

import base64
import hmac
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import SESSION_KEY
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from bridgehead.accounts.actions import create_person, disable_person
from bridgehead.accounts.models import (
    INSTALLATION,
    AccountElsewhere,
    AuditEntry,
    Authenticator,
    User,
)
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in import oidc
from bridgehead.accounts.sign_in.lifetimes import SINCE
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


# Whose account it is


def back_anew(google: providers.Provider, **claims: Any) -> tuple[Client, Any]:
    """A browser that comes back from the provider with what it says now, and the answer to it."""
    google.claims |= claims
    browser = Client()
    return browser, browser.get(ask(browser))


def in_anew(google: providers.Provider, **claims: Any) -> Client:
    """The same where only the browser matters."""
    return back_anew(google, **claims)[0]


def test_the_first_account_is_bound_and_stays_when_its_address_changes(
    google: providers.Provider, small_site: Site
) -> None:
    assert is_in(in_anew(google))
    kept = AccountElsewhere.objects.get()
    assert (kept.person, kept.issuer, kept.subject) == (small_site.cast.head, google.issuer, "1")
    line = AuditEntry.objects.get(verb="bound an account elsewhere")
    assert (line.partnership_id, line.details) == (small_site.partnership.pk, {"at": "Google"})
    assert is_in(in_anew(google, email="helen.married@example.org"))
    assert AccountElsewhere.objects.count() == 1
    assert AuditEntry.objects.filter(verb=line.verb).count() == 1


def test_whoever_is_given_the_address_later_is_not_that_person(google: providers.Provider) -> None:
    in_anew(google)
    later, answer = back_anew(google, sub="2")
    assert not is_in(later)
    assert answer.status_code == 403
    assert "This is not the account that we know" in answer.text
    assert is_in(in_anew(google, sub="1"))


def test_another_provider_that_confirms_the_address_does_not_speak_for_the_person(
    google: providers.Provider, settings: Any
) -> None:
    in_anew(google)
    AccountElsewhere.objects.update(issuer="https://login.example/tenant")
    assert not is_in(in_anew(google))


def test_an_account_of_one_person_opens_nothing_of_another(
    google: providers.Provider, small_site: Site
) -> None:
    """Its subject, not its address, says whose it is."""
    in_anew(google)
    browser = in_anew(google, email=small_site.cast.governor.email)
    assert browser.session[SESSION_KEY] == str(small_site.cast.head.pk)


def test_nothing_is_bound_before_the_second_factor(
    client: Client, google: providers.Provider, small_site: Site
) -> None:
    broker = small_site.cast.broker
    google.claims["email"] = broker.email
    client.get(ask(client))
    client.post("/sign-in/code/", {"code": "000000"})
    assert not AccountElsewhere.objects.exists()
    client.post("/sign-in/code/", {"code": code_of(broker)})
    assert AccountElsewhere.objects.get().person == broker


def test_of_two_accounts_at_one_moment_one_is_bound(
    google: providers.Provider, small_site: Site
) -> None:
    """Both came back while nobody was bound; the other one was quicker."""
    broker, first, second = small_site.cast.broker, Client(), Client()
    google.claims["email"] = broker.email
    first.get(ask(first))
    google.claims["sub"] = "2"
    second.get(ask(second))
    code = code_of(broker)
    first.post("/sign-in/code/", {"code": code})
    Authenticator.objects.update(last_step=0)
    assert second.post("/sign-in/code/", {"code": code}).status_code == 403
    assert not is_in(second)
    assert AccountElsewhere.objects.get().subject == "1"


def test_a_person_lets_an_account_go_and_signs_in_with_another(
    google: providers.Provider,
) -> None:
    browser = in_anew(google)
    page = browser.get("/sessions/")
    assert "your account at Google" in page.text
    browser.post("/sessions/", {"end": "elsewhere"})
    assert not AccountElsewhere.objects.exists()
    assert AuditEntry.objects.get(verb="let go of an account elsewhere").details["at"] == "Google"
    assert "your account at Google" not in browser.get("/sessions/").text
    browser.post("/sessions/", {"end": "elsewhere"})
    assert AuditEntry.objects.filter(verb="let go of an account elsewhere").count() == 1
    assert is_in(in_anew(google, sub="2"))


def test_letting_go_wants_the_person_to_show_who_it_is(
    google: providers.Provider, settings: Any
) -> None:
    browser = in_anew(google)
    session = browser.session
    session[SINCE] = (timezone.now() - timedelta(hours=1)).isoformat()
    session.save()
    assert browser.post("/sessions/", {"end": "elsewhere"})["Location"] == "/sessions/show-again/"
    assert AccountElsewhere.objects.exists()


@pytest.mark.parametrize("sub", [7, ["1"], "1" * 256])
def test_a_number_that_is_none_opens_nothing(
    google: providers.Provider, monkeypatch: pytest.MonkeyPatch, sub: Any
) -> None:
    say = oidc.claims
    monkeypatch.setattr(oidc, "claims", lambda *given: say(*given) | {"sub": sub})
    assert not is_in(in_anew(google))
    assert not AccountElsewhere.objects.exists()


def test_who_looks_after_the_machine_forgets_accounts(
    google: providers.Provider, small_site: Site
) -> None:
    def forget(*words: str) -> str:
        said = StringIO()
        call_command("forget_account_elsewhere", *words, stdout=said)
        return said.getvalue()

    in_anew(google)
    with pytest.raises(CommandError, match=f"there are accounts at {google.issuer}"):
        forget("--issuer", "https://other.example")
    with pytest.raises(CommandError, match="nobody signs in with x@"):
        forget("x@example.org")
    assert forget("--issuer", google.issuer).startswith("1 account elsewhere forgotten.")
    assert is_in(in_anew(google, sub="2"))
    assert forget(small_site.cast.head.email).startswith("1 account elsewhere")
    assert forget(small_site.cast.head.email).startswith("0 accounts elsewhere")


def test_a_line_stands_in_the_ledger_of_a_partnership_where_the_person_has_a_role(
    google: providers.Provider, small_site: Site
) -> None:
    create_person(email="nowhere@example.org", name="No Role", password=None, by=COMMAND_LINE)
    in_anew(google, email="nowhere@example.org", sub="9")
    assert AuditEntry.objects.get(verb="bound an account elsewhere").partnership_id == INSTALLATION


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
