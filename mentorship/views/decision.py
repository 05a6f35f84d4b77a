"""One case for those who judge it: the page, an opinion, a proposal, its confirmation, outside members."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find
from cohorts.models import Cohort, Membership, Phase, Role
from cohorts.places import places
from mats.identity.requests import Request
from mentorship.actions.decision import confirm, end_invitation, give_opinion, invite, propose, pull_out
from mentorship.cases import in_total
from mentorship.committee.case import cases, judged, places_words
from mentorship.committee.facts import facts_of_one
from mentorship.forms.decision import ConfirmForm, DecisionForm, EndInvitationForm, InviteForm, OpinionForm, PullForm
from mentorship.letters import term_of
from mentorship.models import CaseInvitation, Decision, ExtensionCase
from mentorship.rounds import latest_stay
from mentorship.rules.case import terms_ahead
from mentorship.rules.decision import why_not_by_opinions, why_not_clear, why_not_judge, why_not_opine, why_not_propose
from mentorship.rules.round import places_taken


def committee_url(case: ExtensionCase) -> str:
    return reverse("case_committee", args=[case.pk])


def case_for(request: Request, pk: uuid.UUID, act: str = "judge") -> ExtensionCase:
    """The case, if this person may judge it; somebody who is recused is told why, themselves alone."""
    try:
        return find("case", request.user, request.now, act=act, rows=cases, pk=pk)
    except PermissionDenied:
        case = find("case", request.user, request.now, rows=cases, pk=pk)
        raise PermissionDenied(why_not_judge(case, request.user, request.now, act=act)) from None


def is_staff_of(request: Request, cohort: Cohort) -> bool:
    """Whether the reader opens other pages of the cohort, which an outside member does not."""
    return any(place.cohort_id == cohort.pk and place.role == Role.STAFF for place in places(request))


def case_committee(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = case_for(request, pk)
    context = {
        "case": case,
        "cohort": case.cohort,
        "page": judged(case, request.user, request.now),
        "is_staff": is_staff_of(request, case.cohort),
        "confirm": ConfirmForm(request),
    }
    return render(request, "mentorship/case_committee.html", context)


def opinion_write(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What one thinks, beside what there is to read; what the others think is on neither side."""
    case = case_for(request, pk)
    form = OpinionForm(request, place=case)
    if answer := form.hand_to(give_opinion, case=case, then=committee_url(case), saved="Your opinion is in."):
        return answer
    facts = facts_of_one(case)
    context = {
        "case": case,
        "cohort": case.cohort,
        "form": form,
        "facts": facts,
        "why_not": why_not_opine(facts, request.user),
        "back": committee_url(case),
    }
    return render(request, "mentorship/opinion_write.html", context)


def decision_propose(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = case_for(request, pk)
    terms = _terms(case.scholar, case)
    form = DecisionForm(request, place=case, terms=terms, initial={"total_months": case.total_months})
    saved = "It is proposed; a second person confirms it."
    if answer := form.hand_to(propose, case=case, then=committee_url(case), saved=saved):
        return answer
    facts = facts_of_one(case)
    context = {
        "case": case,
        "cohort": case.cohort,
        "form": form,
        "why_not": why_not_propose(facts, request.user),
        "why_contested": why_not_clear(facts),
        "needs_opinions": why_not_by_opinions(facts, request.user),
        "places": places_words(case.round.places, places_taken(case.round) if case.round.places is not None else 0),
        "back": committee_url(case),
    }
    return render(request, "mentorship/decision_propose.html", context)


def _terms(scholar: Membership, case: ExtensionCase) -> dict[int, Phase]:
    """What may be granted: more than they have, and no more than they ask for."""
    ahead = terms_ahead(scholar, latest_stay(scholar))
    return {total: term for total, term in ahead.items() if total <= case.total_months}


# --- a proposal -----------------------------------------------------------------------------------


def _decisions(at: dt.datetime) -> QuerySet[Decision]:
    made = Decision.objects.filter(archived_at=None)
    return made.select_related("case__cohort", "case__round", "case__scholar__person", "proposed_by")


def _proposal(request: Request, pk: uuid.UUID) -> Decision:
    """A decision for those who judge its case: that is asked again, since a released letter is read more widely."""
    row = find("decision", request.user, request.now, act="judge", rows=_decisions, pk=pk)
    if words := why_not_judge(row.case, request.user, request.now):
        raise PermissionDenied(words)
    return row


def decision_confirm(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One button; opened as a page it asks first, so that a followed link changes nothing."""
    row = _proposal(request, pk)
    form = ConfirmForm(request)
    saved = "It is decided. The letter is a draft until somebody releases it."
    if row.outcome == Decision.Outcome.MORE:
        saved = "The question is with its scholar."
    if answer := form.hand_to(confirm, decision=row, then=committee_url(row.case), saved=saved):
        return answer
    return _about(request, row, form, title="Confirm it", save="Confirm")


def decision_pull(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = _proposal(request, pk)
    form = PullForm(request, place=row)
    saved = "The proposal is pulled out."
    if answer := form.hand_to(pull_out, decision=row, then=committee_url(row.case), saved=saved):
        return answer
    return _about(request, row, form, title="Pull it out", save="Pull it out")


def _about(request: Request, row: Decision, form: ConfirmForm | PullForm, *, title: str, save: str) -> HttpResponse:
    """A proposal with a form below it; what opinions decide is kept from whoever has not written theirs."""
    context = {
        "row": row,
        "case": row.case,
        "cohort": row.case.cohort,
        "form": form,
        "title": title,
        "total": in_total(term_of(row.case.cohort, row.total_months)) if row.total_months else "",
        "save": save,
        "is_kept": facts_of_one(row.case).is_kept_from(row, request.user),
        "back": committee_url(row.case),
    }
    return render(request, "mentorship/decision_confirm.html", context)


# --- outside members ------------------------------------------------------------------------------


def case_invite(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = case_for(request, pk, "administer")
    form = InviteForm(request, place=case)
    back = reverse("case", args=[case.pk])
    if answer := form.hand_to(invite, case=case, then=back, saved="They are invited, and get a letter."):
        return answer
    title = f"Invite an outside member for {case.scholar.person.name}"
    intro = (
        "They read this case and where its scholar stands, decide with the committee, and see nothing else here. "
        "Nobody who mentors or coaches the scholar, did, or will."
    )
    return _form_page(request, form, case, title=title, save="Invite", intro=intro)


def case_invitation_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = CaseInvitation.objects.filter(archived_at=None, pk=pk).select_related("person").first()
    if row is None:
        raise Http404
    case = row.case = case_for(request, row.case_id, "administer")
    form, back = EndInvitationForm(request, place=row), reverse("case", args=[case.pk])
    if answer := form.hand_to(end_invitation, invitation=row, then=back, saved="The invitation has ended."):
        return answer
    title = f"End: {row.person.name} on the case of {case.scholar.person.name}"
    intro = "They read the case no longer. What they wrote and decided stays."
    return _form_page(request, form, case, title=title, save="End it", intro=intro)


def _form_page(
    request: Request, form: InviteForm | EndInvitationForm, case: ExtensionCase, *, title: str, save: str, intro: str
) -> HttpResponse:
    context = {"form": form, "cohort": case.cohort, "title": title, "save": save, "intro": intro}
    return render(request, "cohorts/form_page.html", {**context, "back": reverse("case", args=[case.pk])})
