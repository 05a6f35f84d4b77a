"""Whether a scholar could know before they applied that a no was possible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from mats.prepared import prepared
from mentorship.models import ExtensionCase, MidpointLine, SupportPlan, Talk

NO_WARNING = "no earlier warning was given"

OF_THE_SCHOLAR = {"scholar": OuterRef("scholar"), "archived_at": None}


def warned() -> Q:
    """Cases whose scholar had, before they applied, a mid-point line "not as things stand", a talk that
    follows from one, or a support plan."""
    lines = MidpointLine.objects.filter(view=MidpointLine.View.NOT_NOW, **OF_THE_SCHOLAR)
    lines = lines.annotate(said_at=Coalesce("changed_at", "given_at")).filter(said_at__lt=OuterRef("applied_at"))
    talks = Talk.objects.filter(created_at__lt=OuterRef("applied_at"), **OF_THE_SCHOLAR)
    plans = SupportPlan.objects.filter(created_at__lt=OuterRef("applied_at"), **OF_THE_SCHOLAR)
    return Q(Exists(lines)) | Q(Exists(talks)) | Q(Exists(plans))


@prepared
def _warned(cases: list[UUID]) -> QuerySet[Any]:
    return ExtensionCase.objects.filter(warned(), pk__any=cases).order_by().values_list("pk")


def was_warned(cases: Iterable[UUID]) -> set[UUID]:
    """Those of these cases (keys) whose scholar was warned before they applied; one query."""
    return {key for (key,) in _warned(cases=list(cases))}
