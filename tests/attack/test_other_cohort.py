"""Every key replaced by one of another cohort: nothing is there, nothing is taken."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.access.test_matrix import normalised
from tests.access.things import arguments, build_things
from tests.access.visitors import VISITORS
from tests.attack.filling import UUID, filled
from tests.attack.pages import OPEN, address_of, clients_of, every_form, rows
from tests.attack.worlds import build_elsewhere
from tests.cast import Cast

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

OF_THE_FIRST = [name for name in VISITORS if name not in {"out", "disabled", "elsewhere"}]
# The link of an invitation says whose it is to whoever holds it, from whichever cohort they are.
ADDRESSES = [(name, thing) for name, thing in OPEN if thing not in {"-", "kind", "join"}]
NOTHING_SENT_OUT = {"GET": {404, 405}, "POST": {404}}


@pytest.fixture
def there(cast) -> Cast:
    return build_elsewhere(cast)


def keys_of(there: Cast) -> list[str]:
    """One of each kind; of places one for each role."""
    places = [there.place[part] for part in ("scholar", "mentor", "coach")]
    rows_there = [*places, there.log, there.meeting, there.cohort.sites.get(), there.cohort.main_phase]
    return [str(row.pk) for row in rows_there]


def clients(cast: Cast) -> dict[str, Client]:
    found = clients_of(cast, "203.0.113")
    return {name: found[name] for name in OF_THE_FIRST}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_thing_of_another_cohort_is_not_there(cast, there, method):
    things, wrong = build_things(there), []
    visitors = clients(cast)
    ask = {name: getattr(client, method.lower()) for name, client in visitors.items()}
    nonsense = {name: normalised(one("/nonsense/").content) for name, one in ask.items()}
    before = rows()
    for name, thing in ADDRESSES:
        address = address_of(name, thing if arguments(thing, there, things) else "cohort", there, things)
        for visitor in visitors:
            answer = ask[visitor](address)
            if answer.status_code not in NOTHING_SENT_OUT[method]:
                wrong.append((name, visitor, answer.status_code))
            elif answer.status_code == 404 and normalised(answer.content) != nonsense[visitor]:
                wrong.append((name, visitor, "not like nonsense"))
    assert wrong == []
    assert rows() == before


def test_key_of_another_cohort_in_a_form_is_refused(cast, there):
    """Wherever a key is chosen or carried along."""
    forms, foreign, wrong, tried = list(every_form(cast)), keys_of(there), [], 0
    before = rows("forms_draft")
    for client, form in forms:
        sent = filled(form, cast)
        for name in [name for name in form.typed if UUID.fullmatch(sent[name])]:
            for key in foreign:
                answer = client.post(form.action, {**sent, name: key})
                tried += 1
                if answer.status_code != 422:
                    wrong.append((form.action, name, answer.status_code))
    assert (wrong, tried > 50) == ([], True)
    assert rows("forms_draft") == before


def test_carried_along_key_of_another_cohort_touches_nothing_there(cast, there):
    """Hidden keys name drafts and places; whatever they say, nothing of the other cohort moves."""
    forms, foreign = list(every_form(cast)), keys_of(there)

    def about() -> dict[str, list[str]]:
        return {table: [one for one in lines if any(key in one for key in foreign)] for table, lines in rows().items()}

    before = about()
    for client, form in forms:
        for key in foreign[:2]:
            hidden = dict.fromkeys(["_place", "_about", "about", "place", "scholar_id", "cohort"], key)
            assert client.post(form.action, {**form.fields, **hidden}).status_code < 500
    assert about() == before


def test_draft_for_another_cohort_is_not_kept(cast, there):
    things = build_things(there)
    for name, client in clients(cast).items():
        for form in ("weekly-log", "meeting-notes", "note", "note-change"):
            for key in [*keys_of(there), str(things.working.pk), str(things.shared.pk)]:
                assert client.post("/drafts/", {"_form": form, "_about": key, "body": "x"}).status_code == 404, (
                    name,
                    form,
                )
