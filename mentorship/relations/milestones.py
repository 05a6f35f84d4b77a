"""How a person can stand to what is handed in, read and said of a scholar’s research."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from cohorts.access import register
from cohorts.models import Person, Role
from cohorts.querysets import LAUNCHED
from cohorts.relations import member_of, my_memberships, staff_of
from mentorship.models import Chance, Conflict, MidpointLine, Output, Review, Submission, SupportPlan, Talk
from mentorship.relations.ties import (
    GIVEN,
    former,
    of_coached,
    of_mentored,
    own,
    scholars_mentored_by,
    scholars_walled_from,
    through,
)


def _reader(person: Person, at: dt.datetime) -> Q:
    return Q(reader__in=my_memberships(person).filter(LAUNCHED))


register(
    "submission",
    Submission,
    scholar=own("scholar"),
    former=former("scholar"),
    mentor=of_mentored("scholar"),
    reader=_reader,
    coach=of_coached("scholar"),
    staff=staff_of("cohort"),
)
register(
    "review",
    Review,
    reader=lambda person, at: _reader(person, at) & Q(archived_at=None),
    scholar=own("submission__scholar", GIVEN),
    former=former("submission__scholar", GIVEN),
    mentor=of_mentored("submission__scholar", GIVEN),
    own_mentor=through("submission__scholar", scholars_walled_from),
    coach=of_coached("submission__scholar", GIVEN),
    staff=staff_of("submission__cohort"),
)
register("conflict", Conflict, self=lambda person, at: Q(person=person, archived_at=None), staff=staff_of("cohort"))
register(
    "midpoint_line",
    MidpointLine,
    author=lambda person, at: (
        Q(mentor__in=my_memberships(person, Role.MENTOR)) & Q(scholar__in=scholars_mentored_by(person, at))
    ),
    scholar=own("scholar", GIVEN),
    former=former("scholar", GIVEN),
    mentor=of_mentored("scholar", GIVEN),
    staff=staff_of("cohort"),
)
register(
    "talk",
    Talk,
    scholar=own("scholar"),
    former=former("scholar"),
    mentor=of_mentored("scholar"),
    staff=staff_of("cohort"),
)
register(
    "support_plan",
    SupportPlan,
    scholar=own("scholar"),
    former=former("scholar"),
    mentor=of_mentored("scholar"),
    staff=staff_of("cohort"),
)
register(
    "output",
    Output,
    scholar=own("scholar"),
    former=former("scholar"),
    mentor=of_mentored("scholar"),
    coach=of_coached("scholar"),
    staff=staff_of("cohort"),
    member=lambda person, at: member_of("cohort")(person, at) & Q(is_shared=True),
)
register(
    "chance",
    Chance,
    scholar=own("log__scholar"),
    former=former("log__scholar"),
    mentor=of_mentored("log__scholar"),
    coach=of_coached("log__scholar"),
)
