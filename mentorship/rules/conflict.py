"""Who declares a conflict, and over whose work."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Membership, Person, Role
from mentorship.models import Conflict


def is_of_this_cohort(cohort: Cohort, person: Person, scholar: Membership) -> None:
    """Both have a place in this cohort; the one as a scholar."""
    if scholar.cohort_id != cohort.pk or scholar.role != Role.SCHOLAR or scholar.archived_at:
        raise ValidationError({"scholar": f"Choose a {cohort.scholar_label} of this cohort."})
    if not Membership.objects.filter(cohort=cohort, person=person, archived_at=None).exists():
        raise ValidationError({"person": "Choose somebody of this cohort."})


def is_over_another(person: Person, scholar: Membership) -> None:
    """A conflict is over somebody else's work: nobody judges their own anyway."""
    if scholar.person_id == person.pk:
        raise ValidationError({"scholar": "Nobody judges their own work anyway. Choose somebody else."})


def is_declared_once(person: Person, scholar: Membership) -> None:
    """A conflict is declared once, until it is withdrawn."""
    if Conflict.objects.filter(person=person, scholar=scholar, archived_at=None).exists():
        raise ValidationError({"scholar": "This conflict is declared already."})
