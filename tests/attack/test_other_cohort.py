"""Every key replaced by one of another cohort: nothing is there, nothing is taken."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.access.test_matrix import normalised
from tests.access.things import arguments, build_things
from tests.attack.pages import OPEN, address_of, clients_of, rows, send
from tests.attack.worlds import build_elsewhere, keys_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

OF_THE_FIRST = ["scholar", "mentor", "coach", "staff", "both"]
# The link of an invitation says whose it is to whoever holds it, from whichever cohort they are.
ADDRESSES = [(name, thing) for name, thing in OPEN if thing not in {"-", "kind", "join"}]
NOTHING_SENT_OUT = {"GET": {404, 405}, "POST": {404}}


@pytest.fixture
def there(cast) -> Cast:
    return build_elsewhere(cast)


def clients(cast: Cast) -> dict[str, Client]:
    found = clients_of(cast, "203.0.113")
    return {name: found[name] for name in OF_THE_FIRST}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_thing_of_another_cohort_is_not_there(cast, there, method):
    things, wrong = build_things(there), []
    visitors = clients(cast)
    nonsense = {name: send(client, "/nonsense/", method=method).content for name, client in visitors.items()}
    before = rows()
    for name, thing in ADDRESSES:
        address = address_of(name, thing if arguments(thing, there, things) else "cohort", there, things)
        for visitor, client in visitors.items():
            answer = send(client, address, method=method)
            if answer.status_code not in NOTHING_SENT_OUT[method]:
                wrong.append((name, visitor, answer.status_code))
            elif answer.status_code == 404 and normalised(answer.content) != normalised(nonsense[visitor]):
                wrong.append((name, visitor, "not like nonsense"))
    assert wrong == []
    assert rows() == before


def test_draft_for_another_cohort_is_not_kept(cast, there):
    things = build_things(there)
    for name, client in clients(cast).items():
        for form in ("weekly-log", "meeting-notes", "note", "note-change"):
            for key in [*keys_of(there), str(things.working.pk), str(things.shared.pk)]:
                assert client.post("/drafts/", {"_form": form, "_about": key, "body": "x"}).status_code == 404, (
                    name,
                    form,
                )
