"""Messages about a person's own data: plain values in, a letter out."""

from __future__ import annotations

from mats.post.letters import Letter, compose


def export_ready(*, name: str, until: str, data_link: str) -> Letter:
    """Tells somebody that the copy of their data can be had; `until` is in their zone."""
    return compose("pages/emails/export_ready", name=name, until=until, data_link=data_link)


def erasure_asked(*, name: str, erasure_link: str) -> Letter:
    """Tells somebody of staff that a request to be erased waits; not whose."""
    return compose("pages/emails/erasure_asked", name=name, erasure_link=erasure_link)
