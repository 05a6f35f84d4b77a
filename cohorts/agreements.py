"""What everybody of a cohort agrees to before they begin: the version that holds, and the words to start from."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from cohorts.models import Agreement, AgreementTick, Cohort
from mats.prepared import prepared

FIRST_WORDS = """\
**Research in mentor meetings, and nothing else.** Mentor and {scholar} meet once a week, for at most thirty minutes, \
about results, methods and what comes next. Everything else has its place with the {coach}.

**What is said in a 1-1 stays there.** A mentor never reads anything of it: no text, no count, no date. {Staff} see \
that 1-1s take place, not what was said. It leaves the room only by a door that a person opens, and then the \
{scholar} sees that it did. Where somebody’s life is in danger it may be read by few people, who are named afterwards.

**How to raise a worry.** Say it to the person, if you can. If not, say it to any of the {staff}, in words or in \
writing; whoever it is about takes no part in what follows. Nobody is worse off for having said something in good faith.

**What is done with what you write.** Each box says who can read it, and it is read by them and nobody else. It serves \
the programme: your weeks, your meetings, and decisions about extensions, which have reasons that you can read. \
Nothing of it is sold or given away. You can ask for a copy of what is held about you, and for it to be erased.

**What we ask of you.** Come to meetings or say early that you cannot. Say what you think, how sure you are, and when \
you have changed your mind. Keep to yourself what others tell you in confidence."""


def first_words(cohort: Cohort) -> str:
    """The text that a cohort begins with, in its own words for its people."""
    staff = cohort.staff_label_plural
    return FIRST_WORDS.format(
        scholar=cohort.scholar_label, coach=cohort.coach_label, staff=staff, Staff=staff[:1].upper() + staff[1:]
    )


@prepared
def _latest(keys: list[UUID]) -> QuerySet[Agreement]:
    rows = Agreement.objects.filter(cohort__any=keys, archived_at=None)
    return rows.order_by("cohort_id", "-number").distinct("cohort_id")


def agreements_of(cohorts: list[Cohort]) -> dict[UUID, Agreement]:
    """The version that holds, by cohort. Until somebody writes another or ticks it, the first has no row."""
    found = {row.cohort_id: row for row in _latest(keys=[cohort.pk for cohort in cohorts])}
    return {cohort.pk: found.get(cohort.pk) or first_version(cohort) for cohort in cohorts}


def agreement_of(cohort: Cohort) -> Agreement:
    return agreements_of([cohort])[cohort.pk]


def first_version(cohort: Cohort) -> Agreement:
    """Version 1 as it is shown before it has a row."""
    return Agreement(cohort=cohort, number=1, version=1, text=first_words(cohort))


@prepared
def _ticks(keys: list[UUID]) -> QuerySet[AgreementTick]:
    ticks = AgreementTick.objects.filter(membership__any=keys, archived_at=None)
    return ticks.select_related("agreement").order_by("membership_id", "-agreement__number").distinct("membership_id")


def ticks_of(places: list[UUID]) -> dict[UUID, AgreementTick]:
    """What each of these places has agreed to last."""
    return {tick.membership_id: tick for tick in _ticks(keys=places)}
