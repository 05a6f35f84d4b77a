"""What the demo's programme looks for, and what its staff have promised by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace

from cohorts.models import Milestone, Role
from mats.pages.demo_cohort.people import Scene
from mentorship.actions.round import set_round
from mentorship.actions.standard import publish_standard
from mentorship.deadlines import usual_round
from mentorship.models.extension import RHYTHM_PARTLY, RHYTHM_YES
from mentorship.standard import DEFAULT_EXPECTATIONS, DEFAULT_INTRO, DEFAULT_JUDGED


def promise(scene: Scene, places: int | None = None, **other_days: dt.date) -> None:
    """Both were published with the cohort, two weeks before its first day; a round may have other days, and places."""
    by = scene.places[Role.STAFF][0].person
    publish_standard(
        cohort=scene.cohort,
        by=by,
        at=scene.long_ago,
        version=0,
        intro=DEFAULT_INTRO,
        rhythm_yes=RHYTHM_YES,
        rhythm_partly=RHYTHM_PARTLY,
        judged="\n".join(DEFAULT_JUDGED),
        **DEFAULT_EXPECTATIONS,
    )
    midpoint = Milestone.objects.get(cohort=scene.cohort, kind=Milestone.Kind.MIDPOINT)
    days = usual_round(scene.phase, midpoint.due_on)
    set_round(
        cohort=scene.cohort, by=by, at=scene.long_ago, version=0, places=places, **asdict(replace(days, **other_days))
    )
