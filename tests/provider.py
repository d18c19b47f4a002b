"""A real OpenID provider at a port of this machine: Authlib's server, with PKCE, in a thread.

The person of ``provider.claims`` is signed in there already, so that asking answers at once. Tests
change ``claims`` to be somebody else, or ``issuer`` to make it lie.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "bridgehead", "a secret of the tests"


@dataclass
class Provider:
    """What the provider is asked and answers."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    in_token: bool = True  # whether the ID token holds the e-mail address, or the user information
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, "Code"] = field(default_factory=dict)


class Client(ClientMixin):  # type: ignore[misc]
    client_id = CLIENT_ID

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri == "http://testserver/sign-in/with/google/back/"

    def check_client_secret(self, secret: str) -> bool:
        return secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """One answer, good for one exchange."""

    given: dict[str, str]
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.given["redirect_uri"]

    def get_scope(self) -> str:
        return self.given["scope"]

    def get_nonce(self) -> str:
        return self.given["nonce"]

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, at ``provider.issuer`` until the block ends."""
    provider = Provider()
    app = _app(provider)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    provider.issuer = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()


def _app(provider: Provider) -> Flask:
    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

        def save_authorization_code(self, code: str, asked: Any) -> None:
            given = dict(asked.payload.data)
            provider.codes[code] = Code(
                given, given.get("code_challenge", ""), given.get("code_challenge_method", "")
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, code: Code) -> None:
            provider.codes = {k: v for k, v in provider.codes.items() if v is not code}

        def authenticate_user(self, code: Code) -> dict[str, Any]:
            return provider.claims

    class Identity(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, asked: Any) -> bool:
            return any(code.given["nonce"] == nonce for code in provider.codes.values())

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return provider.key

        def get_client_algorithm(self, client: Client) -> str:
            return "RS256"

        def get_encode_header(self, client: Client) -> dict[str, str]:
            return {"alg": "RS256", "kid": "one"}

        def get_compatible_claims(self, asked: Any) -> dict[str, Any]:
            now = int(time.time())
            return {"iss": provider.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300}

        def generate_user_info(self, user: dict[str, Any], scope: str) -> dict[str, Any]:
            return user if provider.in_token else {"sub": user["sub"]}

    app = Flask(__name__)
    server = AuthorizationServer(app, lambda _: Client(), lambda token, asked: None)
    server.register_grant(CodeGrant, [Identity(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def described() -> Any:
        return jsonify(
            issuer=provider.issuer,
            authorization_endpoint=f"{request.host_url}authorize",
            token_endpoint=f"{request.host_url}token",
            userinfo_endpoint=f"{request.host_url}userinfo",
            jwks_uri=f"{request.host_url}keys",
        )

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[provider.key.as_dict(private=False)])

    @app.get("/authorize")
    def authorize() -> Any:
        provider.asked.append(dict(request.args))
        grant = server.get_consent_grant(end_user=provider.claims)
        return server.create_authorization_response(grant_user=provider.claims, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Any:
        assert request.headers["Authorization"].startswith("Bearer ")
        return jsonify(**provider.claims)

    app.secret_key = secrets.token_bytes(16)
    return app
