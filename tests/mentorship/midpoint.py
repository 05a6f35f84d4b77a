"""Lines, talks and plans for tests: the mid-point is due on Friday 19 February 2027 at 18:00 London."""

from __future__ import annotations

import datetime as dt
import uuid

from django.urls import reverse

from cohorts.models import Membership, Milestone
from mats.post import outbox
from mats.post.models import Message
from mentorship.actions.midpoint import give_line
from mentorship.models import MidpointLine, SupportPlan, Talk
from tests.cast import LONG_AGO, WEEK_SIX, Cast, a_milestone, a_pairing

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
MIDPOINT = dt.date(2027, 2, 19)
DUE = dt.datetime(2027, 2, 19, 18, tzinfo=dt.UTC)
BECAUSE, WOULD_CHANGE = "No result of your own yet.", "One ablation from start to end."
PLAN = {
    "what": "One ablation, written up.",
    "by_when": dt.date(2027, 3, 5),
    "help_given": "Mira pairs on Tuesdays.",
    "review_on": dt.date(2027, 3, 8),
}


def a_line(cast: Cast, mentor: str = "mentor", scholar: str = "scholar", **fields) -> MidpointLine:
    """Owed; with a `view` it was given an hour ago."""
    milestone = Milestone.objects.filter(cohort=cast.cohort, kind="midpoint").first()
    milestone = milestone or a_milestone(cast.cohort, "midpoint", MIDPOINT)
    if "view" in fields:
        fields = {"given_at": WEEK_SIX - 60 * MINUTE, "because": BECAUSE, "would_change": WOULD_CHANGE, **fields}
    fields = {"due_at": DUE, "created_at": LONG_AGO, **fields}
    return MidpointLine.objects.create(
        cohort=cast.cohort, milestone=milestone, scholar=cast.place[scholar], mentor=cast.place[mentor], **fields
    )


def a_co_mentor(cast: Cast, **fields) -> None:
    """`other_mentor` mentors `scholar` too."""
    a_pairing(cast.place["scholar"], cast.place["other_mentor"], is_lead=False, **fields)


def given(
    line: MidpointLine, view: str, at: dt.datetime = WEEK_SIX, version: int | None = None, **texts
) -> MidpointLine:
    """As its mentor says it; with both texts unless told otherwise."""
    texts = {"because": BECAUSE, "would_change": WOULD_CHANGE, **texts}
    version = version or MidpointLine.objects.get(pk=line.pk).version
    return give_line(line=line, by=line.mentor.person, at=at, version=version, view=view, **texts)


def a_talk(line: MidpointLine, **fields) -> Talk:
    """Owed since week six."""
    fields = {"due_at": WEEK_SIX + 5 * DAY, "created_at": WEEK_SIX, **fields}
    return Talk.objects.create(cohort=line.cohort, scholar=line.scholar, line=line, **fields)


def a_support_plan(scholar: Membership, cast: Cast, **fields) -> SupportPlan:
    due_at = dt.datetime(2027, 3, 8, 18, tzinfo=dt.UTC)
    fields = {**PLAN, "opened_by": cast.staff, "review_due_at": due_at, "created_at": WEEK_SIX, **fields}
    return SupportPlan.objects.create(cohort=scholar.cohort, scholar=scholar, **fields)


def letters(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("moment", "person__email"))


def sent_all(at: dt.datetime) -> None:
    while message := outbox.claim(at):
        outbox.deliver(message, at)


def page(cast: Cast, client, who: str, name: str, row, **fields):
    """A page as one of the cast opens it; with `version` (or other fields) they send its form."""
    client.force_login(getattr(cast, who))
    address = reverse(name, args=[row.pk])
    if not fields:
        return client.get(address)
    version = fields.pop("version", row.version)
    return client.post(address, {"_key": str(uuid.uuid4()), "_version": str(version), **fields})


def statuses(cast: Cast, client, name: str, row, **fields) -> dict[str, int]:
    """What each of the cast gets, by name."""
    who = ("scholar", "other_scholar", "mentor", "other_mentor", "coach", "staff", "staff_elsewhere", "stranger")
    return {name_: page(cast, client, name_, name, row, **fields).status_code for name_ in who}
