"""How a person can stand to the things of the roof."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from cohorts.access import register
from cohorts.models import Membership, Person, Role
from cohorts.relations import cohorts_of, staff_of
from mats.pages.models import DataExport, Erasure, ImportRun


def _uploader(person: Person, at: dt.datetime) -> Q:
    """Who uploaded a cohort that is not there yet; afterwards its staff see the import."""
    return Q(person=person, cohort=None)


register("import_run", ImportRun, uploader=_uploader, staff=staff_of("cohort"))
register("export", DataExport, self=lambda person, at: Q(person=person))


def _of_their_people(person: Person, at: dt.datetime) -> Q:
    """Staff of any cohort in which whoever asks has come in. Being invited makes nobody theirs."""
    theirs = Membership.objects.filter(cohort__in=cohorts_of(person, Role.STAFF), accepted_at__isnull=False)
    return Q(person__in=theirs.values("person"))


register("erasure", Erasure, self=lambda person, at: Q(person=person), staff=_of_their_people)
