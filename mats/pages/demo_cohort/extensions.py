"""The demo's extension cases: one of each kind while the window is open, and a cohort that has extended.

Everything is done by the product's own acts, at moments gone by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from cohorts.actions.duty import give_duty
from cohorts.actions.phase import add_term
from cohorts.models import Duty, Role
from mats import clock
from mats.pages.demo_cohort import wishes
from mats.pages.demo_cohort.people import DEMO, TWO_MENTORS, Scene
from mats.post.models import Message
from mentorship.actions.application import accept, appeal_refusal, apply_for_extension, decline
from mentorship.actions.approval import give_approval, name_approver
from mentorship.actions.decision import confirm, give_opinion, propose
from mentorship.actions.letter import release_letters, say_talked
from mentorship.actions.sheet import TermMentor, agree, change_sheet, share_sheet
from mentorship.models import Approval, Decision, DecisionLetter, ExtensionCase, SheetMentor, TermSheet

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
COMMITTEE, DUTY_LEAD = (0, 1, 2, 3), 4  # which of staff; the second of them mentors as well
PLACES = 12


def set_up(scene: Scene) -> None:
    """Both terms, and who decides, from the beginning."""
    staff = scene.places[Role.STAFF]
    for total in (6, 12):
        add_term(cohort=scene.cohort, by=staff[0].person, at=scene.long_ago, total_months=total)
    duties = [(number, Duty.Kind.COMMITTEE) for number in COMMITTEE] + [(DUTY_LEAD, Duty.Kind.DUTY_LEAD)]
    for number, kind in duties:
        give_duty(
            membership=staff[number], kind=kind, by=staff[0].person, at=scene.long_ago, reason="Agreed in the team."
        )


def _nth(texts: tuple[str, ...], number: int) -> str:
    return texts[number % len(texts)]


class Acts:
    """The acts of a case, each so many days before the moment of the scene (`ago`)."""

    def __init__(self, scene: Scene, ago: Callable[[float], dt.datetime]) -> None:
        self.scene, self.ago = scene, ago
        self.staff = [place.person for place in scene.places[Role.STAFF]]

    def apply(self, number: int, days: float, total: int = 6) -> ExtensionCase:
        scholar = self.scene.places[Role.SCHOLAR][number]
        texts = {"plan": _nth(wishes.PLANS, number), "if_refused": _nth(wishes.IF_REFUSED, number)}
        return apply_for_extension(scholar=scholar, by=scholar.person, at=self.ago(days), total_months=total, **texts)

    def answer(self, case: ExtensionCase, days: float, answer: str = "yes", *, lead: bool = True) -> None:
        row = Approval.objects.get(case=case, is_lead=lead, archived_at=None)
        number = self.scene.places[Role.SCHOLAR].index(case.scholar)
        said = {
            "seen_done": wishes.SEEN_LITTLE if answer == "no" else _nth(wishes.SEEN_DONE, number),
            "months_for": "" if answer == "no" else _nth(wishes.MONTHS_FOR, number),
            "for_committee": wishes.FOR_COMMITTEE if answer == "yes" else wishes.DOUBTS,
            "can_mentor": "yes" if answer == "yes" else "no",
        }
        said_by = {"approval": row, "by": row.mentor.person, "at": self.ago(days), "version": row.version}
        give_approval(**said_by, answer=answer, **said)  # type: ignore[arg-type]

    def opine(self, case: ExtensionCase, days: float, who: int, band: str) -> None:
        give_opinion(case=case, by=self.staff[who], at=self.ago(days), band=band, reasons=wishes.OPINIONS[band])

    def propose(self, case: ExtensionCase, days: float, who: int, outcome: str = "grant", **said: object) -> Decision:
        reasons = {"grant": wishes.GRANTED, "waitlist": wishes.TO_WAIT, "refuse": wishes.REFUSED, "more": wishes.ASKED}
        facts = {
            "reason": reasons[outcome],
            "total_months": case.total_months if outcome == "grant" else None,
            "would_change": wishes.WOULD_CHANGE if outcome == "refuse" else "",
            **said,
        }
        return propose(case=case, by=self.staff[who], at=self.ago(days), outcome=outcome, **facts)  # type: ignore[arg-type]

    def decide(self, case: ExtensionCase, days: float, outcome: str = "grant", **said: object) -> None:
        """By opinions: both who decide have written theirs, and the second confirms at once."""
        band = {"grant": "yes", "waitlist": "if_room", "refuse": "not_now", "more": "if_room"}[outcome]
        self.opine(case, days + 0.5, 2, band)
        self.opine(case, days + 0.4, 3, "if_room" if outcome == "waitlist" else band)
        proposal = self.propose(case, days + 0.2, 2, outcome, **said)
        confirm(decision=proposal, by=self.staff[3], at=self.ago(days))

    def agree_on(self, case: ExtensionCase, days: float) -> None:
        """By the agreed list: confirmed once its 48 hours are over."""
        proposal = self.propose(case, days + 2.1, 0)
        confirm(decision=proposal, by=self.staff[2], at=self.ago(days))

    def release(self, case: ExtensionCase, days: float) -> None:
        letter = DecisionLetter.objects.select_related("case").get(case=case, released_at=None, archived_at=None)
        if letter.outcome == "refuse":
            say_talked(letter=letter, by=self.staff[2], at=self.ago(days + 0.1), version=letter.version)
            letter.refresh_from_db()
        release_letters(letters=[letter], by=self.staff[2], at=self.ago(days))

    def accept(self, case: ExtensionCase, days: float) -> TermSheet:
        accept(case=case, by=case.scholar.person, at=self.ago(days))
        return TermSheet.objects.get(case=case)

    def begin(self, sheet: TermSheet, days: float) -> None:
        """Shared by staff, agreed by both: the term is set."""
        sheet.refresh_from_db()
        if sheet.shared_at is None:
            share_sheet(sheet=sheet, by=self.staff[0], at=self.ago(days + 1), version=sheet.version)
            sheet.refresh_from_db()
        lead = SheetMentor.objects.get(sheet=sheet, is_lead=True, archived_at=None).mentor.person
        agree(sheet=sheet, by=lead, at=self.ago(days + 0.5), version=sheet.version)
        agree(sheet=sheet, by=sheet.case.scholar.person, at=self.ago(days), version=sheet.version)


# --- while the window is open -----------------------------------------------------------------------

# Which scholar is which case; the demo's own scholar has not applied yet.
OWED, NOT_SURE, DISAGREED, NAMED, SUDDEN_NO, WARNED_NO = 1, 2, TWO_MENTORS, 18, 22, 11
CLEAR, ON_THE_LIST, RIPE, DRAFTS, REFUSAL = 12, 15, (16, 19), (20, 24), 23
WAITLISTED, CONDITION, SITE_CHANGE, MORE, APPEALED, OFFERED = 21, 25, 26, 27, 28, 8
FEWEST = 30


def open_cases(scene: Scene) -> None:
    """One of each: clear, contested, another approver, a site changed, waitlisted, a condition that lapses, a
    sudden no; and everything on the way."""
    acts = Acts(scene, lambda days: scene.at - days * DAY)
    _with_the_mentors(acts)
    _with_the_committee(acts)
    _answered(acts)
    settle_messages(scene)


def _with_the_mentors(acts: Acts) -> None:
    acts.apply(OWED, 2)
    acts.answer(acts.apply(NOT_SURE, 3), 1, "not_sure")
    case = acts.apply(NAMED, 4)
    another = acts.scene.places[Role.MENTOR][4]
    name_approver(case=case, mentor=another, why=wishes.NAMED_WHY, by=acts.staff[0], at=acts.ago(3))


def _with_the_committee(acts: Acts) -> None:
    acts.answer(acts.apply(CLEAR, 6), 3)
    listed = acts.apply(ON_THE_LIST, 6)
    acts.answer(listed, 4)
    acts.propose(listed, 1, 0)
    for number in RIPE:
        case = acts.apply(number, 8, 12 if number == RIPE[0] else 6)
        acts.answer(case, 6)
        acts.propose(case, 3, 0)
    case = acts.apply(DISAGREED, 7)
    acts.answer(case, 5)
    acts.answer(case, 4, "no", lead=False)
    acts.opine(case, 2, 2, "if_room")
    case = acts.apply(SUDDEN_NO, 5)
    acts.answer(case, 2, "no")
    case = acts.apply(WARNED_NO, 6)
    acts.answer(case, 3, "no")
    acts.opine(case, 1, 3, "not_now")
    case = acts.apply(MORE, 7)
    acts.answer(case, 5)
    acts.decide(case, 1, "more")


def _answered(acts: Acts) -> None:
    for number in DRAFTS:
        case = acts.apply(number, 9)
        acts.answer(case, 7)
        acts.agree_on(case, 1)
    case = acts.apply(REFUSAL, 9)
    acts.answer(case, 7, "no")
    acts.decide(case, 2, "refuse")
    case = acts.apply(WAITLISTED, 10)
    acts.answer(case, 8)
    acts.decide(case, 4, "waitlist")
    acts.release(case, 3)
    case = acts.apply(APPEALED, 12)
    acts.answer(case, 10, "no")
    acts.decide(case, 6, "refuse")
    acts.release(case, 5)
    appeal_refusal(case=case, by=case.scholar.person, at=acts.ago(1), appeal=wishes.APPEAL)
    case = acts.apply(OFFERED, 10)
    acts.answer(case, 8)
    acts.decide(case, 3)
    acts.release(case, 2)
    _condition(acts)
    _site_change(acts)


def _condition(acts: Acts) -> None:
    """The visa did not come by its day: somebody has to let the grant lapse."""
    day = clock.local_date(acts.ago(1), acts.scene.cohort.time_zone)
    case = acts.apply(CONDITION, 12, 12)
    acts.answer(case, 10)
    acts.decide(case, 7, conditions="A visa for the longer stay.", conditions_by=day)
    acts.release(case, 6)
    acts.accept(case, 5)


def _site_change(acts: Acts) -> None:
    """Accepted; the sheet says another site, and waits for both presses."""
    case = acts.apply(SITE_CHANGE, 12)
    acts.answer(case, 10)
    acts.decide(case, 7)
    acts.release(case, 6)
    sheet = acts.accept(case, 4)
    site = next(site for site in acts.scene.sites if site.pk != sheet.site_id)
    rows = SheetMentor.objects.filter(sheet=sheet, archived_at=None).select_related("mentor__person")
    change_sheet(
        sheet=sheet, by=acts.staff[0], at=acts.ago(3), version=sheet.version, starts_on=sheet.starts_on,
        ends_on=sheet.ends_on, site=site, time_zone=site.time_zone, hours_per_week=sheet.hours_per_week,
        coach=sheet.coach, weeks_per_log=2, money="As until now; 200 GPU hours a month.",
        mentors=[TermMentor(row.mentor, row.weekday, row.local_time, row.time_zone) for row in rows],
    )  # fmt: skip
    sheet.refresh_from_db()
    share_sheet(sheet=sheet, by=acts.staff[0], at=acts.ago(2), version=sheet.version)


# --- a cohort that has extended ---------------------------------------------------------------------

EXTENDED, TWELVE, SAID_NO, NOT_GRANTED = (DEMO, 1, 3, 6, 12, 15), 8, 13, 11


def extend(scene: Scene) -> None:
    """In weeks 8 to 12 some applied, were granted, agreed on their sheets, and everything moved."""
    first = dt.datetime.combine(scene.week_starts_on(12), dt.time(10), tzinfo=dt.UTC)
    acts = Acts(scene, lambda days: first - days * DAY)
    for number in (*EXTENDED, TWELVE):
        case = acts.apply(number, 24, 12 if number == TWELVE else 6)
        acts.answer(case, 22)
        if number == TWO_MENTORS:
            acts.answer(case, 21, lead=False)
        acts.decide(case, 18)
        acts.release(case, 16)
        acts.begin(acts.accept(case, 14), 8 - number / 4)
    case = acts.apply(SAID_NO, 23)
    acts.answer(case, 21)
    acts.decide(case, 17)
    acts.release(case, 15)
    decline(case=case, by=case.scholar.person, at=acts.ago(12), words="I start a post in May.")
    case = acts.apply(NOT_GRANTED, 23)
    acts.answer(case, 20, "no")
    acts.decide(case, 17, "refuse")
    acts.release(case, 15)
    settle_messages(scene)


def settle_messages(scene: Scene) -> None:
    """What these acts had to say went out when they were done, and is not sent again now."""
    waiting = Message.objects.filter(cohort=scene.cohort, sent_at=None, dropped_at=None, given_up_at=None)
    for message in waiting:
        message.intended_at = message.sent_at = message.moment + 40 * dt.timedelta(seconds=1)
        message.attempts = 1
    Message.objects.bulk_update(waiting, ["intended_at", "sent_at", "attempts"], batch_size=200)
