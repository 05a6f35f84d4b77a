"""The committee's decision on a case: opinions, proposals that a second person confirms, and the letter."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort, Person
from mats.history.record import Record
from mats.history.tracking import tracked
from mentorship.models.case import ExtensionCase


@tracked()
class Opinion(Record):
    """What one person of the committee thinks of a contested case, written before they see the others'.

    It is given once and stays. `is_appeal`: written when the case was heard again.
    """

    class Band(models.TextChoices):
        YES = "yes", "yes"
        IF_ROOM = "if_room", "yes if there is room"
        NOT_NOW = "not_now", "not now"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    case = models.ForeignKey(ExtensionCase, models.PROTECT, related_name="opinions")
    author = models.ForeignKey(Person, models.PROTECT, related_name="opinions")
    band = models.CharField(max_length=8, choices=Band.choices)
    reasons = models.TextField()
    is_appeal = models.BooleanField(default=False)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint("case", "author", "is_appeal", name="opinion_once"),
            models.CheckConstraint(condition=~Q(reasons=""), name="opinion_has_reasons"),
            models.CheckConstraint(condition=Q(band__in=["yes", "if_room", "not_now"]), name="opinion_band_exists"),
        ]


@tracked()
class Decision(Record):
    """What one person proposes for a case and a second confirms; only then it is a decision.

    `number` counts from 1 in a case. One that holds no longer is kept: `replaced_at` says since when.
    By the agreed list a proposal waits until `opens_at` (48 hours), in which any member may pull it
    out; after opinions it may be confirmed at once. `reason` and, of a refusal, `would_change` are
    read by the scholar once the letter is released. Where more is asked, `reason` is the question,
    `answer` the scholar's. `conditions` must be met by the end of `conditions_by`, or a person lets
    the grant lapse.
    """

    class Outcome(models.TextChoices):
        GRANT = "grant", "grant"
        WAITLIST = "waitlist", "waitlist"
        MORE = "more", "ask for more"
        REFUSE = "refuse", "refuse"

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    case = models.ForeignKey(ExtensionCase, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    is_agreed_list = models.BooleanField(default=False)
    is_appeal = models.BooleanField(default=False)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    total_months = models.PositiveSmallIntegerField("months in total", null=True, blank=True)
    conditions = models.CharField("on condition of", max_length=500, blank=True, default="")
    conditions_by = models.DateField("to be met by", null=True, blank=True)
    conditions_due_at = models.DateTimeField(null=True, blank=True)
    conditions_met_at = models.DateTimeField(null=True, blank=True)
    conditions_met_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    would_change = models.TextField("what would change it", blank=True, default="")
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    opens_at = models.DateTimeField("may be confirmed from")
    pulled_at = models.DateTimeField(null=True, blank=True)
    pulled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    pulled_why = models.CharField(max_length=500, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("case", "number", name="decision_numbered_once"),
            models.UniqueConstraint(
                "case",
                condition=Q(confirmed_at=None, pulled_at=None, archived_at=None),
                name="decision_one_proposal_a_case",
            ),
            models.UniqueConstraint(
                "case",
                condition=Q(confirmed_at__isnull=False, replaced_at=None, archived_at=None),
                name="decision_one_holds_a_case",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["grant", "waitlist", "more", "refuse"]), name="decision_outcome_exists"
            ),
            models.CheckConstraint(
                condition=Q(outcome="grant", total_months__in=[6, 12]) | (~Q(outcome="grant") & Q(total_months=None)),
                name="decision_grant_has_a_total",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(outcome="refuse") | ~Q(would_change=""), name="decision_refusal_says_what_would_change_it"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | (
                    Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                    & ~Q(confirmed_by=F("proposed_by"))
                    & Q(confirmed_at__gte=F("opens_at"))
                ),
                name="decision_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(pulled_at=None, pulled_by=None, pulled_why="")
                | (Q(pulled_at__isnull=False, pulled_by__isnull=False, confirmed_at=None) & ~Q(pulled_why="")),
                name="decision_pulled_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(confirmed_at__isnull=False), name="decision_replaced_was_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(conditions="", conditions_by=None, conditions_due_at=None)
                | (
                    ~Q(conditions="") & Q(outcome="grant", conditions_by__isnull=False, conditions_due_at__isnull=False)
                ),
                name="decision_conditions_have_a_date",
            ),
            models.CheckConstraint(
                condition=Q(conditions_met_at=None, conditions_met_by=None)
                | (Q(conditions_met_at__isnull=False, conditions_met_by__isnull=False) & ~Q(conditions="")),
                name="decision_conditions_met_says_who",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False, outcome="more") & ~Q(answer="")),
                name="decision_answer_is_to_a_question",
            ),
        ]

    @property
    def is_proposal(self) -> bool:
        return self.confirmed_at is None and self.pulled_at is None

    @property
    def holds(self) -> bool:
        return self.confirmed_at is not None and self.replaced_at is None


@tracked()
class DecisionLetter(Record):
    """The letter of one decision: a draft until a person releases it.

    `outcome` repeats the decision's, so that a no waits for `talked_at`: somebody has talked with the
    scholar. A grant is accepted by the end of `accept_by`.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    case = models.ForeignKey(ExtensionCase, models.PROTECT, related_name="letters")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="letter")
    outcome = models.CharField(max_length=8, choices=Decision.Outcome.choices)
    body = models.TextField("letter")
    accept_by = models.DateField("to be accepted by", null=True, blank=True)
    accept_due_at = models.DateTimeField(null=True, blank=True)
    talked_at = models.DateTimeField(null=True, blank=True)
    talked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["created_at"]
        verbose_name = "letter"
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="letter_says_something"),
            models.CheckConstraint(
                condition=Q(outcome__in=["grant", "waitlist", "refuse"]), name="letter_is_of_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="letter_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(talked_at=None, talked_by=None) | Q(talked_at__isnull=False, talked_by__isnull=False),
                name="letter_talked_says_who",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refuse", released_at__isnull=False) | Q(talked_at__isnull=False),
                name="letter_of_a_no_follows_a_talk",
            ),
            models.CheckConstraint(
                condition=Q(accept_by=None, accept_due_at=None)
                | Q(outcome="grant", accept_by__isnull=False, accept_due_at__isnull=False),
                name="letter_of_a_grant_is_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="grant", released_at__isnull=False) | Q(accept_by__isnull=False),
                name="letter_of_a_grant_has_a_day",
            ),
        ]
