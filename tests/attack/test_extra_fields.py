"""Whoever may not do something does not get it by sending more than is asked for."""

from __future__ import annotations

import pytest

from tests.access.outcomes import LINES
from tests.access.things import build_things
from tests.attack.filling import good_values
from tests.attack.pages import address_of, clients_of, rows, send
from tests.attack.test_every_form import forged

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

REFUSED = {"401", "403", "404"}


def test_forged_post_of_whoever_may_not_changes_nothing(cast):
    things, clients = build_things(cast), clients_of(cast, "203.0.113")
    sent = {**good_values(cast), **forged(cast), "_version": "1"}
    before, wrong = rows("forms_draft"), []
    for line in (line for line in LINES if line.method == "POST" and not line.is_of_a_visitor):
        address = address_of(line.address, line.thing, cast, things)
        for visitor in line.visitors(*REFUSED):
            if visitor in clients:
                status = str(send(clients[visitor], address, sent).status_code)
                wrong += [(address, visitor, status)] * (status != line.statuses[visitor])
    assert wrong == []
    assert rows("forms_draft") == before
