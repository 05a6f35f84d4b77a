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


def sign_in_changed(*, name: str, what: str, when: str, security_link: str) -> Letter:
    """Tells the owner of an account what was added to its sign-in or taken from it; `what` is a sentence."""
    return compose("cohorts/emails/sign_in_changed", name=name, what=what, when=when, security_link=security_link)


def own_code(*, name: str, code: str, minutes: int) -> Letter:
    """A code that confirms that somebody signed in is who they are."""
    return compose("cohorts/emails/own_code", name=name, code=code, minutes=minutes)


def address_code(*, name: str, code: str, minutes: int) -> Letter:
    """Goes to an address that somebody wants to sign in with."""
    return compose("cohorts/emails/address_code", name=name, code=code, minutes=minutes)


def address_taken(*, name: str, when: str, sign_in_link: str) -> Letter:
    """Goes to the owner of an address that somebody else wanted for their own account."""
    return compose("cohorts/emails/address_taken", name=name, when=when, sign_in_link=sign_in_link)


def address_changed(*, name: str, when: str) -> Letter:
    """Goes to the address that an account had until then; whoever reads it now need not learn the new one."""
    return compose("cohorts/emails/address_changed", name=name, when=when)


def place_invitation(
    *,
    name: str,
    cohort: str,
    invited_by: str,
    staff: str,
    role: str,
    does: str,
    days: str,
    accept_link: str,
    until: str,
    zone: str,
    email: str,
    has_account: bool,
) -> Letter:
    """Invites somebody to their place; `role` and `staff` are the cohort's own words, `until` is in their zone.

    `invited_by` is empty where no person did it (a command). The link works once.
    """
    return compose(
        "cohorts/emails/place_invitation",
        name=name,
        cohort=cohort,
        invited_by=invited_by,
        staff=staff,
        role=role,
        does=does,
        days=days,
        accept_link=accept_link,
        until=until,
        zone=zone,
        email=email,
        has_account=has_account,
    )


def place_ended(
    *,
    name: str,
    cohort: str,
    role: str,
    how: str,
    letter: str,
    until: str,
    is_alum: bool,
    place_link: str,
    recorded_by: str = "",
) -> Letter:
    """To whoever had the place; `letter` is what staff wrote, as they wrote it. They read their own `until` a
    day. `recorded_by` is who of staff said that they leave, if they did not press it themselves."""
    return compose(
        "cohorts/emails/place_ended",
        name=name,
        cohort=cohort,
        role=role,
        how=how,
        letter=letter,
        until=until,
        is_alum=is_alum,
        place_link=place_link,
        recorded_by=recorded_by,
    )


def place_ended_beside(*, name: str, who: str, role: str, cohort: str) -> Letter:
    """To whoever worked with somebody who is no longer here; why stands nowhere in it."""
    return compose("cohorts/emails/place_ended_beside", name=name, who=who, role=role, cohort=cohort)


def ending_proposed(*, name: str, who: str, role: str, cohort: str, proposed_by: str, ending_link: str) -> Letter:
    """To the other staff: one of them confirms it, or takes it off the table. Why stands on the page."""
    values = {"who": who, "role": role, "cohort": cohort, "proposed_by": proposed_by, "ending_link": ending_link}
    return compose("cohorts/emails/ending_proposed", name=name, **values)


def place_left(*, name: str, who: str, role: str, cohort: str, reason: str, ending_link: str) -> Letter:
    """To whoever leads on duty, with the reason if one was given."""
    values = {"who": who, "role": role, "cohort": cohort, "reason": reason, "ending_link": ending_link}
    return compose("cohorts/emails/place_left", name=name, **values)
