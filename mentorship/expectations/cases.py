"""What is owed for extension cases, in the one reading over all that is owed.

    approval       a mentor's approval, met by its first answer
    mentor_talk    staff's talk with a mentor who is not sure
    mentor_search  staff's search for a mentor for the term
    more           a scholar's answer where the committee asks for more
    acceptance     a scholar's answer to an offer
    condition      staff's look at a condition of a grant
    sheet          staff's next-term sheet, and `agreement` the scholar's press under it
    appeal         the committee's hearing of an appeal

What staff owe for a case is read by staff who may administer it; a case that ended otherwise owes
nothing more.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, DateTimeField, F, Q, QuerySet, When

from cohorts.access import condition
from cohorts.expectations import register
from cohorts.models import Membership, Person, Role
from mentorship.expectations.milestones import columns_of, readable
from mentorship.models import Approval, Decision, DecisionLetter, ExtensionCase, MentorSearch, State, TermSheet
from mentorship.models.case import OPEN

TO_APPROVE = (State.MENTOR, State.TALK, State.COMMITTEE, State.MORE)


def _met_or(path: str, met: str, states: Any) -> Q:
    """What was done stays; what was not is owed only while the case is in one of these states."""
    return Q(**{f"{met}__isnull": False}) | Q(**{f"{path}state__in": states, f"{path}archived_at": None})


def _of_staff(places: QuerySet[Any], reader: Person, at: dt.datetime, path: str = "case") -> Q:
    """Of cases that the reader may administer: in the cohorts of these places of staff, or of these scholars."""
    mine = ExtensionCase.objects.filter(condition(reader, "administer", "case", at)).values("pk")
    cohorts = Membership.objects.filter(pk__in=places, role=Role.STAFF).values("cohort")
    scholar = "scholar" if path == "pk" else f"{path}__scholar"
    return Q(**{f"{path}__in": mine}) & (Q(cohort__in=cohorts) | Q(**{f"{scholar}__in": places}))


def _approvals(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    theirs = Q(mentor__in=places) | Q(case__scholar__in=places)
    rows = readable(Approval, "approval", reader, at).filter(theirs, _met_or("case__", "given_at", TO_APPROVE))
    return columns_of(
        "approval",
        rows,
        until=until,
        at=at,
        due="due_at",
        met="given_at",
        owner="mentor_id",
        scholar="case__scholar_id",
    )


def _talks(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    asked = Approval.objects.filter(archived_at=None, is_lead=True, talk_due_at__isnull=False)
    rows = asked.filter(_of_staff(places, reader, at), _met_or("case__", "talked_at", [State.TALK]))
    return columns_of(
        "mentor_talk", rows, until=until, at=at, due="talk_due_at", met="talked_at", scholar="case__scholar_id"
    )


def _searches(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    rows = MentorSearch.objects.filter(_of_staff(places, reader, at), _met_or("case__", "closed_at", OPEN))
    return columns_of(
        "mentor_search", rows.filter(archived_at=None), until=until, at=at, due="due_at", met="closed_at",
        scholar="case__scholar_id",
    )  # fmt: skip


def _more(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    asked = readable(Decision, "decision", reader, at).filter(outcome="more", answer_due_at__isnull=False)
    rows = asked.filter(_met_or("case__", "answered_at", [State.MORE]), case__scholar__in=places)
    return columns_of(
        "more", rows, until=until, at=at, due="answer_due_at", met="answered_at", owner="case__scholar_id",
        scholar="case__scholar_id",
    )  # fmt: skip


def _acceptances(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    offers = readable(DecisionLetter, "letter", reader, at).filter(
        released_at__isnull=False, outcome="grant", decision__replaced_at=None, case__scholar__in=places
    )
    answered = [State.ACCEPTED, State.DECLINED]
    met = Case(When(case__state__in=answered, then=F("case__state_since")), output_field=DateTimeField())
    rows = offers.filter(case__state__in=[State.OFFERED, *answered])
    return columns_of(
        "acceptance", rows, until=until, at=at, due="accept_due_at", met=met, owner="case__scholar_id",
        scholar="case__scholar_id",
    )  # fmt: skip


def _conditions(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    held = Decision.objects.filter(confirmed_at__isnull=False, replaced_at=None, conditions_due_at__isnull=False)
    rows = held.filter(
        _of_staff(places, reader, at), _met_or("case__", "conditions_met_at", [State.OFFERED, State.ACCEPTED])
    )
    return columns_of(
        "condition", rows, until=until, at=at, due="conditions_due_at", met="conditions_met_at",
        scholar="case__scholar_id",
    )  # fmt: skip


def _sheets(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    rows = TermSheet.objects.filter(
        _of_staff(places, reader, at), _met_or("case__", "shared_at", [State.ACCEPTED]), archived_at=None
    )
    return columns_of("sheet", rows, until=until, at=at, due="due_at", met="shared_at", scholar="case__scholar_id")


def _agreements(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    shared = readable(TermSheet, "sheet", reader, at).filter(shared_at__isnull=False, case__scholar__in=places)
    rows = shared.filter(_met_or("case__", "scholar_agreed_at", [State.ACCEPTED]))
    return columns_of(
        "agreement", rows, until=until, at=at, due="agree_due_at", met="scholar_agreed_at", owner="case__scholar_id",
        scholar="case__scholar_id",
    )  # fmt: skip


def _appeals(places: QuerySet[Any], *, reader: Person, at: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    heard = ExtensionCase.objects.filter(archived_at=None, appealed_at__isnull=False)
    done = Case(When(~Q(state=State.APPEALED), then=F("state_since")), output_field=DateTimeField())
    rows = heard.filter(_of_staff(places, reader, at, "pk"))
    return columns_of("appeal", rows, until=until, at=at, due="appeal_due_at", met=done, scholar="scholar_id")


register("approval", _approvals)
register("mentor_talk", _talks)
register("mentor_search", _searches)
register("more", _more)
register("acceptance", _acceptances)
register("condition", _conditions)
register("sheet", _sheets)
register("agreement", _agreements)
register("appeal", _appeals)
