"""Importing people: upload, dry run, yes, progress."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cohorts.access import find
from cohorts.models import Cohort
from cohorts.rules.cohort import MAY_NOT_START, may_start_cohorts
from mats.forms.base import KeptForm
from mats.identity.fresh import needs_fresh_sign_in
from mats.identity.requests import Request
from mats.pages.importing import runs
from mats.pages.importing.formats import COLUMNS, KINDS, template
from mats.pages.importing.forms import ConfirmForm, DiscardForm, FilesForm, NewCohortForm, StoreForm
from mats.pages.models import ImportRun
from mats.pages.tasks import store_import
from mats.post.doorbell import ring

# Up to here storing takes about a second and is done before the answer; more goes to a worker.
ROWS_AT_ONCE = 500


def _run_url(run: ImportRun) -> str:
    return reverse("import_run", args=[run.pk])


def _upload(request: Request, form: FilesForm, **target: object) -> HttpResponse:
    """The page on which files are chosen, and their way to the dry run."""
    if form.is_sent and form.is_valid():
        facts = {"plan": form.plan()} if isinstance(form, NewCohortForm) else target
        answer = form.carry_out(
            lambda: runs.open_run(by=request.user, at=request.now, sources=form.sources(), **facts), then=_run_url
        )
        if answer:
            return answer
    formats = [(kind, COLUMNS[kind]) for kind in KINDS]
    return render(request, "pages/import.html", {"form": form, "formats": formats, **target})


def import_new(request: Request) -> HttpResponse:
    """A new cohort from files, for whoever may start a cohort."""
    if not may_start_cohorts(request.user):
        raise PermissionDenied(MAY_NOT_START)
    return _upload(request, NewCohortForm(request, initial={"time_zone": request.user.time_zone}))


def import_into(request: Request, slug: str) -> HttpResponse:
    """Files for a cohort that stands."""
    cohort: Cohort = find("cohort", request.user, request.now, act="import", slug=slug)
    return _upload(request, FilesForm(request, place=cohort), cohort=cohort)


def import_run(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What an upload would change, or how far it is stored; asked every three seconds while it runs."""
    run = _find(request, pk)
    if request.htmx:
        return _progress(request, run)
    confirm = ConfirmForm(request, place=run, initial={"fingerprint": run.fingerprint})
    other = {"discard": DiscardForm(request, place=run), "store": StoreForm(request, place=run)}
    return render(request, "pages/import_run.html", {"run": run, "confirm": confirm, **other})


def _runs(at: dt.datetime) -> QuerySet[ImportRun]:
    return ImportRun.objects.select_related("cohort")


def _find(request: Request, pk: uuid.UUID, act: str = "read") -> ImportRun:
    return find("import_run", request.user, request.now, act=act, rows=_runs, pk=pk)


def _progress(request: Request, run: ImportRun) -> HttpResponse:
    """The bar alone; nothing if it has not moved; the whole page anew when it is over."""
    if not run.is_under_way:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.GET.get("seen") == run.seen:
        return HttpResponse(status=204)
    return render(request, "pages/import_run.html#progress", {"run": run, "store": StoreForm(request, place=run)})


def _press(
    request: Request, form: KeptForm, run: ImportRun, act: Callable[[], None], *, saved: str = ""
) -> HttpResponse:
    """One of the run's buttons: done once, or told why not, on the run's own page."""
    answer = form.carry_out(act, then=_run_url(run), saved=saved) if form.is_valid() else None
    if answer:
        return answer
    for words in form.non_field_errors():
        messages.warning(request, str(words))
    return redirect(_run_url(run))


@require_POST
@needs_fresh_sign_in
def import_confirm(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Yes: few rows are stored before the answer, many by a worker. Redis is never waited for."""
    run = _find(request, pk, act="confirm")
    form = ConfirmForm(request, place=run)

    def act() -> None:
        shown = form.cleaned_data["fingerprint"]
        runs.confirm(run=run, by=request.user, at=request.now, fingerprint=shown)
        if run.total <= ROWS_AT_ONCE:
            _store_after_this(request, run)
        else:
            ring(store_import, str(run.pk))

    return _press(request, form, run, act)


@require_POST
def import_store(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Store now what waits for a worker: the worker, or the broker, may be away."""
    run = _find(request, pk, act="confirm")
    return _press(request, StoreForm(request, place=run), run, partial(_store_after_this, request, run))


def _store_after_this(request: Request, run: ImportRun) -> None:
    transaction.on_commit(partial(runs.carry_out, run.pk, request.now), robust=True)


@require_POST
def import_discard(request: Request, pk: uuid.UUID) -> HttpResponse:
    run = _find(request, pk, act="confirm")
    act = partial(runs.discard, run=run, by=request.user, at=request.now)
    return _press(request, DiscardForm(request, place=run), run, act, saved="Thrown away; nothing was stored.")


def import_template(request: Request, kind: str) -> HttpResponse:
    """An empty file with the header line; nothing in it is anybody's."""
    if kind not in KINDS:
        raise Http404
    name = f'attachment; filename="{kind}.csv"'
    return HttpResponse(template(kind), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
