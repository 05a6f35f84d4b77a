"""A second cohort, whole, whose people and things are nobody's in the first."""

from __future__ import annotations

import dataclasses
import datetime as dt

from cohorts.models import Role
from tests.cast import Cast, a_caseload, a_log, a_meeting, a_pairing, a_person, a_place

PARTS = {
    "scholar": Role.SCHOLAR,
    "other_scholar": Role.SCHOLAR,
    "mentor": Role.MENTOR,
    "other_mentor": Role.MENTOR,
    "coach": Role.COACH,
    "other_coach": Role.COACH,
}


def build_elsewhere(cast: Cast) -> Cast:
    """The other cohort with a pairing, a caseload, a log and a meeting, under the names of the cast."""
    people = {part: a_person(f"Elsewhere {part}", email=f"{part}@elsewhere.example") for part in PARTS}
    there = dataclasses.replace(cast, cohort=cast.other_cohort, other_cohort=cast.cohort, place={}, **people)
    there.staff, there.staff_elsewhere = cast.staff_elsewhere, cast.staff
    there.place = {part: a_place(people[part], there.cohort, role) for part, role in PARTS.items()}
    there.mentor_and_coach = a_person("Elsewhere both", email="both@elsewhere.example")
    there.place["both_as_mentor"] = a_place(there.mentor_and_coach, there.cohort, Role.MENTOR)
    there.place["staff"] = cast.place["staff_elsewhere"]
    there.pairing = a_pairing(there.place["scholar"], there.place["mentor"])
    there.caseload = a_caseload(there.place["scholar"], there.place["coach"])
    there.log = a_log(there.place["scholar"], 6)
    there.meeting = a_meeting(there.pairing, 6, dt.datetime(2027, 2, 11, 14, 0, tzinfo=dt.UTC))
    return there


def keys_of(there: Cast) -> list[str]:
    """One of each kind; of places one for each role."""
    places = [there.place[part] for part in ("scholar", "mentor", "coach")]
    rows_there = [*places, there.log, there.meeting, there.cohort.sites.get(), there.cohort.main_phase]
    return [str(row.pk) for row in rows_there]
