"""Every page about the cast's cohort, by its name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohorts.actions.leave import add_leave
from cohorts.actions.phase import add_term
from tests.cohorts.staff import BY_SLUG, OF_PERSON, by_staff, day


@pytest.fixture
def address(cast):
    """The address of each page about the cast's cohort."""
    leave = add_leave(membership=cast.place["scholar"], starts_on=day(3, 1), ends_on=day(3, 7), **by_staff(cast))
    keys = {
        "phase": add_term(cohort=cast.cohort, total_months=6, **by_staff(cast)).pk,
        "site": cast.cohort.sites.get().pk,
        "person": cast.place["scholar"].pk,
        "stay": cast.place["scholar"].stays.get().pk,
        "leave": leave.pk,
        "pairing": cast.pairing.pk,
        "caseload": cast.caseload.pk,
    }

    def find(name: str) -> str:
        if name in BY_SLUG:
            return reverse(name, args=[cast.cohort.slug])
        return reverse(name, args=[keys["person" if name in OF_PERSON else name.split("_", maxsplit=1)[0]]])

    return find
