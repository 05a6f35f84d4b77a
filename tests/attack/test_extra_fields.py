"""Whoever may not do something does not get it by sending more than is asked for."""

from __future__ import annotations

from random import Random

import pytest

from tests.access.outcomes import LINES
from tests.access.things import build_things
from tests.attack.filling import good_values
from tests.attack.pages import address_of, clients_of, rows, send
from tests.attack.test_every_form import forged

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

REFUSED = {"401", "403", "404"}


def test_forged_post_of_whoever_may_not_changes_nothing(cast):
    """The matrix asks everybody with nothing; here two of each kind of refusal, others for each address."""
    things, clients, sample = build_things(cast), clients_of(cast, "203.0.113"), Random(6).sample
    sent = {**good_values(cast), **forged(cast), "_version": "1"}
    before, wrong = rows("forms_draft"), []
    for line in (line for line in LINES if line.method == "POST" and not line.is_of_a_visitor):
        address = address_of(line.address, line.thing, cast, things)
        for refusal in REFUSED:
            refused = [visitor for visitor in line.visitors(refusal) if visitor in clients]
            for visitor in sample(refused, min(2, len(refused))):
                status = str(send(clients[visitor], address, sent).status_code)
                wrong += [(address, visitor, status)] * (status != refusal)
    assert wrong == []
    assert rows("forms_draft") == before
