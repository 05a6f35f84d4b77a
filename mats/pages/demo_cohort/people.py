"""Who is in the demo: places, stays, pairings and caseloads, laid out backwards from a moment."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from itertools import islice
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from cohorts.agreements import first_words
from cohorts.models import (
    Agreement,
    AgreementTick,
    Caseload,
    Cohort,
    Leave,
    Membership,
    Person,
    Phase,
    Role,
    Site,
    Stay,
)
from mats import clock
from mats.pages.demo import DEMO_DOMAIN
from mats.pages.demo_cohort.names import names
from mentorship.models import Pairing

COHORT_ZONE = "Europe/London"
SITES = (("Berkeley", "America/Los_Angeles"), ("London", "Europe/London"), ("Singapore", "Asia/Singapore"))
WEEKS = 14
DAY = dt.timedelta(days=1)

# Which scholar is whom. The demo's own scholar comes first and shares the first mentor with two more.
DEMO, TEAM, TWO_MENTORS, MENTOR_LEFT, AWAY, PART_TIME, NOT_PAIRED, UNMET = 0, (3, 4, 5), 6, 7, 8, 9, 10, 13
# From this many scholars on there is one of each of them, and mentors enough to go round.
FEWEST_FOR_ALL, FEWEST_MENTORS = 12, 8


@dataclass
class Scene:
    """What has been laid out so far; the later steps add to it. `mailboxes` stands before the domain
    of every address, so that several cohorts can be in one database; `suffix` after the parts of the people
    who are signed in as by one click, and `skip_names` leaves the first names to other cohorts. `parts` names
    people beside the first of each role who can be signed in as: role and number → part."""

    at: dt.datetime
    week: int
    scholars: int
    random: random.Random
    mailboxes: str = ""
    suffix: str = ""
    skip_names: int = 0
    parts: dict[tuple[str, int], str] = field(default_factory=dict)
    cohort: Cohort = field(default_factory=Cohort)
    phase: Phase = field(default_factory=Phase)
    sites: list[Site] = field(default_factory=list)
    places: dict[str, list[Membership]] = field(default_factory=dict)
    stays: dict[object, Stay] = field(default_factory=dict)
    pairings: list[Pairing] = field(default_factory=list)
    caseloads: list[Caseload] = field(default_factory=list)

    @property
    def long_ago(self) -> dt.datetime:
        """When the cohort was set up: two weeks before its first day."""
        return dt.datetime.combine(self.phase.starts_on - 14 * DAY, dt.time(10), tzinfo=dt.UTC)

    def week_starts_on(self, number: int) -> dt.date:
        return self.phase.starts_on + (number - 1) * clock.WEEK

    def zone_of(self, place: Membership) -> str:
        return self.stays[place.pk].time_zone

    @property
    def first_meeting_at(self) -> dt.datetime:
        """The demo mentor's meeting: the next round five minutes at least ten minutes away."""
        late = self.at + dt.timedelta(minutes=15)
        return late.replace(minute=late.minute // 5 * 5, second=0, microsecond=0)

    @property
    def log_was_due_at(self) -> dt.datetime:
        """The cohort's weekly deadline, between one and two hours ago."""
        return (self.at - dt.timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)


def lay_out_cohort(scene: Scene, *, name: str, slug: str) -> None:
    """The cohort with the week of the demo mentor's meeting as week `scene.week`."""
    today = clock.local_date(scene.first_meeting_at, COHORT_ZONE)
    first_day = today - today.weekday() * DAY - (scene.week - 1) * clock.WEEK
    deadline = scene.log_was_due_at.astimezone(ZoneInfo(COHORT_ZONE))
    scene.phase = Phase(kind=Phase.Kind.MAIN, starts_on=first_day, ends_on=first_day + WEEKS * clock.WEEK - DAY)
    scene.cohort = Cohort.objects.create(
        name=name,
        slug=slug,
        time_zone=COHORT_ZONE,
        log_weekday=deadline.weekday(),
        log_time=deadline.time(),
        coach_label="research coach",
        coach_label_plural="research coaches",
        launched_at=scene.long_ago,
        created_at=scene.long_ago,
    )
    scene.phase.cohort, scene.phase.created_at = scene.cohort, scene.long_ago
    scene.phase.save()
    scene.sites = Site.objects.bulk_create(
        Site(cohort=scene.cohort, name=site, time_zone=zone, created_at=scene.long_ago) for site, zone in SITES
    )


def lay_out_people(scene: Scene) -> None:
    """Scholars, mentors, coaches and staff in the proportions of a real programme."""
    sizes = {
        Role.STAFF: 5,
        Role.SCHOLAR: scene.scholars,
        Role.MENTOR: max(FEWEST_MENTORS if scene.scholars >= FEWEST_FOR_ALL else 1, round(scene.scholars * 0.4)),
        Role.COACH: max(1, scene.scholars // 10),
    }
    drawn = islice(names(), scene.skip_names, scene.skip_names + sum(sizes.values()))
    people: dict[str, Person] = {}
    for role, size in sizes.items():
        made = [_person(scene, next(drawn), role, number) for number in range(size)]
        if role == Role.MENTOR and scene.scholars >= FEWEST_FOR_ALL:
            # One of staff mentors as well, as happens: cohort health then leaves their scholars' 1-1s out.
            made[-1] = scene.places[Role.STAFF][1].person
        people |= {person.email: person for person in made}
        scene.places[role] = [
            Membership(
                person=person,
                cohort=scene.cohort,
                role=role,
                accepted_at=scene.long_ago,
                first_hour_at=scene.long_ago,
                created_at=scene.long_ago,
            )
            for person in made
        ]
    Person.objects.bulk_create(people.values())
    places = [place for found in scene.places.values() for place in found]
    Membership.objects.bulk_create(places)
    agreement = Agreement.objects.create(
        cohort=scene.cohort, number=1, text=first_words(scene.cohort), created_at=scene.long_ago
    )
    AgreementTick.objects.bulk_create(
        AgreementTick(membership=place, agreement=agreement, created_at=scene.long_ago) for place in places
    )
    stays = [_stay(scene, place) for place in places]
    Stay.objects.bulk_create(stays)
    scene.stays = {stay.membership_id: stay for stay in stays}


def _address(scene: Scene, role: str, number: int, name: str) -> str:
    """The first of each role signs in by one click at the demo's own domain."""
    part = role if number == 0 else scene.parts.get((role, number))
    if part:
        return f"{part}{scene.suffix}@{scene.mailboxes}{DEMO_DOMAIN}"
    return f"{name.lower().replace(' ', '.')}@{scene.mailboxes}example.org"


def _person(scene: Scene, name: str, role: str, number: int) -> Person:
    zone = COHORT_ZONE if number == 0 else SITES[_site_of(role, number)][1]
    return Person(
        email=_address(scene, role, number, name),
        name=name,
        time_zone=zone,
        password=make_password(None),
        created_at=scene.long_ago,
    )


def _site_of(role: str, number: int) -> int:
    """The demo's named people sit in London; the others are spread over the three sites."""
    return 1 if number == 0 else (number * 7 + len(role)) % len(SITES)


def _stay(scene: Scene, place: Membership) -> Stay:
    number = scene.places[place.role].index(place)
    site = scene.sites[_site_of(place.role, number)]
    part_time = place.role == Role.SCHOLAR and number == PART_TIME
    return Stay(
        membership=place,
        phase=scene.phase,
        starts_on=scene.phase.starts_on,
        ends_on=scene.phase.ends_on,
        site=site,
        time_zone=site.time_zone,
        hours_per_week={Role.MENTOR: 4, Role.COACH: 30}.get(Role(place.role), 20 if part_time else 40),
        created_at=scene.long_ago,
    )


def lay_out_pairings(scene: Scene) -> None:
    """One mentor each, and the cases that real programmes have."""
    for number, scholar in enumerate(scene.places[Role.SCHOLAR]):
        if scene.scholars < FEWEST_FOR_ALL:
            _pair(scene, scholar, 0, slot=number)
        elif number <= max(TEAM):
            _pair(scene, scholar, 0 if number < min(TEAM) else 1, slot=number if number < min(TEAM) else 0)
        elif number == TWO_MENTORS:
            _pair(scene, scholar, 2, slot=0)
            _pair(scene, scholar, 3, slot=2, is_lead=False)
        elif number == MENTOR_LEFT:
            last = scene.week_starts_on(4) - DAY
            _pair(scene, scholar, 4, slot=1, ends_on=last, end_reason="Took a new post and left the programme.")
            _pair(scene, scholar, 5, slot=1, starts_on=last + DAY)
        elif number != NOT_PAIRED:
            mentors = len(scene.places[Role.MENTOR]) - 6
            _pair(scene, scholar, 6 + number % mentors, slot=number // mentors)
    Pairing.objects.bulk_create(scene.pairings)


def _pair(scene: Scene, scholar: Membership, mentor: int, *, slot: int, **facts: object) -> None:
    weekday, time, zone = _weekly_time(scene, mentor, slot)
    pairing = Pairing(
        cohort=scene.cohort,
        scholar=scholar,
        mentor=scene.places[Role.MENTOR][mentor],
        weekday=weekday,
        local_time=time,
        time_zone=zone,
        created_at=scene.long_ago,
        **{"starts_on": scene.phase.starts_on, "ends_on": scene.phase.ends_on, **facts},
    )
    scene.pairings.append(pairing)


def _weekly_time(scene: Scene, mentor: int, slot: int) -> tuple[int, dt.time, str]:
    """The demo mentor's first meeting begins in a moment; every other one in the mentor's working
    hours. One mentor's slots lie on different weekdays while there are five, then at other hours."""
    zone = scene.zone_of(scene.places[Role.MENTOR][mentor])
    soon = scene.first_meeting_at.astimezone(ZoneInfo(zone))
    if (mentor, slot) == (0, 0):
        # In October one hour comes twice and a wall clock means the first: the second is told in UTC.
        here = scene.first_meeting_at if soon.fold else soon
        return here.weekday(), here.time(), "UTC" if soon.fold else zone
    weekday = (soon.weekday() + slot if mentor == 0 else mentor + slot) % 5
    if mentor == 0 and weekday == soon.weekday():
        weekday = (weekday + 3) % 5
    minutes = 9 * 60 + (mentor * 50 + slot // 5 * 35) % 450
    return weekday, dt.time(minutes // 60, minutes % 60 // 5 * 5), zone


def lay_out_caseloads(scene: Scene) -> None:
    coaches = scene.places[Role.COACH]
    scene.caseloads = Caseload.objects.bulk_create(
        Caseload(
            cohort=scene.cohort,
            scholar=scholar,
            coach=coaches[number % len(coaches)],
            starts_on=scene.phase.starts_on,
            ends_on=scene.phase.ends_on,
            created_at=scene.long_ago,
        )
        for number, scholar in enumerate(scene.places[Role.SCHOLAR])
    )


def lay_out_leave(scene: Scene) -> None:
    """One scholar has been away since the Thursday of the week before and is back next Monday; the
    mentor of one who does not meet any more was away for a week."""
    if scene.scholars < FEWEST_FOR_ALL:
        return
    if scene.scholars > UNMET:
        scholar, first = scene.places[Role.SCHOLAR][UNMET], scene.week_starts_on(3)
        mentor = next(pairing.mentor for pairing in scene.pairings if pairing.scholar == scholar)
        Leave.objects.create(
            membership=mentor, starts_on=first, ends_on=first + 6 * DAY, created_at=scene.at - 40 * DAY
        )
    monday = scene.week_starts_on(scene.week)
    Leave.objects.create(
        membership=scene.places[Role.SCHOLAR][AWAY],
        starts_on=monday - 4 * DAY,
        ends_on=monday + 6 * DAY,
        created_at=scene.at - 10 * DAY,
    )
