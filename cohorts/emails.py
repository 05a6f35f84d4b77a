"""Messages about a person's account: plain values in, a letter out."""

from __future__ import annotations

from mats.post.letters import Letter, compose


def login_code(*, name: str, code: str, minutes: int) -> Letter:
    """The code stands in the body only: mail servers keep subjects in their logs."""
    return compose("cohorts/emails/login_code", name=name, code=code, minutes=minutes)


def password_reset_code(*, name: str, code: str, minutes: int) -> Letter:
    return compose("cohorts/emails/password_reset_code", name=name, code=code, minutes=minutes)


def password_changed(*, name: str, when: str, reset_link: str) -> Letter:
    """Tells the owner of an account that its password is another one now; `when` in their zone."""
    return compose("cohorts/emails/password_changed", name=name, when=when, reset_link=reset_link)
