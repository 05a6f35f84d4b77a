"""Closing an action and opening it again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cohorts.access import find
from mats.forms.base import KeptForm
from mats.forms.sent import own_path
from mats.identity.requests import Request
from mentorship.actions.action import drop_action, finish_action, reopen_action
from mentorship.forms.action import DropForm, FinishForm, ReopenForm
from mentorship.models import Action

BACK = "back"


def _actions(at: dt.datetime) -> QuerySet[Action]:
    return Action.objects.filter(archived_at=None).select_related("owner__person", "owner__cohort", "log")


def _find_action(request: Request, pk: uuid.UUID) -> Action:
    return find("action", request.user, request.now, act="write", rows=_actions, pk=pk)


def _there(request: Request, action: Action) -> str:
    """Back to the page it was pressed on, if that said so; else to the meeting or log it comes from, or Home."""
    there = reverse("home")
    if action.meeting_id:
        there = f"{reverse('meeting', args=[action.meeting_id])}#actions"
    elif action.log_id:
        there = f"{reverse('log', args=[action.log_id])}#next"
    return own_path(request.POST.get(BACK) or request.GET.get(BACK, ""), there)


def _press(
    request: Request, action: Action, form: KeptForm, act: Callable[..., Any], *, press: str, saved: str
) -> HttpResponse:
    """One button; opened as a page it asks first, so that a followed link changes nothing."""
    there = _there(request, action)
    if answer := form.hand_to(act, action=action, then=there, saved=saved):
        return answer
    context = {"form": form, "action": action, "cohort": action.owner.cohort, "press": press, "back": there}
    return render(request, "mentorship/action_press.html", context)


def action_done(request: Request, pk: uuid.UUID) -> HttpResponse:
    action, form = _find_action(request, pk), FinishForm(request)
    return _press(request, action, form, finish_action, press="Done", saved="The action is done.")


def action_drop(request: Request, pk: uuid.UUID) -> HttpResponse:
    action, form = _find_action(request, pk), DropForm(request)
    return _press(request, action, form, drop_action, press="Drop it", saved="The action is dropped.")


def action_reopen(request: Request, pk: uuid.UUID) -> HttpResponse:
    action, form = _find_action(request, pk), ReopenForm(request)
    return _press(request, action, form, reopen_action, press="Open it again", saved="The action is open again.")
