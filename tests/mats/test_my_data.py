"""What is held about a person, and by name who can see it."""

from __future__ import annotations

import pytest

from cohorts.access import condition
from cohorts.held import model_at, rows, shown
from mats.identity.transaction import acting
from mats.pages.own_data.reading import read_own_data
from tests.access.visitors import client_of
from tests.cast import WEEK_SIX, a_log, a_pairing
from tests.mats.own_data import whole
from tests.mentorship.counting import questions

pytestmark = pytest.mark.django_db(databases=["default", "outside"])
CAST = [
    "other_scholar", "mentor", "other_mentor", "coach", "other_coach", "staff", "staff_elsewhere",
    "mentor_and_coach", "stranger",
]  # fmt: skip


def truth(cast, kind, reader) -> bool:
    """Whether somebody can read any of the scholar's rows of a kind, through both walls."""
    with acting(cast.scholar, WEEK_SIX):
        keys = list(rows(kind, cast.scholar, WEEK_SIX).values_list("pk", flat=True))
    found = kind.model._default_manager.filter(pk__in=keys)
    allowed = condition(reader, "read", kind.thing, WEEK_SIX)
    if kind.path:
        things = model_at(kind.model, kind.path)._default_manager.filter(allowed)
        found = found.filter(**{f"{kind.path}__in": things.values("pk")})
    else:
        found = found.filter(allowed)
    with acting(reader, WEEK_SIX):
        return found.exists()


def test_page_names_everybody_who_can_see_a_kind_and_nobody_else(cast):
    whole(cast)
    with acting(cast.scholar, WEEK_SIX):
        lines = {line.words: line for line in read_own_data(cast.scholar, WEEK_SIX).lines}
    told, known = {}, {}
    for kind in shown():
        line = lines.get(kind.words)
        if line is None or not kind.thing or any("everyone" in one for one in line.readers):
            continue
        told[kind.name] = {who for who in CAST if any(getattr(cast, who).name in one for one in line.readers)}
        known[kind.name] = {who for who in CAST if truth(cast, kind, getattr(cast, who))}
    assert told == known
    assert told["for-my-coach"] == {"coach"}
    assert told["weekly-logs"] == {"mentor", "coach", "staff"}
    assert len(told) > 15


def test_coach_who_mentors_the_scholar_too_is_not_named_with_coaching(cast):
    whole(cast)
    cast.caseload.coach = cast.place["both_as_coach"]
    cast.caseload.save()
    a_pairing(cast.place["scholar"], cast.place["both_as_mentor"], is_lead=False)
    page = client_of(cast.scholar).get("/me/data/").content.decode()
    row = page[page.index("Written for a coach only") :]
    assert "Bo Both" not in row[: row.index("</tr>")]
    row = page[page.index("Weekly logs") :]
    assert "Bo Both (mentor, coach)" in row[: row.index("</tr>")]


def test_page_asks_the_same_however_much_is_held(cast):
    client = client_of(cast.scholar)
    client.get("/me/data/")
    few = questions(client, "/me/data/")
    whole(cast)
    for number in range(1, 5):
        a_log(cast.place["scholar"], number, done="Read.")
    assert (questions(client, "/me/data/"), few <= 12) == (few, True)


def test_stranger_has_a_page_too(cast):
    page = client_of(cast.stranger).get("/me/data/").content.decode()
    assert "Your account" in page


def test_profile_leads_to_the_page(cast):
    assert b'href="/me/data/"' in client_of(cast.scholar).get("/me/").content
