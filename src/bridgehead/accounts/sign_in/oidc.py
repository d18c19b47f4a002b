"""OpenID Connect, the side of the site that asks: authorization code flow with state, nonce and
PKCE (OpenID Connect Core 1.0, RFC 7636, RFC 9207). Knows nothing of Django.

Discovery document and keys are fetched anew at each sign-in: a few requests a day, and a provider
that changes its keys is never a surprise.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

#: Signatures that are believed: by a key pair only. Never "none", nor a shared secret.
ALGORITHMS = ["RS256", "PS256", "ES256"]
#: Seconds that the provider's clock may be off.
LEEWAY = 60
#: Letters that a subject may have (OpenID Connect Core, 2).
LONGEST = 255
_SECONDS, _BYTES = 10, 1_000_000


class _Stay(HTTPRedirectHandler):
    """Follows no redirection: it could lead the site's own secret, or its questions, elsewhere."""

    def redirect_request(self, *asked: Any) -> None:
        """Nowhere: the answer is then an error."""


_OPENER = build_opener(_Stay)


class Failed(Exception):
    """The provider's answer is not believed. The reason is for the log, never for the page."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people may sign in. ``confirms_addresses``: it lets nobody have an address that was not
    confirmed, and so need not say so of each."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    confirms_addresses: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a provider: its ``subject`` is the provider's name for the person, which nobody
    else is ever given; its address is confirmed."""

    issuer: str
    subject: str
    email: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent along, kept in the session until the answer comes."""

    provider: str
    state: str
    nonce: str
    verifier: str
    back: str

    @classmethod
    def anew(cls, provider: Provider, back: str) -> "Asked":
        """Fresh random words for one sign-in. ``back`` is where the provider sends the browser."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(provider.key, state, nonce, verifier, back)

    def kept(self) -> dict[str, str]:
        """As plain values, for a session."""
        return asdict(self)


def address_to_ask(provider: Provider, asked: Asked) -> str:
    """Where the browser is sent to sign in."""
    digest = hashlib.sha256(asked.verifier.encode()).digest()
    given = {
        "response_type": "code",
        "scope": "openid email profile",
        "client_id": provider.client_id,
        "redirect_uri": asked.back,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{_described(provider)['authorization_endpoint']}?{urlencode(given)}"


def account(provider: Provider, asked: Asked, answer: dict[str, str]) -> Account:
    """Whom the provider vouches for, from the answer that the browser brought. Raises
    ``Failed``."""
    if not hmac.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
        raise Failed("the state is not the one that was sent")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise Failed("the answer comes from another issuer")
    if not (code := answer.get("code")):
        raise Failed(f"no code, but {answer.get('error', 'nothing')!r}")
    described = _described(provider)
    tokens = _tokens(provider, described, asked, code)
    keys = _fetch(Request(described["jwks_uri"]))  # noqa: S310 - looked at in _fetch
    said = claims(provider, str(tokens.get("id_token", "")), keys, asked.nonce)
    if "email" not in said and "userinfo_endpoint" in described:
        said |= _user_info(described, tokens, said["sub"])
    subject = said["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST:
        raise Failed("the person's number at the provider is none")
    return Account(provider.issuer, subject, vouched_for(provider, said))


def claims(provider: Provider, token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
    """What an ID token says, once signature, issuer, audience, time and nonce have been checked."""
    registry = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        said = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        registry.validate(said)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Failed(f"the ID token is not believed: {type(error).__name__}: {error}") from error
    if isinstance(said["aud"], list) and len(said["aud"]) > 1:
        raise Failed("the ID token is for others as well")
    if said.get("azp", provider.client_id) != provider.client_id:
        raise Failed("the ID token was made for another")
    return dict(said)


def vouched_for(provider: Provider, said: dict[str, Any]) -> str:
    """The e-mail address, where the provider says that it has been confirmed.

    Microsoft does not say ``email_verified``: there whoever manages a tenant can write any address
    into an account. It says ``xms_edov`` where the address's domain belongs to the tenant.
    """
    email, verified = said.get("email"), said.get("email_verified", said.get("xms_edov"))
    if verified is None:
        verified = provider.confirms_addresses
    if not isinstance(email, str) or not email:
        raise Failed("no e-mail address is given")
    if verified is not True and str(verified).lower() not in {"true", "1"}:
        raise Failed("the e-mail address has not been confirmed")
    return email


def _described(provider: Provider) -> dict[str, Any]:
    """The provider's discovery document, which must name the issuer that was asked."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    described = _fetch(Request(address))  # noqa: S310 - looked at in _fetch
    if described.get("issuer") != provider.issuer:
        raise Failed(f"{address} names another issuer")
    if missing := {"authorization_endpoint", "token_endpoint", "jwks_uri"} - described.keys():
        raise Failed(f"{address} names no {', '.join(sorted(missing))}")
    return described


def _tokens(
    provider: Provider, described: dict[str, Any], asked: Asked, code: str
) -> dict[str, Any]:
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.back,
        "code_verifier": asked.verifier,
    }
    request = Request(described["token_endpoint"])  # noqa: S310 - looked at in _fetch
    if "client_secret_post" in described.get("token_endpoint_auth_methods_supported", ()):
        given |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    else:
        pair = base64.b64encode(f"{provider.client_id}:{provider.client_secret}".encode())
        request.add_header("Authorization", f"Basic {pair.decode()}")
    request.data = urlencode(given).encode()
    return _fetch(request)


def _user_info(described: dict[str, Any], tokens: dict[str, Any], sub: str) -> dict[str, Any]:
    """What the provider says of the person elsewhere; it must be the same person."""
    request = Request(described["userinfo_endpoint"])  # noqa: S310 - looked at in _fetch
    request.add_header("Authorization", f"Bearer {tokens.get('access_token', '')}")
    said = _fetch(request)
    if said.get("sub") != sub:
        raise Failed("the user information is of another person")
    return {key: said[key] for key in ("email", "email_verified") if key in said}


def _fetch(request: Request) -> dict[str, Any]:
    """A JSON object, over TLS; without it only from this machine itself."""
    parts = urlsplit(request.full_url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == "localhost"):
        raise Failed(f"{request.full_url} is not https")
    try:
        with _OPENER.open(request, timeout=_SECONDS) as answer:
            found = json.loads(answer.read(_BYTES))
    except (URLError, OSError, ValueError) as error:
        raise Failed(f"{request.full_url}: {error}") from error
    if not isinstance(found, dict):
        raise Failed(f"{request.full_url} does not answer with an object")
    return found
