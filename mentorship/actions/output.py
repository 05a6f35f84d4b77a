"""Outputs: papers, posts, code, datasets and talks, entered by the scholar whose they are."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cohorts.actions.holding import in_words, take
from cohorts.models import Membership, Person
from mentorship.models import Output
from mentorship.rules.output import enters_their_own, link_is_an_address, title_is_given


@transaction.atomic
def add_output(
    *,
    scholar: Membership,
    by: Person,
    at: dt.datetime,
    kind: str,
    title: str,
    link: str = "",
    venue: str = "",
    state: str = Output.State.DRAFTED,
    with_whom: str = "",
    is_shared: bool = False,
) -> Output:
    """Enter an output; the cohort sees it where the scholar says so (`is_shared`)."""
    scholar = take(scholar)
    enters_their_own(scholar, by)
    title_is_given(title)
    link_is_an_address(link)
    output = Output(cohort_id=scholar.cohort_id, scholar=scholar, kind=kind, title=title, link=link, created_at=at)
    output.venue, output.state, output.with_whom, output.is_shared = venue, state, with_whom, is_shared
    with in_words():
        output.save(force_insert=True)
    return output


@transaction.atomic
def change_output(
    *,
    output: Output,
    by: Person,
    at: dt.datetime,
    version: int,
    kind: str,
    title: str,
    link: str = "",
    venue: str = "",
    state: str = Output.State.DRAFTED,
    with_whom: str = "",
    is_shared: bool = False,
) -> Output:
    """Every field as it stands from now on; history keeps what stood there."""
    title_is_given(title)
    link_is_an_address(link)
    output = take(output, version)
    values: dict[str, object] = {"kind": kind, "title": title, "link": link, "venue": venue, "state": state}
    values |= {"with_whom": with_whom, "is_shared": is_shared}
    for field, value in values.items():
        setattr(output, field, value)
    with in_words():
        output.save_edit(*values)
    return output


@transaction.atomic
def remove_output(*, output: Output, by: Person, at: dt.datetime, version: int) -> None:
    """Take an output away: it is archived, and nobody sees it any more."""
    output = take(output, version)
    output.archived_at = at
    output.save_edit("archived_at")
