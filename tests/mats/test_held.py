"""Whatever is held about a person is declared: a model that comes later fails here until it is."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from pghistory.models import Event

from cohorts.held import KINDS, LEFT_OUT, shown
from cohorts.held.circles import MYSELF, PEOPLE
from cohorts.models import Person
from mats.pages.own_data.erasing import function_sql, is_ours, of_packages

# Text that a person could write, or that could name one. What has a list of choices is none.
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def ours() -> list[type[models.Model]]:
    return [one for one in apps.get_models() if is_ours(one) and not issubclass(one, Event)]


def reach_a_person() -> set[type[models.Model]]:
    """Models that point to a person, directly or through others."""
    found = {Person}
    while True:
        more = {one for one in ours() if any(field.related_model in found for field in one._meta.concrete_fields)}
        if more <= found:
            return found
        found |= more


def texts(model: type[models.Model]) -> set[str]:
    fields = (field for field in model._meta.concrete_fields if isinstance(field, TEXT) and not field.choices)
    return {field.name for field in fields}


def test_every_model_that_leads_to_a_person_is_declared_or_left_out_with_a_reason():
    assert {one.__name__ for one in reach_a_person()} == {
        one.__name__ for one in [*KINDS, *LEFT_OUT] if one in reach_a_person()
    }
    assert not set(KINDS) & set(LEFT_OUT)
    assert all(LEFT_OUT.values())


def test_every_text_of_a_declared_model_is_removed_or_kept_with_a_reason():
    undecided = {
        kind.model.__name__: texts(kind.model) - set(kind.removed) - set(kind.kept)
        for kind in KINDS.values()
        if not kind.is_deleted
    }
    assert {name: columns for name, columns in undecided.items() if columns} == {}
    assert all(why for kind in KINDS.values() for why in kind.kept.values())


def test_names_of_kinds_are_the_files_own():
    names = [kind.name for kind in KINDS.values()]
    assert len(names) == len(set(names))
    assert all(kind.thing or kind.seen_by for kind in shown())


def test_words_of_circles_are_no_relation_of_oneself():
    assert not MYSELF & set(PEOPLE)


def test_packages_lose_what_hangs_on_a_person_first():
    deleted = [line.split()[2] for line in of_packages()]
    assert deleted.index("socialaccount_socialtoken") < deleted.index("socialaccount_socialaccount")
    assert {"mfa_authenticator", "usersessions_usersession", "account_emailaddress"} <= set(deleted)
    assert "%" not in function_sql()
