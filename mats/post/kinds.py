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
    kind on their page only if `staff_read` says so: nothing of coaching and no sign-in mail does.
    """

    name: str
    words: str
    policy: str
    drop_why: Judge
    write: Writer
    find: Finder | None = None
    staff_read: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    _kinds[kind.name] = kind
    return kind


def kind_of(message: Message) -> Kind | None:
    """The message's kind; None for one that this release no longer knows."""
    return _kinds.get(message.kind)


def finders() -> list[Finder]:
    return [kind.find for kind in _kinds.values() if kind.find]


def read_by_staff() -> dict[str, str]:
    """Names of the kinds that staff read, with their words."""
    return {kind.name: kind.words for kind in _kinds.values() if kind.staff_read}
