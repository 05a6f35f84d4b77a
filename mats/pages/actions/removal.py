"""A cohort that was not launched is taken back whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction
from django.db.models import ProtectedError

from cohorts.actions.holding import in_words, take
from cohorts.models import Cohort, Membership, Person
from cohorts.rules.cohort import name_is_typed, removal_is_possible

Found = dict[type[models.Model], set[Any]]


@transaction.atomic
def remove_cohort(*, cohort: Cohort, by: Person, at: dt.datetime, version: int, name: str) -> None:
    """Delete a cohort before its launch, with every row that is of it; history keeps who did it.

    So do accounts that were made for it alone: nobody ever signed in to them, and they stand nowhere else.
    """
    cohort = take(cohort, version)
    removal_is_possible(cohort)
    name_is_typed(cohort, name)
    newcomers = _made_for(cohort)
    with in_words():
        _delete(_everything_of(cohort))
        # What nobody may see before launch can't be deleted either: better no removal than half of one.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _close(newcomers)


def _everything_of(cohort: Cohort) -> Found:
    """Keys of all rows that point to the cohort, however indirectly, by model."""
    found: Found = {Cohort: {cohort.pk}}
    fresh: list[tuple[type[models.Model], set[Any]]] = [(Cohort, {cohort.pk})]
    while fresh:
        target, keys = fresh.pop()
        for model, name in _pointing_to(target):
            rows = model._default_manager.filter(**{f"{name}__in": keys})
            new = set(rows.values_list("pk", flat=True)) - found.get(model, set())
            if new:
                found.setdefault(model, set()).update(new)
                fresh.append((model, new))
    return found


def _pointing_to(target: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Foreign keys to a model; those of history stay, it is only ever added to."""
    for one in target._meta.get_fields(include_hidden=True):
        if isinstance(one, models.ManyToOneRel) and not hasattr(one.related_model, "pgh_tracked_model"):
            yield one.related_model, one.field.name


def _delete(found: Found) -> None:
    """Whatever is pointed to goes after what points to it."""
    left = dict(found)
    while left:
        free = [model for model in left if not any(other in left for other in _pointers(model, left))]
        for model in free or list(left):
            rows = model._default_manager.filter(pk__in=left.pop(model))
            rows._raw_delete(rows.db)


def _pointers(model: type[models.Model], left: Found) -> set[type[models.Model]]:
    return {other for other, _ in _pointing_to(model) if other in left and other is not model}


def _made_for(cohort: Cohort) -> list[Any]:
    """People of the cohort whose account nobody has used, and who have a place nowhere else."""
    elsewhere = Membership.objects.exclude(cohort=cohort).values("person")
    unused = Person.objects.filter(memberships__cohort=cohort, last_login=None, starts_cohorts=False)
    return list(unused.exclude(pk__in=elsewhere).distinct().values_list("pk", flat=True))


def _close(newcomers: list[Any]) -> None:
    """Somebody may have done something all the same: then the accounts stay."""
    try:
        with transaction.atomic():
            Person.objects.filter(pk__in=newcomers).delete()
    except ProtectedError:
        return
