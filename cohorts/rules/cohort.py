"""Rules about a cohort as a whole."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Membership, Person, Role
from cohorts.querysets import apart_from, here

MAY_NOT_START = "Cohorts are started by the staff of a cohort, or by the person who set up this installation."
FIXED_AT_LAUNCH = {
    "slug": "The address is fixed at launch: messages lead to it.",
    "time_zone": "The time zone is fixed at launch.",
    "week_start": "The start of the week is fixed at launch.",
}


def may_start_cohorts(person: Person) -> bool:
    """A cohort is started by somebody with a staff place in one, or by the first person of an installation."""
    if not person.is_active:
        return False
    staff = Membership.objects.filter(here(), person=person, role=Role.STAFF)
    return person.starts_cohorts or staff.exists()


def slug_is_free(slug: str, *, cohort: Cohort | None = None) -> None:
    """No two cohorts share an address."""
    if apart_from(Cohort.objects.filter(slug=slug), cohort).exists():
        raise ValidationError({"slug": f"There is a cohort at the address “{slug}” already."})


def stays_fixed_after_launch(cohort: Cohort, **values: object) -> None:
    """Address, time zone and start of the week are fixed at launch; `None` leaves one as it is."""
    if not cohort.is_launched:
        return
    moved = [name for name, value in values.items() if value is not None and value != getattr(cohort, name)]
    if moved:
        raise ValidationError({name: FIXED_AT_LAUNCH[name] for name in moved})


def launch_is_possible(cohort: Cohort) -> None:
    """A cohort is launched once, and not before it has a scholar."""
    if cohort.is_launched:
        raise ValidationError("This cohort is launched already.")
    if not Membership.objects.filter(cohort=cohort, role=Role.SCHOLAR, archived_at=None).exists():
        raise ValidationError(f"There is no {cohort.scholar_label} yet. Add people first, then launch.")


LAUNCHED_STAYS = "This cohort is launched: nothing of it is deleted any more."


def removal_is_possible(cohort: Cohort) -> None:
    """A cohort is taken back before its launch, and never after it."""
    if cohort.is_launched:
        raise ValidationError(LAUNCHED_STAYS)


def name_is_typed(cohort: Cohort, name: str) -> None:
    """Whoever deletes a cohort types its name."""
    if name != cohort.name:
        raise ValidationError({"name": f"Type its name to delete it: {cohort.name}."})
