"""Who is on the way in, who has left, and who has which duty, in the demo's sixth week.

Everything is done by the product's own acts, at moments gone by.
"""

from __future__ import annotations

import datetime as dt
from itertools import islice
from zoneinfo import ZoneInfo

from cohorts.actions.duty import give_duty
from cohorts.actions.ending import withdraw
from cohorts.actions.invitation import accept
from cohorts.actions.membership import add_person
from cohorts.models import Agreement, AgreementTick, Caseload, Duty, Invitation, Membership, Role
from mats.pages.demo import DEMO_DOMAIN
from mats.pages.demo_cohort.names import names
from mats.pages.demo_cohort.people import COHORT_ZONE, Scene
from mats.post.models import Message
from mentorship.models import Pairing, WeeklyLog

DAY = dt.timedelta(days=1)
# Names after those of the cohort's own people.
FIRST_NAME = 150
LOGS = (
    ("Read the codebase and reran the baseline: 61 %, as in the paper.", "Write the plan down. Not stuck."),
    ("A first draft of the plan, and the probe on one layer.", "Ask for two GPUs. The queue is long."),
    ("The probe on all layers. I have an offer that begins next month.", "Talk with Mentor and staff about leaving."),
)


def come_and_go(scene: Scene) -> None:
    """Duties, two people from outside, one scholar who has left, and two mentors who have not come in yet."""
    drawn = islice(names(), scene.skip_names + FIRST_NAME, None)
    outside = _comes_in(scene, "outside-member", next(drawn), Role.OUTSIDE)
    delegate = _comes_in(scene, "delegate", next(drawn), Role.OUTSIDE)
    _give_duties(scene, outside, delegate)
    _leaves(scene, _comes_in(scene, "former-scholar", next(drawn), Role.SCHOLAR))
    for name, ago in ((next(drawn), 2), (next(drawn), 9)):
        email = f"{name.lower().replace(' ', '.')}@{scene.mailboxes}example.org"
        _add(scene, email, name, Role.MENTOR, scene.at - ago * DAY)
    _all_were_sent(scene)


def _add(scene: Scene, email: str, name: str, role: str, at: dt.datetime) -> Membership:
    staff = scene.places[Role.STAFF][0].person
    return add_person(
        cohort=scene.cohort,
        by=staff,
        at=at,
        email=email,
        name=name,
        role=role,
        time_zone=COHORT_ZONE,
        site=scene.sites[1],
    )


def _comes_in(scene: Scene, part: str, name: str, role: str) -> Membership:
    """Somebody who can be signed in as by one click: invited in the first week, accepted a day later."""
    at = scene.long_ago + 14 * DAY
    place = _add(scene, f"{part}{scene.suffix}@{scene.mailboxes}{DEMO_DOMAIN}", name, role, at)
    accept(invitation=Invitation.objects.get(membership=place), by=place.person, at=at + DAY)
    place.refresh_from_db()
    place.first_hour_at = at + DAY
    place.save_edit("first_hour_at")
    agreement = Agreement.objects.get(cohort=scene.cohort)
    AgreementTick.objects.create(membership=place, agreement=agreement, created_at=at + DAY)
    return place


def _give_duties(scene: Scene, outside: Membership, delegate: Membership) -> None:
    staff, coaches, mentors = (scene.places[role] for role in (Role.STAFF, Role.COACH, Role.MENTOR))
    duties = [
        (staff[0], Duty.Kind.COMMITTEE, None),
        (staff[2], Duty.Kind.COMMITTEE, None),
        (staff[3], Duty.Kind.COMMITTEE, None),
        (staff[4], Duty.Kind.DUTY_LEAD, None),
        (staff[0], Duty.Kind.DATA_LEAD, None),
        (staff[3], Duty.Kind.CONCERN_RECIPIENT, None),
        (outside, Duty.Kind.CONCERN_RECIPIENT, None),
        (outside, Duty.Kind.OUTSIDE_MEMBER, None),
        (coaches[-1], Duty.Kind.HEAD_COACH, None),
        (delegate, Duty.Kind.DELEGATE, mentors[0]),
    ]
    at = scene.long_ago + 16 * DAY
    for place, kind, whom in duties:
        give_duty(
            membership=place, kind=kind, for_membership=whom, by=staff[0].person, at=at, reason="Agreed in the team."
        )


def _leaves(scene: Scene, place: Membership) -> None:
    """Three weeks with a mentor and a coach, a log for each, then another offer."""
    phase, made = scene.phase, scene.long_ago
    tie = {"cohort": scene.cohort, "scholar": place, "starts_on": phase.starts_on, "ends_on": phase.ends_on}
    Pairing.objects.create(mentor=scene.places[Role.MENTOR][4], created_at=made, **tie)
    Caseload.objects.create(coach=scene.places[Role.COACH][0], created_at=made, **tie)
    for number, (done, next_up) in enumerate(LOGS, start=1):
        due_on = scene.week_starts_on(number) + 2 * DAY
        due_at = dt.datetime.combine(due_on, dt.time(18), tzinfo=ZoneInfo(COHORT_ZONE))
        said = {"done": done, "next_up": next_up, "submitted_at": due_at - dt.timedelta(hours=3)}
        WeeklyLog.objects.update_or_create(
            scholar=place,
            week_starts_on=scene.week_starts_on(number),
            defaults={"due_at": due_at, "number": number, "created_at": made, **said},
        )
    at = dt.datetime.combine(scene.week_starts_on(4), dt.time(9), tzinfo=dt.UTC)
    place.refresh_from_db()
    withdraw(membership=place, by=place.person, at=at, reason="A post at a lab that begins at once.")


def _all_were_sent(scene: Scene) -> None:
    """What went out then is out; what it held is gone with it."""
    waiting = Message.objects.filter(cohort=scene.cohort, sent_at=None, dropped_at=None, given_up_at=None)
    for message in waiting.exclude(kind__in=["log_due_soon", "log_overdue"]):
        message.sent_at = message.intended_at = message.moment
        message.sealed = ""
        message.save(update_fields=["sent_at", "intended_at", "sealed"])
