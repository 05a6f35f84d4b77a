"""What a cohort asks of its scholars by a date: the list for everybody, and changes for its staff."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cohorts.access import condition, find, may
from cohorts.actions.milestone import add_milestone, change_milestone, publish_rubric, remove_milestone
from cohorts.forms.milestone import AddMilestoneForm, MilestoneForm, RubricForm
from cohorts.forms.staff import RemoveForm
from cohorts.milestones import DEFAULT_RUBRICS, kinds_left
from cohorts.models import Cohort, Milestone, Person, Rubric
from cohorts.rules.milestone import milestone_is_new
from cohorts.views.pages import cohort_to_change, form_page, then_say
from mats import clock
from mats.identity.requests import Request
from mats.prepared import prepared
from mentorship import told
from mentorship.models import Review, Submission

# How a submission stands, in the words of lists, and the class of its mark.
STANDS = {
    "passed": ("passed", "good"),
    "revise": ("a next version is asked for", "late"),
    "with_reader": ("with its reader", ""),
    "unread": ("needs a reader", "wrong"),
    "missing": ("was due, not sent yet", "wrong"),
    "due": ("not due yet", "quiet"),
}
YOURS_TO_READ = ("yours to read", "late")


def _milestones(at: dt.datetime) -> QuerySet[Milestone]:
    return Milestone.objects.filter(archived_at=None).select_related("cohort")


def find_milestone(request: Request, pk: uuid.UUID, act: str = "read") -> Milestone:
    return find("milestone", request.user, request.now, act=act, rows=_milestones, pk=pk)


def milestone_url(row: Milestone) -> str:
    return reverse("milestone", args=[row.pk])


# --- the list -------------------------------------------------------------------------------------


@dataclass
class Own:
    """A submission that somebody has a part in: their own, their scholar's, or one to read."""

    submission: Submission
    is_mine: bool
    words: str
    tone: str


@dataclass
class Owns:
    """What somebody has a part in for one milestone, their own first; and how many more will come to them to read."""

    rows: list[Own] = field(default_factory=list)
    ahead: int = 0


@dataclass
class Line:
    """One milestone of the list, with what the person has a part in, and for staff the counts."""

    milestone: Milestone
    own: Owns
    counts: dict[str, int] | None = None


def milestones(request: Request, slug: str) -> HttpResponse:
    """Every milestone by date."""
    cohort = find("cohort", request.user, request.now, slug=slug)
    is_staff = may(request.user, "change", "cohort", cohort, request.now)
    own, counts = _own_of(request, cohort), _counts_of(cohort) if is_staff else {}
    lines = [
        Line(row, own[row.pk], counts.get(row.pk, NO_COUNTS) if is_staff else None) for row in _of_cohort(cohort=cohort)
    ]
    missing = len(Milestone.Kind.values) > len(lines)
    context = {"cohort": cohort, "lines": lines, "is_staff": is_staff, "may_add": is_staff and missing}
    return render(request, "mentorship/milestones.html", context)


@prepared
def _of_cohort(cohort: Cohort) -> QuerySet[Milestone]:
    return Milestone.objects.filter(cohort=cohort, archived_at=None).order_by("due_on")


def _own_of(request: Request, cohort: Cohort) -> dict[uuid.UUID, Owns]:
    """By milestone: what this person writes, mentors, coaches or reads. Of what they read, only what was
    sent: for what lies ahead there is nothing to do yet."""
    found: dict[uuid.UUID, Owns] = defaultdict(Owns)
    for row in _with_a_part(person=request.user, at=request.now, cohort=cohort):
        stands, is_mine = row.stands(request.now), row.scholar.person_id == request.user.pk
        reads = row.reader is not None and row.reader.person_id == request.user.pk
        if reads and not row.submitted_at:
            found[row.milestone_id].ahead += 1
            continue
        words, tone = YOURS_TO_READ if reads and stands == "with_reader" else STANDS[stands]
        found[row.milestone_id].rows.append(Own(row, is_mine, words, tone))
    for own in found.values():
        own.rows.sort(key=lambda one: not one.is_mine)
    return found


@prepared
def _with_a_part(person: Person, at: dt.datetime, cohort: Cohort) -> QuerySet[Submission]:
    parts = condition(person, "read", "submission", at, relations=("scholar", "mentor", "reader", "coach"))
    rows = Submission.objects.filter(parts, cohort=cohort, archived_at=None)
    return rows.select_related("scholar__person", "reader__person").order_by("scholar__person__name", "pk")


WITHOUT_READER = Q(milestone__is_read=True, reader=None, passed_at=None)
NO_COUNTS = dict.fromkeys(("all", "sent", "passed", "without_reader"), 0)


def _counts_of(cohort: Cohort) -> dict[uuid.UUID, dict[str, int]]:
    """For staff: how many owe each milestone, have sent, have passed, and have no reader."""
    rows = Submission.objects.filter(cohort=cohort, archived_at=None).order_by().values("milestone")
    counted = rows.annotate(
        all=Count("pk"),
        sent=Count("pk", filter=Q(submitted_at__isnull=False)),
        passed=Count("pk", filter=Q(passed_at__isnull=False)),
        without_reader=Count("pk", filter=WITHOUT_READER),
    )
    found = counted.values_list("milestone", *NO_COUNTS)
    return {key: dict(zip(NO_COUNTS, numbers, strict=True)) for key, *numbers in found}


# --- one of them ----------------------------------------------------------------------------------

SHOWS = {
    "": "everybody",
    "sent": "sent",
    "not-sent": "not sent",
    "to-read": "waiting to be read",
    "without-reader": "without a reader",
    "passed": "passed",
}


def _shown_under(row: Submission, milestone: Milestone) -> set[str]:
    """The filters that a submission stands under."""
    has = {
        "sent": row.submitted_at is not None,
        "not-sent": row.submitted_at is None,
        "to-read": row.waits_to_be_read,
        "without-reader": milestone.is_read and not row.reader_id and not row.passed_at,
        "passed": row.passed_at is not None,
    }
    return {"", *(name for name, is_so in has.items() if is_so)}


def milestone(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What it asks and how it is read; for staff how each scholar stands, `?show=` narrows it."""
    row = find_milestone(request, pk)
    rubric = latest_rubric(row)
    context: dict[str, Any] = {
        "milestone": row,
        "cohort": row.cohort,
        "rubric": rubric,
        "told": told.of_milestone(row, rubric),
        "is_staff": may(request.user, "see_submissions", "milestone", row, request.now),
        "own": _own_of(request, row.cohort)[row.pk],
    }
    if context["is_staff"]:
        context |= _table(request, row)
    return render(request, "mentorship/milestone.html", context)


def latest_rubric(row: Milestone) -> Rubric | None:
    """The rubric in force."""
    return next(iter(_rubric(milestone=row)), None)


@prepared
def _rubric(milestone: Milestone) -> QuerySet[Rubric]:
    return Rubric.objects.filter(milestone=milestone).order_by("-number")[:1]


def _table(request: Request, row: Milestone) -> dict[str, Any]:
    found = [(one, _shown_under(one, row)) for one in _of_milestone(milestone=row)]
    counts = Counter(name for _, names in found for name in names)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    shown = [one for one, names in found if show in names]
    return {
        "show": show,
        "filters": [(name, words, counts[name]) for name, words in SHOWS.items()],
        "total": len(found),
        "body": _body(shown, row, request) if shown else "",
    }


@prepared
def _of_milestone(milestone: Milestone) -> QuerySet[Submission]:
    """With the moment by which the review that is owed now is due."""
    owed = Review.objects.filter(submission=OuterRef("pk"), given_at=None, archived_at=None).values("due_at")[:1]
    rows = Submission.objects.filter(milestone=milestone, archived_at=None)
    rows = rows.select_related("scholar__person", "reader__person").annotate(review_due_at=Subquery(owed))
    return rows.order_by("scholar__person__name", "pk")


ROW = (
    '<tr><th scope="row"><a href="{}">{}</a></th><td class="{}">{}</td><td class="tight">{}</td><td>{}</td>'
    '<td class="tight{}">{}</td></tr>'
)


def _body(rows: list[Submission], milestone: Milestone, request: Request) -> SafeString:
    """The rows of the table, joined here: there are some hundred of them."""
    return format_html_join("", ROW, (_cells(one, milestone, request) for one in rows))


def _cells(row: Any, milestone: Milestone, request: Request) -> tuple[Any, ...]:
    zone = request.user.time_zone
    words, tone = STANDS[row.stands(request.now)]
    is_late = row.review_due_at is not None and row.review_due_at < request.now
    return (
        reverse("submission", args=[row.pk]),
        row.scholar.person.name,
        tone,
        words,
        _when_sent(row, zone),
        row.reader.person.name if row.reader else ("—" if row.passed_at or not milestone.is_read else "nobody yet"),
        " wrong" if is_late else "",
        f"{'was due' if is_late else 'due'} {_moment(row.review_due_at, zone)}" if row.review_due_at else "—",
    )


def _when_sent(row: Submission, zone: str) -> SafeString | str:
    if row.submitted_at is None:
        return f"due {_moment(row.due_at, zone)}{', a date of their own' if row.has_own_date else ''}"
    late = ", late" if row.submitted_at > row.due_at else ""
    return format_html("sent {}{}", _moment(row.submitted_at, zone), late)


def _moment(at: dt.datetime, zone: str) -> str:
    return clock.format_moment(at, zone, date=True)


# --- by staff -------------------------------------------------------------------------------------


def milestone_add(request: Request, slug: str) -> HttpResponse:
    """One of a kind: of `?kind=`, else of the first that is missing. What was sent keeps its kind."""
    cohort = cohort_to_change(request, slug)
    left = kinds_left(cohort)
    if not left and request.method != "POST":
        return render(request, "mentorship/milestones_all_set.html", {"cohort": cohort})
    kind, why_not = _kind_to_add(request, cohort, left)
    form = AddMilestoneForm(request, cohort=cohort, kind=kind)
    if answer := form.hand_to(add_milestone, cohort=cohort, then=milestone_url, saved="The milestone is set."):
        return answer
    intro = f"Every {cohort.scholar_label} who is here on its day owes it. Words to begin from stand in the form."
    here = reverse("milestone_add", args=[cohort.slug])
    others = [(f"Set another: {other.label}", f"{here}?kind={other}") for other in left if other != kind]
    title, back = f"A new {Milestone.Kind(kind).label}", reverse("milestones", args=[cohort.slug])
    return form_page(
        request, form, cohort=cohort, title=title, back=back, save="Set it", intro=f"{why_not} {intro}".strip(),
        others=others,
    )  # fmt: skip


def _kind_to_add(request: Request, cohort: Cohort, left: list[Milestone.Kind]) -> tuple[str, str]:
    """Which kind the page is about; and why not the one that was asked for, if that can't be."""
    sent = request.POST.get("kind", "")
    if sent in Milestone.Kind.values:
        return sent, ""  # whether it still can be, the act says, and what was written stands in the form
    first = left[0] if left else Milestone.Kind.PLAN
    try:
        milestone_is_new(cohort, asked := request.GET.get("kind") or first)
    except ValidationError as refusal:
        return first, refusal.messages[0]
    return asked, ""


def milestone_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find_milestone(request, pk, act="change")
    form = MilestoneForm(request, cohort=row.cohort, about=row)
    if answer := form.hand_to(change_milestone, milestone=row, then=milestone_url, saved="The milestone is saved."):
        return answer
    others = [
        ("Change what a reader looks for", reverse("rubric_change", args=[row.pk])),
        ("Remove it", reverse("milestone_remove", args=[row.pk])),
    ]
    intro = "Where the date is moved, what was submitted keeps the moment it was measured by; the rest moves along."
    return _page(request, form, row, f"Change: {row}", intro=intro, others=others)


def milestone_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    row = find_milestone(request, pk, act="change")
    form = RemoveForm(request, cohort=row.cohort, about=row)
    there = reverse("milestones", args=[row.cohort.slug])
    if answer := form.hand_to(remove_milestone, milestone=row, then=there, saved="The milestone is removed."):
        return answer
    return _page(request, form, row, f"Remove: {row}", save="Remove", intro="With it goes what is owed for it.")


def rubric_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The next version of a rubric. Where somebody else published one meanwhile, its number is taken
    over into the form that was refused, and its lines stand above it."""
    row = find_milestone(request, pk, act="change")
    drawn = latest_rubric(row)
    number = drawn.number if drawn else 0
    start = {"lines": drawn.lines if drawn else DEFAULT_RUBRICS[row.kind], "drawn_from": number}
    form = RubricForm(request, cohort=row.cohort, place=row, initial=start, is_first=drawn is None)
    then = then_say(request, milestone_url(row), before=number, saved="The rubric is published.")
    if answer := form.hand_to(publish_rubric, milestone=row, then=then):
        return answer
    if form.is_sent:
        form.data["drawn_from"] = str(number)
    intro = "A change is a new version. Reviews that have begun keep theirs, and are never put together with others."
    template = "mentorship/rubric_change.html"
    return _page(request, form, row, f"What a reader looks for: {row}", intro=intro, template=template, rubric=drawn)


def _page(request: Request, form: Any, row: Milestone, title: str, **more: Any) -> HttpResponse:
    return form_page(request, form, cohort=row.cohort, title=title, back=milestone_url(row), **more)
