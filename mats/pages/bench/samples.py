"""The cohorts that pages are opened for, and in each the rows that a page can be about."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import make_password

from coaching.models import Note, OneOnOne
from cohorts.models import Caseload, Cohort, Leave, Membership, Milestone, Person, Phase, Role
from mats.identity.transaction import acting
from mats.pages.bench.cases import Cases
from mats.pages.demo import DEMO_DOMAIN
from mats.pages.demo_cohort.moments import midpoint
from mats.pages.importing.formats import COLUMNS, PEOPLE, Source
from mats.pages.importing.runs import open_run
from mats.post.links import token
from mats.post.models import Message
from mentorship.actions.conflict import declare_conflict
from mentorship.actions.meeting import call_off_meeting
from mentorship.actions.submission import submit
from mentorship.actions.support import open_plan
from mentorship.links import OPEN_LOG
from mentorship.models import (
    Action,
    MidpointLine,
    Output,
    PairingWeek,
    Review,
    Round,
    Submission,
    Talk,
    WeeklyLog,
)
from mentorship.reminders.log import queue_overdue_logs

DAY = dt.timedelta(days=1)
ROLES = [str(role) for role in (Role.SCHOLAR, Role.MENTOR, Role.COACH, Role.STAFF)]


class Sample:
    """A cohort of some size at mid-point. Rows are those of its named scholar, found once; what
    mid-point does not hold is added before the first page is opened."""

    def __init__(self, cohort: Cohort, size: int, at: dt.datetime) -> None:
        self.cohort, self.size, self.at = cohort, size, at
        self.slug = cohort.slug
        self.people = {role: Person.objects.get(email=f"{role}@{mailboxes(size)}{DEMO_DOMAIN}") for role in ROLES}
        places = Membership.objects.filter(cohort=cohort)
        self.scholar = places.get(person=self.people[Role.SCHOLAR])
        with acting(self.people[Role.STAFF], at):
            self._add_what_is_missing()
            self._add_what_follows_a_warning()
            self._take_keys_of(Cases(cohort, self.scholar, self.people[Role.STAFF], at))
        self._make_room_for_a_meeting()

    def _take_keys_of(self, cases: Cases) -> None:
        for name in ("case", "approval", "decision", "proposal", "letter", "sheet", "duty", "case_invitation"):
            setattr(self, name, getattr(cases, name).pk)

    def _add_what_is_missing(self) -> None:
        staff = self.people[Role.STAFF]
        staff.password = make_password("for the pages that change it")
        staff.save(update_fields=["password"])
        queue_overdue_logs(self.at)
        last = self._phase.ends_on
        self.leave = self._key(
            Leave.objects.create(membership=self.scholar, starts_on=last - DAY, ends_on=last, created_at=self.at)
        )
        self.import_run = self._key(open_run(by=staff, at=self.at, sources=[self._people_file()], cohort=self.cohort))

    def _add_what_follows_a_warning(self) -> None:
        """A version that waits for its reader, one of staff; a talk that is owed, a support plan, a conflict."""
        staff = self.people[Role.STAFF]
        place = Membership.objects.get(cohort=self.cohort, person=staff, role=Role.STAFF)
        ahead = self._submission(Milestone.Kind.SYMPOSIUM)
        ahead.reader = place
        ahead.save_edit("reader")
        submit(submission=ahead, by=self.scholar.person, at=self.at, version=0, text="A talk.", form="talk")
        self.review = self._key(Review.objects.get(submission=ahead, given_at=None))
        line = MidpointLine.objects.get(pk=self.line)
        self.talk = self._key(
            Talk.objects.create(
                cohort=self.cohort, scholar=self.scholar, line=line, due_at=self.at + 5 * DAY, created_at=self.at
            )
        )
        plan = open_plan(
            scholar=self.scholar, by=staff, at=self.at, what="One figure.", help_given="An hour a week.",
            by_when=self._phase.ends_on, review_on=self._phase.ends_on,
        )  # fmt: skip
        self.support_plan = self._key(plan)
        another = Membership.objects.filter(cohort=self.cohort, role=Role.STAFF).exclude(pk=place.pk).order_by("pk")[0]
        conflict = declare_conflict(
            cohort=self.cohort, person=another.person, scholar=self.scholar, by=staff, at=self.at, why="A joint paper."
        )
        self.conflict = self._key(conflict)

    def _submission(self, kind: str) -> Submission:
        return Submission.objects.select_related("milestone", "scholar").get(scholar=self.scholar, milestone__kind=kind)

    def _make_room_for_a_meeting(self) -> None:
        """Next week's meeting is called off, so that another one can be planned in its place."""
        week = self._weeks.filter(meeting__planned__startswith__gt=self.at)[1]
        with acting(self.people[Role.MENTOR], self.at):
            call_off_meeting(meeting=week.meeting, by=self.people[Role.MENTOR], at=self.at)
        self.week_without_meeting = week.pk

    def _people_file(self) -> Source:
        rows = [f"new{number}@s{self.size}.example.org,New Person {number},scholar" for number in range(self.size)]
        return Source(PEOPLE, "people.csv", "\n".join([",".join(COLUMNS[PEOPLE][:3]), *rows]).encode())

    @staticmethod
    def _key(row: Any) -> Any:
        return row.pk

    @property
    def _phase(self) -> Phase:
        return self.cohort.phases.get(kind=Phase.Kind.MAIN)

    @property
    def _weeks(self) -> Any:
        weeks = PairingWeek.objects.filter(pairing__scholar=self.scholar).select_related("meeting")
        return weeks.order_by("week_starts_on")

    @cached_property
    def place(self) -> Any:
        return self.scholar.pk

    @cached_property
    def phase(self) -> Any:
        return self._phase.pk

    @cached_property
    def site(self) -> Any:
        return self.cohort.sites.order_by("name").values_list("pk", flat=True)[0]

    @cached_property
    def stay(self) -> Any:
        return self.scholar.stays.get().pk

    @cached_property
    def caseload(self) -> Any:
        return Caseload.objects.get(scholar=self.scholar).pk

    @cached_property
    def pairing(self) -> Any:
        return self.scholar.pairings.get().pk

    @property
    def history_of(self) -> tuple[str, Any]:
        return "log", self.log

    @cached_property
    def log(self) -> Any:
        """The newest one that was written."""
        return WeeklyLog.objects.filter(scholar=self.scholar, submitted_at__isnull=False).order_by("-number")[0].pk

    @cached_property
    def meeting(self) -> Any:
        """The one that begins in a moment, with an agenda and open actions."""
        return self._weeks.filter(meeting__planned__startswith__gt=self.at)[0].meeting_id

    @cached_property
    def submission(self) -> Any:
        """One with two versions and two reviews."""
        return self._submission(Milestone.Kind.PLAN).pk

    @cached_property
    def submission_owed(self) -> Any:
        return self._submission(Milestone.Kind.MIDPOINT).pk

    @cached_property
    def submission_ahead(self) -> Any:
        return self._submission(Milestone.Kind.SYMPOSIUM).pk

    @cached_property
    def milestone(self) -> Any:
        return self._submission(Milestone.Kind.PLAN).milestone_id

    @cached_property
    def milestone_ahead(self) -> Any:
        return self._submission(Milestone.Kind.FINAL).milestone_id

    @cached_property
    def line(self) -> Any:
        return MidpointLine.objects.get(scholar=self.scholar).pk

    @cached_property
    def round(self) -> Any:
        return Round.objects.get(cohort=self.cohort).pk

    @cached_property
    def output(self) -> Any:
        return Output.objects.filter(scholar=self.scholar)[0].pk

    @cached_property
    def action(self) -> Any:
        return Action.objects.filter(owner=self.scholar).order_by("created_at", "pk")[0].pk

    @cached_property
    def message(self) -> Any:
        return Message.objects.filter(person=self.people[Role.SCHOLAR]).order_by("-moment")[0].pk

    @cached_property
    def token(self) -> Any:
        """Of the link in their latest message about a log."""
        about_logs = Message.objects.filter(person=self.people[Role.SCHOLAR], kind__in=OPEN_LOG.kinds)
        return token(OPEN_LOG, about_logs.order_by("-moment")[0])

    @cached_property
    def one_on_one(self) -> Any:
        """One that took place."""
        return self._one_on_one(took_place_on__isnull=False)

    @cached_property
    def plan(self) -> Any:
        return self._one_on_one(planned__startswith__gt=self.at)

    def _one_on_one(self, **which: Any) -> Any:
        coach = self.people[Role.COACH]
        with acting(coach, self.at):
            return OneOnOne.objects.filter(about=self.scholar, archived_at=None, **which).order_by("pk")[0].pk

    @cached_property
    def note(self) -> Any:
        coach = self.people[Role.COACH]
        with acting(coach, self.at):
            return Note.objects.filter(about=self.scholar, author__person=coach).order_by("dated")[0].pk


def mailboxes(size: int) -> str:
    return f"s{size}."


def lay_out_sample(size: int, at: dt.datetime) -> Sample:
    """A cohort with this many scholars; others of other sizes may stand beside it."""
    cohort = midpoint(
        at, scholars=size, slug=f"s{size}", name=f"Cohort of {size}", mailboxes=mailboxes(size), suffix=""
    )
    return Sample(cohort, size, at)
