"""A word of its own in every text of coaching, and who may ever read it.

The matrix of access looks for them in each of its answers, `tests/coaching/test_canary.py` everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from coaching.models import ForMyCoach, Note, Refusal
from mats.forms.drafts import Content, save_draft
from mats.identity.transaction import acting
from tests.cast import WEEK_SIX, Cast, a_log

# Words, and the columns of the tables of access under which their readers stand.
Canaries = dict[str, frozenset[str]]
COACH, BOTH, NOBODY = frozenset({"coach"}), frozenset({"coach", "scholar"}), frozenset[str]()
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def texts_of_coaching() -> set[str]:
    """Every column of the app that can hold words of somebody's own, as model.field; history is filled with it."""
    return {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("coaching").get_models()
        for field in model._meta.concrete_fields
        if not hasattr(model, "pgh_tracked_model") and _holds_words(field)
    }


def _holds_words(field: models.Field) -> bool:
    one = field.base_field if isinstance(field, ArrayField) else field
    return isinstance(one, TEXTS) and not one.choices


def _notes(cast: Cast) -> Canaries:
    words = {"working": "cinnamon-lighthouse", "with_scholar": "saffron-harbour"}
    with acting(cast.coach, WEEK_SIX):
        for audience, word in words.items():
            note = Note(
                author=cast.place["coach"], about=cast.place["scholar"], audience=audience, dated=WEEK_SIX.date(),
                created_at=WEEK_SIX,
            )  # fmt: skip
            note.body = word
            note.save(force_insert=True)
    return {words["working"]: COACH, words["with_scholar"]: BOTH}


def _lines(cast: Cast) -> Canaries:
    line = ForMyCoach(
        about=cast.place["scholar"], coach=cast.place["coach"], log=a_log(cast.place["scholar"], 5), created_at=WEEK_SIX
    )
    line.body = "juniper-ferry"
    with acting(cast.scholar, WEEK_SIX):
        line.save(force_insert=True)
    return {"juniper-ferry": BOTH}


def _refusals(cast: Cast) -> Canaries:
    day = {"day": WEEK_SIX.date(), "refused_at": WEEK_SIX}
    refusal = Refusal(person=cast.mentor, path="/coaching/walnut-orchard/", status=404, **day)
    with acting(cast.mentor, WEEK_SIX):
        Refusal.objects.bulk_create([refusal])  # whoever was refused does not read it back
    return {"walnut-orchard": NOBODY}


# How each of them gets its word: a column without a way fails a test.
FILLED: dict[str, Callable[[Cast], Canaries]] = {
    "Note.sealed_body": _notes,
    "ForMyCoach.sealed_body": _lines,
    "Refusal.path": _refusals,
}


def _draft(cast: Cast) -> Canaries:
    """What the coach has begun to write stands in no table of coaching."""
    content = Content(key="", fields={"working": ["hazel-meridian"]})
    with acting(cast.coach, WEEK_SIX):
        save_draft(
            by=cast.coach, form="note", about=str(cast.place["scholar"].pk), content=content, base="", at=WEEK_SIX
        )
    return {"hazel-meridian": COACH}


def put_canaries(cast: Cast) -> Canaries:
    found = _draft(cast)
    for fill in FILLED.values():
        found |= fill(cast)
    return found
