"""Lay out the demo's cohort at a moment of its season."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cohorts.models import Cohort
from mats import clock
from mats.pages.demo import demo_people
from mats.pages.demo_cohort.moments import MOMENTS


class Command(BaseCommand):
    help = "Lay out a believable cohort, backwards from a moment; --who says who can be signed in as."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--moment", choices=sorted(MOMENTS), default="week_six")
        parser.add_argument("--at", type=dt.datetime.fromisoformat, help="ISO 8601 with its offset; default is now")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--who", action="store_true", help="print role, name and e-mail of the demo's named people")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's cohort is never laid out in production.")
        if options["who"]:
            for person in demo_people():
                self.stdout.write(f"{person.part}\t{person.name}\t{person.email}")
            return
        at = options["at"] or clock.now()
        if at.tzinfo is None:
            raise CommandError("--at needs an offset, for example 2027-02-10T12:00+00:00.")
        slug, lay_out = MOMENTS[options["moment"]]
        if Cohort.objects.filter(slug=slug).exists():
            raise CommandError("This cohort of the demo is there already; bin/demo --fresh starts over.")
        cohort = lay_out(at.astimezone(dt.UTC), seed=options["seed"])
        weeks = clock.weeks_between(cohort.main_phase.starts_on, cohort.main_phase.ends_on, cohort.week_start)
        today = clock.local_date(at, cohort.time_zone)
        number = next((week.number for week in weeks if week.contains(today)), 0)
        places = cohort.memberships.filter(archived_at=None).count()
        when = f"week {number} of {len(weeks)}" if number else "its main phase is over"
        self.stdout.write(f"{cohort.name}: {places} places, {when}.")
