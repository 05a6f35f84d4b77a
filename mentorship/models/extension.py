"""What we look for, and the calendar of an extension's round."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort, Person, Phase
from mats.history.record import Record
from mats.history.tracking import tracked

RHYTHM_YES, RHYTHM_PARTLY = 80, 50  # percent of the weeks that count


@tracked()
class Standard(Record):
    """One version of what a cohort looks for in an extension, in words for scholars; never edited.

    A change is the next `number`. `rhythm_yes` and `rhythm_partly` say from which percentage of the
    weeks that count the weekly rhythm reads "yes" and "partly".
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="standards")
    number = models.PositiveSmallIntegerField()
    intro = models.TextField(blank=True, default="")
    rhythm_yes = models.PositiveSmallIntegerField(default=RHYTHM_YES)
    rhythm_partly = models.PositiveSmallIntegerField(default=RHYTHM_PARTLY)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("cohort", "number", name="standard_numbered_once"),
            models.CheckConstraint(
                condition=Q(rhythm_partly__gte=1, rhythm_yes__lte=100, rhythm_partly__lt=F("rhythm_yes")),
                name="standard_rhythm_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"What we look for, version {self.number}"


@tracked()
class StandardLine(Record):
    """One line of a standard: evidence that the software shows, or what only people judge.

    `expectation` is what the programme expects, in words; nothing is computed from it.
    """

    class Source(models.TextChoices):
        RHYTHM = "rhythm", "kept the weekly rhythm"
        MEETINGS = "meetings", "meetings held"
        MILESTONES = "milestones", "milestones passed"
        ACTIONS = "actions", "actions kept"
        OUTPUTS = "outputs", "outputs"
        JUDGED = "judged", "judged by people"

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=12, choices=Source.choices)
    expectation = models.CharField("what we look for", max_length=500)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("standard", "position", name="standard_line_in_its_place"),
            models.UniqueConstraint(
                "standard", "source", condition=~Q(source="judged"), name="standard_line_once_a_source"
            ),
        ]


@tracked()
class Round(Record):
    """The calendar of one round: when scholars may apply, and by when staff owe answers and letters.

    Days are on the cohort's wall, first and last day included; the moments beside them are the
    beginning of the first day, and the ends of the others. A promise is kept when the last case of the
    round has its decision, or its letter. `places` is how many can be granted; NULL: as many as apply.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="rounds")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="rounds")
    opens_on = models.DateField("applications open on")
    closes_on = models.DateField("last day to apply")
    answers_on = models.DateField("answers promised by")
    letters_on = models.DateField("letters promised by")
    opens_at = models.DateTimeField(editable=False)
    closes_at = models.DateTimeField(editable=False)
    answers_due_at = models.DateTimeField(editable=False)
    letters_due_at = models.DateTimeField(editable=False)
    answers_given_at = models.DateTimeField(null=True, blank=True)
    answers_given_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    places = models.PositiveSmallIntegerField("places", null=True, blank=True)
    letters_sent_at = models.DateTimeField(null=True, blank=True)
    letters_sent_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["opens_on"]
        constraints = [
            models.UniqueConstraint("phase", condition=Q(archived_at=None), name="round_one_a_phase"),
            # Rows that point here carry the cohort too, so that they can never cross cohorts.
            models.UniqueConstraint("id", "cohort", name="round_with_its_cohort"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on"), answers_on__gte=F("closes_on"))
                & Q(letters_on__gte=F("answers_on")),
                name="round_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(answers_given_at=None, answers_given_by=None)
                | Q(answers_given_at__isnull=False, answers_given_by__isnull=False),
                name="round_answers_given_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(letters_sent_at=None, letters_sent_by=None)
                | Q(letters_sent_at__isnull=False, letters_sent_by__isnull=False),
                name="round_letters_sent_by_somebody",
            ),
        ]
