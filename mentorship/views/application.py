"""What a scholar sends: the application and changes of it, and answers to what is decided; for staff, letting
somebody apply late."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from cohorts.access import find, refusal
from cohorts.models import Cohort, Membership, Role
from cohorts.places import places
from cohorts.rules.days import in_words
from cohorts.views.pages import form_page
from mats.forms.base import KeptForm
from mats.identity.requests import Request
from mentorship import rounds
from mentorship.actions.application import (
    accept,
    answer_more,
    appeal_refusal,
    apply_for_extension,
    change_application,
    decline,
    open_late_entry,
    withdraw,
)
from mentorship.forms.case import (
    AcceptForm,
    AnswerForm,
    AppealForm,
    ApplicationChangeForm,
    ApplicationForm,
    DeclineForm,
    LateEntryForm,
    WithdrawForm,
)
from mentorship.models import DecisionLetter, ExtensionCase, LateEntry, State, TermSheet
from mentorship.rules.case import (
    check_in_time,
    check_is_asked,
    check_is_offered,
    check_may_appeal,
    check_may_apply,
    check_may_change,
    check_may_withdraw,
    check_no_open_case,
    last_case,
    terms_ahead,
)
from mentorship.sheets import mentors_of
from mentorship.turn import Look, letter_of, question_of, turn_of
from mentorship.views.case import case_url, find_case, not_now, who_reads

TEMPLATE = "mentorship/case_form.html"
UNTIL_ANSWERED = (
    "Your mentor is asked at once. You can change it until they have answered, and withdraw until the term begins."
)


def own_place(request: Request, cohort: Cohort) -> Membership | None:
    """The reader's own place as a scholar of this cohort."""
    mine = (place for place in places(request) if place.cohort_id == cohort.pk and place.role == Role.SCHOLAR)
    return next(mine, None)


def case_apply(request: Request, slug: str) -> HttpResponse:
    """One form. What was typed comes back with it, also where the window has closed meanwhile. Whoever has an
    open case is shown that one."""
    cohort = find("cohort", request.user, request.now, slug=slug)
    place = own_place(request, cohort)
    if place is None:
        raise PermissionDenied(refusal("apply", "case"))
    last = last_case(place)
    if last and (answer := not_now(request, last, check_no_open_case, last)):
        return answer
    terms = terms_ahead(place, rounds.latest_stay(place))
    form = ApplicationForm(request, terms=terms, place=place)
    if answer := form.hand_to(apply_for_extension, scholar=place, then=case_url, saved="Your application is sent."):
        return answer
    opening, why_not = None, ""
    try:
        opening = check_may_apply(place, request.now)
    except ValidationError as refused:
        why_not = refused.messages[0]
    return form_page(
        request, form, cohort=cohort, title="Apply for an extension", back=reverse("extension", args=[cohort.slug]),
        save="Send it", template=TEMPLATE, opening=opening, why_not="" if form.is_sent else why_not,
        intro=UNTIL_ANSWERED if opening else "", who_reads=who_reads("case", is_scholar=True),
    )  # fmt: skip


# --- the scholar's own case -------------------------------------------------------------------------


def _case_form(
    request: Request, case: ExtensionCase, form: KeptForm, act: Callable[..., Any], *, saved: str, **words: Any
) -> HttpResponse:
    if answer := form.hand_to(act, case=case, then=case_url, saved=saved):
        return answer
    more = {"cohort": case.cohort, "back": case_url(case), "case": case, "template": TEMPLATE}
    more["who_reads"] = who_reads("case", is_scholar=True)
    return form_page(request, form, **{**more, **words})


def case_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = find_case(request, pk, "apply")
    if answer := not_now(request, case, check_may_change, case):
        return answer
    terms = terms_ahead(case.scholar, rounds.latest_stay(case.scholar))
    form = ApplicationChangeForm(request, terms=terms, about=case)
    return _case_form(
        request, case, form, change_application, saved="The application is changed.", title="Change your application",
        save="Save the change", intro="Until a mentor has answered. What stood there before stays in the history.",
    )  # fmt: skip


def case_withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One button; opened as a page it asks first, and says what goes."""
    case = find_case(request, pk, "apply")
    if answer := not_now(request, case, check_may_withdraw, case, request.now):
        return answer
    turn = turn_of(Look(case, request.user, request.now))
    return _case_form(
        request, case, WithdrawForm(request), withdraw, saved="Your case is withdrawn.", title="Withdraw your case?",
        save="Yes, withdraw", intro=f"It stands here now: {turn.title.lower()}. {turn.words}",
        goes=_goes(case), then_what=_after_withdrawing(case),
    )  # fmt: skip


def _goes(case: ExtensionCase) -> list[str]:
    """What is taken back of a term that is set, as its scholar withdraws."""
    rows = TermSheet.objects.filter(case=case, archived_at=None).select_related("coach__person")
    sheet = rows.first() if case.state == State.IN_FORCE else None
    if sheet is None:
        return []
    mentors = " and ".join(one.mentor.person.name for one in mentors_of(sheet))
    found = [
        f"your stay in the term, {in_words(sheet.starts_on)} – {in_words(sheet.ends_on)}",
        f"the pairings of the term, with {mentors}, and their weekly time",
    ]
    if sheet.coach:
        found.append(f"{sheet.coach.person.name}’s caseload of the term, as your {case.cohort.coach_label}")
    return found


def _after_withdrawing(case: ExtensionCase) -> str:
    """A round that has answered is asked again by nobody alone."""
    if not DecisionLetter.objects.filter(case=case, released_at__isnull=False).exists():
        return ""
    label = case.cohort.staff_label_plural
    return f"This round has answered you, so you can’t apply again by yourself: {label} would have to let you."


def case_answer(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = find_case(request, pk, "apply")
    if answer := not_now(request, case, check_is_asked, case, question_of(case)):
        return answer
    return _case_form(
        request, case, AnswerForm(request, place=case), answer_more, saved="Your answer is with the committee.",
        title="Answer the committee", save="Send the answer", question=question_of(case),
        intro="Once you have answered, the case goes back to the committee.",
    )  # fmt: skip


def _offered_in_time(case: ExtensionCase, at: dt.datetime) -> None:
    check_is_offered(case)
    check_in_time(letter_of(case), case.cohort, at)


def case_accept(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = find_case(request, pk, "apply")
    if answer := not_now(request, case, _offered_in_time, case, request.now):
        return answer
    turn = turn_of(Look(case, request.user, request.now))
    intro = (
        f"{turn.words} Next comes the sheet of the term: nothing moves before you and your mentor have agreed to it."
    )
    return _case_form(
        request, case, AcceptForm(request), accept, saved="You have accepted. The next-term sheet comes next.",
        title="Accept the extension?", save="Yes, I accept", intro=intro,
    )  # fmt: skip


def case_decline(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = find_case(request, pk, "apply")
    if answer := not_now(request, case, check_is_offered, case):
        return answer
    return _case_form(
        request, case, DeclineForm(request, place=case), decline, saved="You have declined.",
        title="Decline the extension?", save="Yes, I decline",
        intro="Your place then ends with the phase you are in. Nothing that happened is undone.",
    )  # fmt: skip


def case_appeal(request: Request, pk: uuid.UUID) -> HttpResponse:
    case = find_case(request, pk, "apply")
    if answer := not_now(request, case, check_may_appeal, case, letter_of(case), request.now):
        return answer
    return _case_form(
        request, case, AppealForm(request, place=case), appeal_refusal, saved="Your appeal is with the committee.",
        title="Appeal", save="Send the appeal",
        intro="There is one. It is heard by people who did not decide, and answered within fourteen days.",
    )  # fmt: skip


# --- by staff ---------------------------------------------------------------------------------------


def _scholars(at: dt.datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(archived_at=None, role=Role.SCHOLAR).select_related("person", "cohort")


def late_entry(request: Request, pk: uuid.UUID) -> HttpResponse:
    scholar = find("membership", request.user, request.now, act="change", rows=_scholars, pk=pk)
    form = LateEntryForm(request, cohort=scholar.cohort, place=scholar)
    back = reverse("standing", args=[scholar.pk])
    saved = f"{scholar.person.name} may apply late."
    if answer := form.hand_to(open_late_entry, scholar=scholar, then=back, saved=saved):
        return answer
    return form_page(
        request, form, cohort=scholar.cohort, title=f"Let {scholar.person.name} apply late", back=back, save="Let them",
        template="mentorship/late_entry.html", earlier=_earlier(scholar),
        intro="After the last day to apply, for one person, until the end of a day, for a reason.",
    )  # fmt: skip


def _earlier(scholar: Membership) -> list[LateEntry]:
    return list(LateEntry.objects.filter(scholar=scholar).select_related("opened_by").order_by("-created_at"))
