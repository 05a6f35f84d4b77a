"""One link pressed by two browsers at the same moment: real threads, real transactions."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction
from django.test import Client

from cohorts.actions.invitation import change_address
from cohorts.actions.membership import add_person
from cohorts.models import Invitation, Membership
from tests.cast import WEEK_SIX, build_cast
from tests.cohorts.joining import IS_IN, an_invited, link_of, standing

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])


def test_link_pressed_by_two_lets_one_in(week_six):
    with transaction.atomic():
        row = an_invited(build_cast())
    link, together, answers = link_of(row), threading.Barrier(2), []

    def press() -> None:
        browser = Client(raise_request_exception=False)
        together.wait()
        try:
            answers.append((browser.post(link), "_auth_user_id" in browser.session))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = sorted((answer.status_code, is_in) for answer, is_in in answers)
    assert told in ([(302, True), (409, False)], [(302, True), (404, False)])
    late = [answer for answer, is_in in answers if not is_in]
    assert all(answer.status_code == 404 or b"accepted already" in answer.content for answer in late)
    assert (standing(row), Membership.objects.filter(person=row.membership.person).count()) == (IS_IN, 1)
    assert row.membership.events.filter(accepted_at__isnull=False).count() == 1


def test_address_is_corrected_or_invited_elsewhere_and_never_both(week_six):
    """Staff of one cohort who correct an address never come by a place that another cohort gives meanwhile."""
    with transaction.atomic():
        cast = build_cast()
        row = an_invited(cast)
    facts = {"name": "Ida", "role": "mentor", "time_zone": "UTC", "email": row.email}
    correct = {"invitation": row, "version": row.version, "email": "other@example.org", "reason": "A typo."}
    acts = [
        lambda: change_address(by=cast.staff, at=WEEK_SIX, **correct),
        lambda: add_person(cohort=cast.other_cohort, by=cast.staff_elsewhere, at=WEEK_SIX, **facts),
    ]
    together = threading.Barrier(2)

    def act(one) -> None:
        together.wait()
        try:
            one()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=[one]) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    places = Membership.objects.filter(role="mentor", cohort=cast.other_cohort)
    assert [place.person.email for place in places] == [row.email]
    assert [one.email for one in Invitation.objects.filter(membership__in=places)] == [row.email]
