"""The extension case: a scholar's application, where it stands, and the moves that are allowed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cohorts.models import Cohort, Membership, Person
from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.models.extension import Round


class State(models.TextChoices):
    """Where a case stands. People see five states; `mentorship.cases` says which."""

    MENTOR = "mentor", "with the mentor"
    TALK = "talk", "staff talk with the mentor"
    COMMITTEE = "committee", "with the committee"
    MORE = "more", "asked for more"
    DECIDED = "decided", "decided, the letter is a draft"
    OFFERED = "offered", "granted, to be accepted"
    WAITLISTED = "waitlisted", "on the waitlist"
    REFUSED = "refused", "refused"
    APPEALED = "appealed", "appealed"
    ACCEPTED = "accepted", "accepted, the next-term sheet is open"
    IN_FORCE = "in_force", "in force"
    DECLINED = "declined", "declined by the scholar"
    WITHDRAWN = "withdrawn", "withdrawn by the scholar"
    LAPSED = "lapsed", "lapsed"
    ENDED = "ended", "ended early"


# From each state, where a case may go next. The database refuses every other move.
MOVES: dict[State, tuple[State, ...]] = {
    State.MENTOR: (State.TALK, State.COMMITTEE, State.WITHDRAWN),
    State.TALK: (State.MENTOR, State.COMMITTEE, State.WITHDRAWN),
    State.COMMITTEE: (State.MORE, State.DECIDED, State.WITHDRAWN),
    State.MORE: (State.COMMITTEE, State.WITHDRAWN),
    State.DECIDED: (State.OFFERED, State.WAITLISTED, State.REFUSED, State.MORE, State.WITHDRAWN),
    State.OFFERED: (State.ACCEPTED, State.DECLINED, State.LAPSED, State.WITHDRAWN),
    State.WAITLISTED: (State.DECIDED, State.LAPSED, State.WITHDRAWN),
    State.REFUSED: (State.APPEALED,),
    State.APPEALED: (State.DECIDED, State.WITHDRAWN),
    State.ACCEPTED: (State.IN_FORCE, State.LAPSED, State.WITHDRAWN),
    State.IN_FORCE: (State.ENDED, State.WITHDRAWN),
    State.DECLINED: (),
    State.WITHDRAWN: (),
    State.LAPSED: (),
    State.ENDED: (),
}

# A scholar has at most one case in these.
OPEN = (
    State.MENTOR,
    State.TALK,
    State.COMMITTEE,
    State.MORE,
    State.DECIDED,
    State.OFFERED,
    State.WAITLISTED,
    State.APPEALED,
    State.ACCEPTED,
)
# In these a place of the round is taken; a granted case that is DECIDED takes one too.
PLACE_TAKEN = (State.OFFERED, State.ACCEPTED, State.IN_FORCE)


@tracked()
class LateEntry(Record):
    """Staff let one scholar apply after the last day, until the end of a day, for a reason."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="late_entries")
    round = models.ForeignKey(Round, models.PROTECT, related_name="late_entries")
    until_on = models.DateField("may apply until")
    closes_at = models.DateTimeField(editable=False)
    reason = models.CharField(max_length=500)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at"]
        verbose_name_plural = "late entries"
        constraints = [
            models.UniqueConstraint("scholar", "round", condition=Q(archived_at=None), name="late_entry_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="late_entry_has_a_reason"),
        ]


@tracked()
class ExtensionCase(Record):
    """One scholar's wish to stay on, from the application to the term, or to its other end.

    `number` counts a scholar's cases from 1. `total_months` is what the scholar asks for, counted
    from the first day of the main phase; `plan` and `if_refused` are the application. `state_since`
    and `state_by` tell the last move: nobody's was the product's. `appeal` is the scholar's one
    appeal. `late_entry` is set where staff let them apply late.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="extension_cases")
    scholar = models.ForeignKey(Membership, models.PROTECT, related_name="extension_cases")
    round = models.ForeignKey(Round, models.PROTECT, related_name="cases")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.MENTOR)
    state_since = models.DateTimeField()
    state_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    total_months = models.PositiveSmallIntegerField("months in total")
    plan = models.TextField("what the months are for")
    if_refused = models.TextField("what I would do if the answer is no", blank=True, default="")
    applied_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    late_entry = models.ForeignKey(LateEntry, models.PROTECT, null=True, blank=True, related_name="cases")
    appeal = models.TextField(blank=True, default="")
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["applied_at"]
        verbose_name = "extension case"
        constraints = [
            models.UniqueConstraint("id", "cohort", name="extension_case_with_its_cohort"),
            models.UniqueConstraint("scholar", "number", name="extension_case_numbered_once"),
            models.UniqueConstraint(
                "scholar",
                condition=Q(state__in=[str(one) for one in OPEN], archived_at=None),
                name="extension_case_one_open_a_scholar",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(one) for one in State]), name="extension_case_state_exists"
            ),
            models.CheckConstraint(condition=Q(total_months__in=[6, 12]), name="extension_case_is_six_or_twelve"),
            models.CheckConstraint(condition=~Q(plan=""), name="extension_case_has_a_plan"),
            models.CheckConstraint(
                condition=Q(appeal="", appealed_at=None, appeal_due_at=None)
                | (~Q(appeal="") & Q(appealed_at__isnull=False, appeal_due_at__isnull=False)),
                name="extension_case_appeal_is_whole",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@tracked()
class CaseInvitation(Record):
    """A person from outside the committee who decides one named case with it, for a reason."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    case = models.ForeignKey(ExtensionCase, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations_to_decide")
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["created_at"]
        verbose_name = "outside member"
        constraints = [
            models.UniqueConstraint("case", "person", condition=Q(archived_at=None), name="invitation_once_a_case"),
            models.CheckConstraint(condition=~Q(reason=""), name="invitation_has_a_reason"),
        ]
