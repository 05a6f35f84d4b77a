"""Sessions, sealed: whoever reads the table of sessions reads no sign-in code and no draft."""

from __future__ import annotations

import json
from typing import Any

from mats.sealing import seal, unseal

SESSION = "session"


class SealedSerializer:
    """JSON under the keys of `NOTE_KEYS`. One that no longer opens is an ended session, as Django
    treats any that it cannot read."""

    def dumps(self, session: dict[str, Any]) -> bytes:
        return seal(json.dumps(session, separators=(",", ":")), SESSION).encode("ascii")

    def loads(self, data: bytes) -> dict[str, Any]:
        return json.loads(unseal(data.decode("ascii"), SESSION))
