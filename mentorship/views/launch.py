"""The launch of a cohort, through a page that says what it does."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse

from cohorts.access import find
from cohorts.counts import cohort_counts, missing_before_launch
from cohorts.forms.staff import ConfirmForm
from cohorts.models import Role
from cohorts.views.pages import cohort_url, form_page
from mats.identity.requests import Request
from mentorship.actions.launch import launch_cohort
from mentorship.actions.weeks import LaidOut


def cohort_launch(request: Request, slug: str) -> HttpResponse:
    cohort = find("cohort", request.user, request.now, act="launch", slug=slug)
    form = ConfirmForm(request, cohort=cohort, about=cohort)

    def answer_to(done: LaidOut) -> str:
        if done.left_out:
            number = len(done.left_out)
            messages.warning(
                request,
                f"{number} {'weeks' if number != 1 else 'week'} with a weekly time could not get a meeting, because "
                "somebody is away or has another meeting then.",
            )
        return cohort_url(cohort)

    if answer := form.hand_to(launch_cohort, cohort=cohort, then=answer_to, saved=f"{cohort.name} is launched."):
        return answer
    counts = cohort_counts(cohort)
    return form_page(
        request,
        form,
        cohort=cohort,
        title=f"Launch {cohort.name}",
        back=cohort_url(cohort),
        save="Launch",
        template="mentorship/cohort_launch.html",
        missing=missing_before_launch(cohort, counts),
        people=[(counts[role], cohort.label(role, plural=counts[role] != 1)) for role in Role.values],
    )
