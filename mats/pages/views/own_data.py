"""One's own data: what is held, a copy of it, and its erasure, which staff carry out."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cohorts.access import find, visible
from cohorts.models import Membership, Role
from cohorts.places import places
from mats.clock import local_date
from mats.identity.fresh import needs_fresh_sign_in
from mats.identity.requests import Request
from mats.pages.models import DataExport, Erasure
from mats.pages.own_data import words
from mats.pages.own_data.erasures import ask_erasure, carry_out_erasure, withdraw_erasure
from mats.pages.own_data.exports import ask_export, read_file
from mats.pages.own_data.forms import CarryOutForm, ErasureForm, ExportForm, WithdrawForm
from mats.pages.own_data.reading import read_own_data
from mats.pages.tasks import build_export
from mats.post.doorbell import ring
from mats.prepared import prepared


def my_data(request: Request) -> HttpResponse:
    """What is held about whoever asks, and who can see it."""
    data = read_own_data(request.user, request.now)
    withdraw = WithdrawForm(request, about=data.erasure) if data.erasure else None
    context = {"data": data, "withdraw": withdraw, "is_staff": _is_staff(request)}
    return render(request, "pages/my_data.html", context)


def _is_staff(request: Request) -> bool:
    return any(place.role == Role.STAFF for place in places(request))


@needs_fresh_sign_in
def export_ask(request: Request) -> HttpResponse:
    """Put a copy together; a worker does it, and a letter tells when it is there."""
    form = ExportForm(request)

    def act(**who_and_when) -> DataExport:
        export = ask_export(**who_and_when)
        ring(build_export, str(export.pk))
        return export

    saved = "Your copy is being put together. A letter tells you when it is ready."
    if answer := form.hand_to(act, then="my_data", saved=saved):
        return answer
    return render(request, "pages/export_ask.html", {"form": form})


@needs_fresh_sign_in
def export_download(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The ZIP, read inside this request's transaction and in one piece."""
    export: DataExport = find("export", request.user, request.now, pk=pk)
    content = read_file(export, request.now)
    if content is None:
        messages.warning(request, "This copy is not there any more, or not yet. You can ask for another one.")
        return redirect("my_data")
    day = local_date(export.built_at or request.now, "UTC")
    headers = {
        "Content-Disposition": f'attachment; filename="my-data-{day}.zip"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type="application/zip", headers=headers)


@needs_fresh_sign_in
def erasure_ask(request: Request) -> HttpResponse:
    """What would go and what stays, and the request."""
    form = ErasureForm(request)
    saved = "Your request is with staff. Until they carry it out you can take it back."
    if answer := form.hand_to(ask_erasure, then="my_data", saved=saved):
        return answer
    return render(request, "pages/erasure_ask.html", {"form": form, **_words()})


def _words() -> dict[str, object]:
    return {"removed": words.removed(), "kept": words.kept(), "facts": words.FACTS}


@require_POST
def erasure_withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    erasure = find("erasure", request.user, request.now, act="withdraw", rows=_erasures, pk=pk)
    form = WithdrawForm(request, about=erasure)
    answer = form.hand_to(withdraw_erasure, erasure=erasure, then="my_data", saved="Taken back. Nothing was erased.")
    if answer:
        return answer
    for refusal in form.non_field_errors():
        messages.warning(request, str(refusal))
    return redirect("my_data")


def _erasures(at: dt.datetime) -> QuerySet[Erasure]:
    return Erasure.objects.select_related("person", "carried_out_by")


def erasures(request: Request) -> HttpResponse:
    """For staff: the requests of people who have or had a place in a cohort of theirs, open ones first."""
    if not _is_staff(request):
        raise Http404
    found = visible(Erasure, "erasure", request.user, request.now, act="carry_out").select_related("person")
    rows = found.filter(withdrawn_at=None).order_by("-carried_out_at", "created_at")[:LISTED]
    return render(request, "pages/erasures.html", {"rows": rows})


LISTED = 200


@needs_fresh_sign_in
def erasure(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One request, with all places of the person: what would be removed, and the one press that does it."""
    row: Erasure = find("erasure", request.user, request.now, act="carry_out", rows=_erasures, pk=pk)
    form = CarryOutForm(request, about=row)
    saved = "Erased. Their name, address and text are removed; the facts stay."
    if answer := form.hand_to(carry_out_erasure, erasure=row, then=reverse("erasures"), saved=saved):
        return answer
    held = _places_of(key=row.person_id)
    context = {"row": row, "form": form, "places": held, "is_in_the_way": any(one.archived_at is None for one in held)}
    return render(request, "pages/erasure.html", {**context, **_words()})


@prepared
def _places_of(key: uuid.UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(person_id=key).select_related("cohort").order_by("cohort__created_at", "role")
