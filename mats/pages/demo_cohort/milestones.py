"""The demo's milestones: dates, what was submitted and by whom it was read, outputs, and chances."""

# ruff: noqa: PLR2004 - shares of a made-up past, each used once

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator

from cohorts import milestones
from cohorts.models import Membership, Milestone, Role, Rubric
from mats.pages.demo_cohort.people import AWAY, DEMO, Scene
from mats.pages.demo_cohort.plans import FEEDBACK, OUTPUTS, REASONS, a_midpoint, a_plan
from mats.pages.demo_cohort.research import PROJECTS
from mentorship.models import Chance, Output, Review, Submission, SubmittedText, WeeklyLog

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

# Kind of milestone, week and weekday (0 is Monday) on which it is due, whether somebody reads it.
CALENDAR = (
    (Milestone.Kind.PLAN, 3, 4, True),
    (Milestone.Kind.MIDPOINT, 8, 0, False),
    (Milestone.Kind.SYMPOSIUM, 13, 3, True),
    (Milestone.Kind.FINAL, 14, 2, True),
)
# Whose plan waits for a reader, for the demo mentor, for the demo's own member of staff; whose is to be revised.
NO_READER, FOR_MENTOR, FOR_STAFF, REVISE = 12, 15, 16, 2
QUIET = 11  # of seventeen: somebody who has gone quiet


def set_milestones(scene: Scene) -> None:
    """The four milestones with their rubrics, set with the cohort."""
    rows = [
        Milestone(
            cohort=scene.cohort,
            kind=kind,
            due_on=(day := scene.week_starts_on(week) + weekday * DAY),
            due_at=milestones.due_at(scene.cohort, day),
            is_read=is_read,
            guide=milestones.DEFAULT_GUIDES[kind],
            created_at=scene.long_ago,
        )
        for kind, week, weekday, is_read in CALENDAR
    ]
    Milestone.objects.bulk_create(rows)
    Rubric.objects.bulk_create(
        Rubric(milestone=row, number=1, lines=milestones.DEFAULT_RUBRICS[row.kind], created_at=scene.long_ago)
        for row in rows
        if row.is_read
    )


def submit_milestones(scene: Scene) -> None:
    """What is due so far was submitted, mostly in time and by most; plans were read."""
    draw = random.Random(f"milestones {scene.scholars}")  # noqa: S311 - not for secrets
    due = Submission.objects.filter(cohort=scene.cohort, due_at__lte=scene.at).select_related("milestone")
    by_scholar = {place.pk: number for number, place in enumerate(scene.places[Role.SCHOLAR])}
    rows = sorted(due, key=lambda row: (row.due_at, by_scholar[row.scholar_id]))
    texts: list[SubmittedText] = []
    reviews: list[Review] = []
    for row in rows:
        number = by_scholar[row.scholar_id]
        if sent := list(_versions(scene, row, number, draw)):
            texts += sent
            row.submitted_at = sent[0].sent_at
            if row.milestone.is_read:
                reviews += _read(scene, row, number, sent, draw)
            else:
                row.passed_at = row.submitted_at
    Submission.objects.bulk_update(rows, ["submitted_at", "passed_at", "revise_at", "reader"], batch_size=200)
    SubmittedText.objects.bulk_create(texts)
    Review.objects.bulk_create(reviews)


def _versions(scene: Scene, row: Submission, number: int, draw: random.Random) -> Iterator[SubmittedText]:
    """None of somebody who has gone quiet, two of the demo's own scholar's plan, one of the others."""
    is_plan, is_late = row.milestone.kind == Milestone.Kind.PLAN, draw.random() < 0.08
    early = draw.randint(2, 60) * HOUR
    if number % 17 == QUIET or (not is_plan and number in {AWAY, DEMO}):
        return
    sent_at = row.due_at + DAY if is_late and number != DEMO else row.due_at - early
    if sent_at > scene.at:
        return
    project = PROJECTS[number % len(PROJECTS)]
    text = a_plan(project, first=True) if is_plan else a_midpoint(project)
    links = f"https://notes.example.org/{number + 1}/plan" if is_plan and number % 3 == 0 else ""
    yield _text(row, 1, text, links, sent_at)
    if is_plan and number == DEMO:
        yield _text(row, 2, a_plan(project, first=False), links, sent_at + 12 * DAY)


def _text(row: Submission, number: int, text: str, links: str, sent_at: dt.datetime) -> SubmittedText:
    return SubmittedText(submission=row, number=number, text=text, links=links, sent_at=sent_at, created_at=sent_at)


def _read(scene: Scene, row: Submission, number: int, texts: list[SubmittedText], draw: random.Random) -> list[Review]:
    """One reader who is not the scholar's mentor, their answers, and what came of them."""
    if number == NO_READER:
        return []
    row.reader = _reader(scene, row, number)
    first = _review(row, texts[0], row.reader)
    if number in {FOR_MENTOR, FOR_STAFF}:
        # A new version came in yesterday.
        first.due_at = scene.at + 3 * DAY
        return [first]
    given_at = texts[0].sent_at + draw.randint(20, 140) * HOUR
    if number == DEMO:
        _give(first, texts[0].sent_at + 5 * DAY, Review.Outcome.REVISE, draw)
        second = _review(row, texts[1], row.reader)
        row.passed_at = _give(second, max(scene.at - 20 * HOUR, texts[1].sent_at + DAY), Review.Outcome.PASS, draw)
        return [first, second]
    if number == REVISE:
        given_at = _give(first, min(given_at, scene.at), Review.Outcome.REVISE, draw)
        row.revise_at = scene.at + 5 * DAY
    else:
        row.passed_at = _give(first, min(given_at, scene.at), Review.Outcome.PASS, draw)
    return [first]


def _reader(scene: Scene, row: Submission, number: int) -> Membership:
    """By turns among mentors and staff, but never somebody who mentors or coaches this scholar."""
    mentors, staff = scene.places[Role.MENTOR], scene.places[Role.STAFF]
    if number == FOR_MENTOR:
        return mentors[0]
    if number == FOR_STAFF:
        return staff[0]
    barred = {pairing.mentor.person_id for pairing in scene.pairings if pairing.scholar_id == row.scholar_id}
    barred |= {load.coach.person_id for load in scene.caseloads if load.scholar_id == row.scholar_id}
    everybody = [*mentors, *staff[1:]]
    turned = everybody[number % len(everybody) :] + everybody[: number % len(everybody)]
    return next(place for place in turned if place.person_id not in barred)


def _review(row: Submission, text: SubmittedText, reader: Membership) -> Review:
    return Review(
        pk=uuid.uuid4(),
        submission=row,
        text=text,
        reader=reader,
        rubric=row.milestone.rubrics.first(),
        due_at=text.sent_at + row.milestone.reading_days * DAY,
        created_at=text.sent_at,
    )


def _give(review: Review, at: dt.datetime, outcome: str, draw: random.Random) -> dt.datetime:
    """The review as it was given, and when."""
    stands = Review.Stands.THERE if outcome == Review.Outcome.PASS else Review.Stands.PARTLY
    review.answers = [
        {"criterion": line, "stands": stands.value, "words": ""}
        for line in (review.rubric.criteria if review.rubric else [])
    ]
    review.outcome, review.given_at = outcome, at
    review.words, review.reasons = draw.choice(FEEDBACK), draw.choice(REASONS[outcome])
    return at


def list_outputs(scene: Scene) -> None:
    """Every third scholar has something to show; half of it is seen by the cohort."""
    rows = []
    for number, scholar in enumerate(scene.places[Role.SCHOLAR][::3]):
        kind, title, venue, state = OUTPUTS[number % len(OUTPUTS)]
        project = PROJECTS[number * 3 % len(PROJECTS)]
        rows.append(
            Output(
                cohort=scene.cohort,
                scholar=scholar,
                kind=kind,
                title=title.format(project=project.title),
                link=f"https://outputs.example.org/{number + 1}" if state != Output.State.DRAFTED else "",
                venue=venue,
                state=state,
                is_shared=number % 2 == 0,
                created_at=scene.at - (number % 20 + 1) * DAY,
            )
        )
    Output.objects.bulk_create(rows)


def say_chances(scene: Scene) -> None:
    """Most logs put a chance on the next milestone; it wavers, and mostly rises."""
    draw = random.Random(f"chances {scene.scholars}")  # noqa: S311 - not for secrets
    logs = WeeklyLog.objects.filter(scholar__cohort=scene.cohort, submitted_at__isnull=False, is_away=False)
    ahead: dict[uuid.UUID, list[Submission]] = {}
    for row in Submission.objects.filter(cohort=scene.cohort).order_by("due_at"):
        ahead.setdefault(row.scholar_id, []).append(row)
    rows = []
    for log in logs.order_by("number", "scholar__person__email").select_related("scholar"):
        sent_at = log.submitted_at
        assert sent_at is not None
        next_one = next(
            (
                row
                for row in ahead.get(log.scholar_id, [])
                if row.due_at > sent_at and (row.submitted_at is None or row.submitted_at > sent_at)
            ),
            None,
        )
        is_demo = log.scholar_id == scene.places[Role.SCHOLAR][DEMO].pk
        if next_one and (draw.random() < 0.7 or is_demo):
            percent = min(90, max(10, 50 + 10 * draw.randint(-2, 2) + 10 * (log.number % 4)))
            rows.append(Chance(log=log, submission=next_one, percent=percent, created_at=sent_at))
    Chance.objects.bulk_create(rows)
