"""Codes by mail for somebody who is signed in: to confirm that it is them, or that an address is theirs.

A code stands in the session, which is sealed and in the database, and in a sealed message. It works
for ten minutes, once. Attempts are counted in the durable cache, so that many tries at once are not more.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.core.exceptions import ValidationError

from mats.identity.requests import Request

LIFE = dt.timedelta(minutes=10)
TOO_MANY = "Several codes were sent already. Wait ten minutes, then ask for another one."
WRONG = "This is not the code, or it is too old or used up. Look at the newest mail, or ask for another code."


def _place(purpose: str) -> str:
    return f"code_for_{purpose}"


def issue(request: Request, purpose: str, **facts: str) -> str:
    """A new code for a purpose, in place of an earlier one; raises ValidationError after too many."""
    if not ratelimit.consume(request, action="own_code", user=request.user):
        raise ValidationError(TOO_MANY)
    code = get_adapter().generate_login_code()
    until = (request.now + LIFE).timestamp()
    request.session[_place(purpose)] = {"id": str(uuid.uuid4()), "code": code, "until": until, **facts}
    return code


def waiting(request: Request, purpose: str) -> dict[str, Any] | None:
    """What a code was sent for, while it still works."""
    sent = request.session.get(_place(purpose))
    return sent if sent and request.now.timestamp() < sent["until"] else None


def redeem(request: Request, purpose: str, code: str) -> dict[str, Any]:
    """What the code was sent for; it is used up by that. Raises ValidationError for a wrong or late one."""
    sent = waiting(request, purpose)
    if sent is None or not ratelimit.consume(request, action="own_code_tried", key=sent["id"]):
        request.session.pop(_place(purpose), None)
        raise ValidationError({"code": WRONG})
    if not compare_user_code(actual=code, expected=sent["code"]):
        raise ValidationError({"code": WRONG})
    del request.session[_place(purpose)]
    return sent
