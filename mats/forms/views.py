"""Saving a draft, with script or without, and throwing one away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from mats.forms import drafts
from mats.forms.base import CONFLICT, KeptForm, content_of
from mats.forms.registry import form_named
from mats.forms.sent import ABOUT, BASE, FORM, PAGE, VERSION, own_path, sent_key, sent_version
from mats.identity.requests import Request

TOO_LARGE = 413
TOO_LONG_WORDS = "This text is too long to keep as a draft. It is still here: shorten it, or copy it somewhere safe."
ELSEWHERE_WORDS = "Another tab saved a draft at {when}. This text is kept here, in this tab; sending it still works."


@require_POST
def save(request: Request) -> HttpResponse:
    """Keep a draft of a form that autosaves and that this person may write now; all else is 404."""
    form = form_named(request.POST.get(FORM, ""))
    about = request.POST.get(ABOUT, "")
    if form is None or not form.autosaves or not form.may_draft(request.user, about, request.now):
        raise Http404
    if "_throw" in request.POST:
        return _thrown_away(request, form, about)
    try:
        draft = drafts.save_draft(
            by=request.user, form=form.form_name, about=about, content=_content(request, form),
            base=request.POST.get(BASE, ""), at=request.now,
        )  # fmt: skip
    except drafts.DraftTooLong:
        return _not_saved(request, form, TOO_LONG_WORDS, TOO_LARGE)
    except drafts.DraftElsewhere as other:
        return _not_saved(request, form, ELSEWHERE_WORDS.format(when=_when(request, other.draft)), CONFLICT)
    return _saved(request, form, draft)


def _content(request: Request, form: type[KeptForm]) -> drafts.Content:
    version = sent_version(request) if VERSION in request.POST else None
    return content_of(form, request.POST, version=version, key=str(sent_key(request) or ""))


def _when(request: Request, draft: Any) -> str:
    return drafts.saved_words(draft.saved_at, request.now, request.user.time_zone)


def _page(request: Request) -> str:
    return own_path(request.POST.get(PAGE, ""), "/")


def _saved(request: Request, form: type[KeptForm], draft: Any) -> HttpResponse:
    if draft is None:  # this very form was sent meanwhile: there is nothing left to keep
        return HttpResponse(status=204) if request.htmx else redirect(_page(request))
    words = f"Draft saved {_when(request, draft)}"
    if request.htmx:
        return _status(request, form, words, 200, base=drafts.token(draft))
    messages.success(request, f"{words}.")
    return redirect(_page(request))


def _not_saved(request: Request, form: type[KeptForm], words: str, status: int) -> HttpResponse:
    """The text stays where it was written; without script that is a page of its own."""
    if request.htmx:
        return _status(request, form, words, status)
    texts = [(form.label_of(name) or name, "\n".join(sent)) for name, sent in _content(request, form).fields.items()]
    context = {"words": words, "texts": texts, "page": _page(request)}
    return render(request, "forms/draft_not_saved.html", context, status=status)


def _status(request: Request, form: type[KeptForm], words: str, status: int, base: str = "") -> HttpResponse:
    context = {"words": words, "form_name": form.form_name, "base": base}
    return render(request, "forms/draft_status.html", context, status=status)


def _thrown_away(request: Request, form: type[KeptForm], about: str) -> HttpResponse:
    drafts.throw_away(by=request.user, form=form.form_name, about=about)
    messages.success(request, "The draft is thrown away.")
    return redirect(_page(request))
