"""Every component on one page, filled with made-up words; whoever builds a page picks here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from mats.identity.requests import Request
from mats.pages import marks
from mats.text import LongTextField, NameField

WRITTEN = """Trained the probe on **layer 14**, with and without the control task.

- accuracy 0.81, selectivity 0.12: most of it is the probe
- the [write-up](https://example.org/probe) has the plots
"""
LOGS = ["on_time", "on_time", "late", "missing", "away", "due"]
MEETINGS = ["met", "met", "running", "did_not_meet", "away", "due"]
ONE_ON_ONES = ["took_place", "none", "took_place", "none", "away", "due"]


class SampleForm(forms.Form):
    """One of each field; it goes nowhere."""

    title = NameField(help_text="A few words; they stand in the list.")
    text = LongTextField(label="What I did and learned", help_text="A link and two sentences are enough.")
    site = forms.ChoiceField(choices=[("london", "London"), ("berkeley", "Berkeley"), ("remote", "Remote")])
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    outcome = forms.ChoiceField(
        label="Did you meet?",
        widget=forms.RadioSelect,
        choices=[("met", "Met"), ("another", "Another day"), ("not", "Did not meet")],
    )
    away = forms.BooleanField(label="Away or ill this week", required=False)
    file = forms.FileField(
        widget=forms.FileInput(attrs={"data-max-bytes": 10 * 1024 * 1024}), help_text="CSV, at most 10 MB."
    )


def _refused_form() -> SampleForm:
    """The sample as it comes back: one field good, the others with their words beside them."""
    return SampleForm({"title": "Week 6", "text": "", "site": "Atlantis", "starts_on": "8 Feb"}, prefix="refused")


def _rows() -> list[dict[str, Any]]:
    names = ["Sana Scholar", "Otto Scholar", "Imogen Featherstonehaugh-Cholmondeley"]
    return [
        {
            "name": name,
            "logs": list(enumerate(LOGS[turn:] + LOGS[:turn], 1)),
            "meetings": list(enumerate(MEETINGS[turn:] + MEETINGS[:turn], 1)),
            "one_on_ones": list(enumerate(ONE_ON_ONES[turn:] + ONE_ON_ONES[:turn], 1)),
            "late": turn,
        }
        for turn, name in enumerate(names)
    ]


def gallery(request: Request) -> HttpResponse:
    context = {
        "form": SampleForm(),
        "refused": _refused_form(),
        "rows": _rows(),
        "written": WRITTEN,
        "start": request.now,
        "end": request.now + dt.timedelta(minutes=30),
        "every_mark": [
            (marks.NAMES[kind], [marks.mark(kind, state) for state in marks.KINDS[kind]]) for kind in marks.KINDS
        ],
        "page": Paginator(range(75), 25).page(2),
    }
    return render(request, "pages/gallery.html", context)
