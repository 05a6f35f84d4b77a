"""Sessions, sealed: whoever reads the table of sessions reads no sign-in code and no draft.

This module is the session engine (`SESSION_ENGINE`); `SessionStore` is the name that Django asks for.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib.sessions.backends import db

from mats.sealing import seal, unseal

SESSION = "session"


class SealedSerializer:
    """JSON under the keys of `NOTE_KEYS`. One that no longer opens is an ended session, as Django
    treats any that it cannot read."""

    def dumps(self, session: dict[str, Any]) -> bytes:
        return seal(json.dumps(session, separators=(",", ":")), SESSION).encode("ascii")

    def loads(self, data: bytes) -> dict[str, Any]:
        return json.loads(unseal(data.decode("ascii"), SESSION))


class SessionStore(db.SessionStore):
    """A cookie that is no session key is no session. The database would not even be asked for one
    with a NUL in it: the request would end in an error page."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and re.fullmatch("[0-9a-z]{8,40}", key))
