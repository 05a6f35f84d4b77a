"""A passkey in software: it answers a page's challenge as a browser and a device would."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "https://testserver"
FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    """One key for one person; `counter` goes up with each use."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin, self.id, self.counter = origin, os.urandom(16), 0
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.rp = hashlib.sha256(origin.partition("://")[2].encode()).digest()

    def make(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`."""
        public = ES256.from_cryptography_key(self.key.public_key())
        attested = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(self.rp, FLAGS | AuthenticatorData.FLAG.AT, 0, attested)
        said = self._said("webauthn.create", options)
        response = {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._answer(response, {"credProps": {"rk": True}})

    def use(self, options: dict[str, Any], person: Any) -> str:
        """The answer to `navigator.credentials.get`."""
        self.counter += 1
        data = AuthenticatorData.create(self.rp, FLAGS, self.counter)
        said = self._said("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(said),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(str(person.pk).replace("-", "").encode()),
        }
        return self._answer(response, {})

    def _said(self, what: str, options: dict[str, Any]) -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps({"type": what, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str], results: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        parts = {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": results}
        return json.dumps({**parts, "response": response})


def a_passkey(person: Any, name: str = "A phone") -> tuple[Passkey, Authenticator]:
    """One that a person has already."""
    key = Passkey()
    made = json.loads(key.make({"publicKey": {"challenge": "AAAA"}}))
    data = {"name": name, "credential": made}
    return key, Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)
