"""One link pressed by two browsers at the same moment: real threads, real transactions."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction
from django.test import Client

from cohorts.models import Membership
from tests.cast import build_cast
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
