"""The kinds of message, registered by the apps that know them, so that ground imports no app."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from mats.post.letters import Letter
from mats.post.models import Message

Judge = Callable[[Message, dt.datetime], str]
Writer = Callable[[Message, dt.datetime], Letter]
Finder = Callable[[dt.datetime], int]


@dataclass(frozen=True)
class Kind:
    """What is sent, how surely, and when it has become pointless.

    `drop_why` is asked right before sending and answers with the reason to drop the message, or
    nothing. `find` puts rows for what has become due and answers with their number. Staff read a
    kind on their page only if `staff_read` says so: nothing of coaching and no sign-in mail does;
    `show` writes it for them where the letter itself holds a secret. A kind that is sent to people who
    have not accepted their invitation says so (`before_acceptance`): no gate is asked about it.
    """

    name: str
    words: str
    policy: str
    drop_why: Judge
    write: Writer
    find: Finder | None = None
    staff_read: bool = False
    show: Writer | None = None
    before_acceptance: bool = False


_kinds: dict[str, Kind] = {}
_gates: list[Judge] = []


def register(kind: Kind) -> Kind:
    _kinds[kind.name] = kind
    return kind


def register_gate(judge: Judge) -> Judge:
    """Let an app judge every message before its kind does; called when the app is ready."""
    _gates.append(judge)
    return judge


def drop_why(kind: Kind, message: Message, at: dt.datetime) -> str:
    """Why a message is not sent, or nothing: the gates are asked first, then its kind."""
    gates = () if kind.before_acceptance else _gates
    return next(filter(None, (judge(message, at) for judge in gates)), "") or kind.drop_why(message, at)


def kind_of(message: Message) -> Kind | None:
    """The message's kind; None for one that this release no longer knows."""
    return _kinds.get(message.kind)


def finders() -> list[Finder]:
    return [kind.find for kind in _kinds.values() if kind.find]


def read_by_staff() -> dict[str, str]:
    """Names of the kinds that staff read, with their words."""
    return {kind.name: kind.words for kind in _kinds.values() if kind.staff_read}
