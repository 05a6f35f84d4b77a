"""Phases of a cohort, for its staff."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse

from cohorts.actions.phase import add_term, change_phase, remove_term
from cohorts.forms.phase import MainPhaseForm, NewTermForm, TermForm
from cohorts.forms.staff import ConfirmForm
from cohorts.models import Phase
from cohorts.views.pages import cohort_to_change, cohort_url, form_page, part_of_cohort
from mats.identity.requests import Request


def phase_add(request: Request, slug: str) -> HttpResponse:
    cohort = cohort_to_change(request, slug)
    form = NewTermForm(request, cohort=cohort)
    if answer := form.hand_to(add_term, cohort=cohort, then=cohort_url(cohort), saved="The extension term is added."):
        return answer
    return form_page(request, form, cohort=cohort, title="A new extension term", back=cohort_url(cohort), save="Add")


def phase_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    phase = part_of_cohort(request, Phase.objects, pk)
    kind = MainPhaseForm if phase.kind == Phase.Kind.MAIN else TermForm
    form = kind(request, cohort=phase.cohort, about=phase)
    if answer := form.hand_to(change_phase, phase=phase, then=cohort_url(phase.cohort), saved="The phase is saved."):
        return answer
    others = [("Remove this term", reverse("phase_remove", args=[phase.pk]))] if kind is TermForm else []
    return form_page(
        request, form, cohort=phase.cohort, title=f"Change: {phase}", back=cohort_url(phase.cohort), others=others
    )


def phase_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    phase = part_of_cohort(request, Phase.objects, pk)
    form = ConfirmForm(request, cohort=phase.cohort, about=phase)
    if answer := form.hand_to(remove_term, phase=phase, then=cohort_url(phase.cohort), saved="The term is removed."):
        return answer
    back = reverse("phase_change", args=[phase.pk])
    return form_page(request, form, cohort=phase.cohort, title=f"Remove: {phase}", back=back, save="Remove")
