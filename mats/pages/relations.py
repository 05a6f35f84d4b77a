"""How a person can stand to the things of the roof."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from cohorts.access import register
from cohorts.models import Person
from cohorts.relations import staff_of
from mats.pages.models import ImportRun


def _uploader(person: Person, at: dt.datetime) -> Q:
    """Who uploaded a cohort that is not there yet; afterwards its staff see the import."""
    return Q(person=person, cohort=None)


register("import_run", ImportRun, uploader=_uploader, staff=staff_of("cohort"))
