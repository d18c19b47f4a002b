"""A device with a passkey, as WebAuthn has it: one key, one host name, a count of its uses."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as text

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """What it answers can be bent: another origin, another host, a count that stands still."""

    host: str = "testserver"
    origin: str = "http://testserver"
    uses: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def made(self, options: str) -> str:
        """The answer to a request to make a passkey."""
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        said = {"fmt": "none", "attStmt": {}, "authData": self._data(_WITH_KEY) + about}
        client = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=cbor2.dumps(said))

    def shown(self, options: str) -> str:
        """The answer to a request to show it."""
        self.uses += 1
        data, client = self._data(), self._client("webauthn.get", options)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags: int = 0) -> bytes:
        about = bytes([_PRESENT | _VERIFIED | flags]) + self.uses.to_bytes(4, "big")
        return hashlib.sha256(self.host.encode()).digest() + about

    def _client(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **parts: bytes) -> str:
        response: dict[str, Any] = {name: text(part) for name, part in parts.items()}
        named = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return json.dumps({**named, "response": response})
