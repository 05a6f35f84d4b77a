"""The extension case: its moves."""

from __future__ import annotations

from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from mentorship.actions.case import move, take_case
from mentorship.cases import SEEN
from mentorship.models import ExtensionCase, State
from mentorship.models.case import MOVES, OPEN
from tests.cast import WEEK_SIX
from tests.mentorship.cases import a_case


def test_every_state_has_its_moves_and_its_words():
    assert set(MOVES) == set(SEEN) == set(State)


def _moves_in_sql(case: ExtensionCase, old: State, new: State) -> bool:
    ExtensionCase.objects.filter(pk=case.pk).delete()
    case.state = old
    case.save(force_insert=True)
    try:
        with transaction.atomic():
            return bool(ExtensionCase.objects.filter(pk=case.pk).update(state=new))
    except IntegrityError:
        return False


def test_the_database_allows_the_moves_of_the_table_and_no_other(cast):
    case = a_case(cast)
    pairs = [(old, new) for old, new in product(State, State) if old != new]
    assert [pair for pair in pairs if _moves_in_sql(case, *pair)] == [
        (old, new) for old, new in pairs if new in MOVES[old]
    ]


def test_a_move_outside_the_table_is_refused_in_words(cast):
    case = a_case(cast)
    with transaction.atomic(), pytest.raises(ValidationError, match=r"has moved on .with the mentor."):
        move(take_case(case), State.OFFERED, by=cast.staff, at=WEEK_SIX)


@pytest.mark.parametrize("state", OPEN)
def test_a_second_open_case_is_refused_by_the_database(cast, state):
    a_case(cast, state)
    with transaction.atomic(), pytest.raises(IntegrityError, match="extension_case_one_open_a_scholar"):
        a_case(cast)
