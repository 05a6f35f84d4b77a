"""The chance of a milestone, as a form asks for it."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError

from mats.forms.sent import as_uuid
from mentorship.actions.chance import SaidChance
from mentorship.chances import Ahead, percent_in_words
from mentorship.models.chance import PERCENTS
from mentorship.rules.chance import NOT_A_CHANCE, chance_is_possible

UNSAID = "—"
CHOICE = re.compile(r"([^:]*):([0-9]{0,3}):([0-9]{0,3})")


class ChanceField(forms.ChoiceField):
    """One of nine, or none. A value names the submission, the percent that the form was drawn with,
    and the one chosen: "<key>:80:60". So a choice is never taken for one about another milestone."""

    def __init__(self, **options: object) -> None:
        super().__init__(choices=[("", UNSAID)], required=False, **options)  # type: ignore[arg-type]

    def valid_value(self, value: str) -> bool:
        return True  # the rules judge it, in words

    def offer(self, submission: Ahead, drawn: str) -> None:
        """The choices there are; `drawn` is the value that stands in the form. What stood there when
        it was drawn stays part of them: it may be another one by now."""
        about, was, _ = _parts(drawn) or ("", "", "")
        was = was if about == str(submission.pk) else _digits(submission.percent)
        self.choices = [
            (f"{submission.pk}:{was}:{_digits(percent)}", percent_in_words(percent) if percent else UNSAID)
            for percent in (None, *PERCENTS)
        ]


def value_of(submission: Ahead) -> str:
    """The value of a form that is drawn from what stands."""
    return f"{submission.pk}:{_digits(submission.percent)}:{_digits(submission.percent)}"


def drawn_again(submission: Ahead, sent: str) -> str:
    """What was sent, as a form has it that is drawn from what stands now; of another milestone, nothing."""
    about, _, chosen = _parts(sent) or ("", "", "")
    if about != str(submission.pk):
        return value_of(submission)
    return f"{submission.pk}:{_digits(submission.percent)}:{chosen}"


def _digits(percent: int | None) -> str:
    return "" if percent is None else str(percent)


def _parts(value: str) -> tuple[str, str, str] | None:
    found = CHOICE.fullmatch(value)
    return (found[1], found[2], found[3]) if found else None


def read_chance(value: str) -> SaidChance | None:
    """What a value of the field says; raises in words where it is none."""
    if not value:
        return None
    parts = _parts(value)
    submission = as_uuid(parts[0]) if parts else None
    if parts is None or submission is None:
        raise ValidationError({"next_chance": NOT_A_CHANCE})
    was, percent = (int(digits) if digits else None for digits in parts[1:])
    chance_is_possible(percent)
    return SaidChance(submission, percent, was)
