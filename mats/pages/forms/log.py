"""The weekly log, five minutes: one form for the log and for what is for the coach only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from coaching.for_my_coach import Box, read_box
from coaching.readers import for_my_coach_readers
from cohorts.access import visible
from cohorts.models import Person
from mats.clock import format_day
from mats.forms.base import KeptForm
from mats.forms.sent import as_uuid
from mats.text import LongTextField, NameField
from mentorship.actions.tick import Said
from mentorship.chances import Ahead, next_submission
from mentorship.checklist import Line, read_checklist
from mentorship.forms.chance import UNSAID, ChanceField, drawn_again, read_chance, value_of
from mentorship.models import Tick, WeeklyLog
from mentorship.rules.log import check_says_something, clean_links, next_lines
from mentorship.rules.tick import check_has_a_reason

OUTCOMES = dict(Tick.Outcome.choices)
OF_AN_ACTION = re.compile(r"(tick|why)-(.+)")


class LogForm(KeptForm):
    """Three open boxes, and folded ones. A link and two sentences are a log.

    The checklist has two fields an action: `tick-<key>`, whose value is the outcome that the form
    was drawn with and the one chosen ("carried:done"), and `why-<key>`.
    """

    form_name = "weekly-log"
    autosaves = True

    is_away = forms.BooleanField(label="Away or ill this week", required=False)
    done = LongTextField(
        label="What I did and learned", required=False, help_text="A link and two sentences are enough."
    )
    next_up = LongTextField(
        label="Next",
        required=False,
        help_text="One line each; every line becomes an action of yours. What you carry on is there already.",
    )
    stuck = LongTextField(label="Where I am stuck", required=False)
    links = LongTextField(
        label="Links",
        required=False,
        help_text="To a draft, a notebook, a figure: one address a line, beginning with http:// or https://.",
    )
    next_chance = ChanceField(label="Chance that your next milestone is in by its date")
    for_my_coach = LongTextField(label="For my coach only", required=False)
    for_whom = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, request: Any, *, about: WeeklyLog) -> None:
        self.checklist, self.box, self.ahead = self._read(request, about)
        super().__init__(request, about=about)
        self._offer_outcomes()
        self._offer_chances()
        self._name_the_readers(about)
        # Where nobody coaches there is no box, unless something was written in one already.
        if not (self.box.coach or self["for_my_coach"].value()):
            del self.fields["for_my_coach"], self.fields["for_whom"]

    def _name_the_readers(self, log: WeeklyLog) -> None:
        coach, field = self.box.coach, self.fields["for_my_coach"]
        named = reversed(for_my_coach_readers(coach=coach.name, scholar="you")) if coach else []
        who = f"only {' and '.join(named)}" if coach else "only you: nobody coaches you at the moment"
        field.label = f"For my {log.scholar.cohort.coach_label} only"
        field.help_text = format_html('<span class="readers">Who can read this: <b>{}</b></span>', who)

    def _offer_chances(self) -> None:
        """Of the next milestone; no box where there is none, unless a chance was sent."""
        field = self.fields["next_chance"]
        assert isinstance(field, ChanceField)
        if self.ahead:
            bound = self["next_chance"]
            bound.label = f"Chance that your {self.ahead.milestone} is in by {format_day(self.ahead.due_on)}"
            field.offer(self.ahead, str(bound.value() or ""))
        elif not (self.is_sent and self.data.get("next_chance")):
            del self.fields["next_chance"]

    @staticmethod
    def _read(request: Any, log: WeeklyLog) -> tuple[list[Line], Box, Ahead | None]:
        named = [found[2] for name in request.POST if (found := OF_AN_ACTION.fullmatch(name))]
        drawn = {key for name in named if (key := as_uuid(name))}
        at = request.now
        return read_checklist(log, at, drawn), read_box(log, at), next_submission(log, at)

    @classmethod
    def may_draft(cls, person: Person, about: str, at: dt.datetime) -> bool:
        pk = as_uuid(about)
        return pk is not None and visible(WeeklyLog, "log", person, at, "write").filter(pk=pk).exists()

    @classmethod
    def drafts_also(cls, name: str) -> bool:
        found = OF_AN_ACTION.fullmatch(name)
        return bool(found and as_uuid(found[2]))

    @classmethod
    def label_of(cls, name: str) -> str:
        found = OF_AN_ACTION.fullmatch(name)
        return {"tick": "Last week’s next", "why": "Why dropped"}[found[1]] if found else super().label_of(name)

    def current(self, about: WeeklyLog) -> dict[str, Any]:
        now = super().current(about) | {"for_my_coach": self.box.body, "for_whom": self.box.drawn_for}
        if self.ahead:
            now["next_chance"] = value_of(self.ahead)
        for line in self.checklist:
            now |= {line.tick_name: f"{line.outcome}:{line.outcome}", line.why_name: line.why}
        return now

    def further_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for line in self.checklist:
            found[line.tick_name] = forms.ChoiceField(label=line.what, required=False, widget=forms.RadioSelect)
            found[line.why_name] = NameField(label=f"Why dropped: {line.what}", max_length=300, required=False)
        return found

    def _offer_outcomes(self) -> None:
        """Each action has three, from the outcome its form was drawn with; that may stand otherwise by now."""
        for line in self.checklist:
            drawn = str(self[line.tick_name].value() or "").partition(":")[0]
            was = drawn if drawn in OUTCOMES else line.outcome
            field: Any = self.fields[line.tick_name]
            field.choices = [(f"{was}:{outcome}", words) for outcome, words in OUTCOMES.items()]

    def clean(self) -> dict[str, Any]:
        """The checklist as what was said of each action; and whatever is to be corrected, all at once."""
        found = super().clean() or {}
        found["ticks"], found["next_chance"] = {}, self._check(read_chance, found.get("next_chance", ""))
        self._check(next_lines, found.get("next_up", ""))
        self._check(clean_links, found.get("links", ""))
        for line in self.checklist:
            chosen, why = found.pop(line.tick_name, ""), found.pop(line.why_name, "")
            was, _, outcome = chosen.partition(":")
            if not outcome:
                continue
            said = Said(outcome, why if outcome == Tick.Outcome.DROPPED else "", was)
            found["ticks"][line.pk] = said
            if line.why_name not in self.errors:
                self._check(check_has_a_reason, line.pk, said.outcome, said.why)
        if not self.errors:
            says = {name: found[name] for name in ("done", "links", "is_away")}
            self._check(check_says_something, **says)
        return found

    def _check(self, rule: Callable[..., Any], *facts: Any, **named: Any) -> Any:
        try:
            return rule(*facts, **named)
        except ValidationError as refusal:
            self.refuse(refusal)
            return None

    def conflict(self, row: Any) -> Any:
        """Whichever of the two was saved meanwhile, the page shows both of each, as they stand now."""
        log = WeeklyLog.objects.get(pk=self.about.pk)
        self.checklist, self.box, self.ahead = self._read(self.request, log)
        for name, field in self.further_fields().items():
            self.fields.setdefault(name, field)
        for line in self.checklist:
            self._stand_beside(line)
        self._offer_outcomes()
        self._stand_beside_the_chance()
        if self.box.coach and self.data.get("for_whom", "").startswith(str(self.box.coach.pk)):
            self._redraw(for_whom=self.box.drawn_for)
        return super().conflict(log)

    def _stand_beside(self, line: Line) -> None:
        """Mine, drawn once more from what stands now; without a box for a reason that nobody gives."""
        mine = self.data.get(line.tick_name, "").partition(":")[2] or line.outcome
        self._redraw(**{line.tick_name: f"{line.outcome}:{mine}"})
        if not (line.why or self.data.get(line.why_name)):
            del self.fields[line.why_name]

    def _stand_beside_the_chance(self) -> None:
        """Mine, where it is about the same milestone; else as it stands now."""
        if "next_chance" in self.fields:
            self._redraw(next_chance=drawn_again(self.ahead, self.data.get("next_chance", "")) if self.ahead else "")
            self._offer_chances()

    # Drawing: by hand, because everybody opens this page every week.

    @property
    def hidden_inputs(self) -> SafeString:
        """The hidden fields, with the ids that a saved draft looks for."""
        fields = ((field.html_name, field.value() or "", field.id_for_label) for field in self.hidden_fields())
        return format_html_join("", '<input type="hidden" name="{}" value="{}" id="{}">', fields)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The checklist: each action with its choices and its reason, as chosen so far."""
        return [self._drawn(line, self[line.tick_name], self[line.why_name]) for line in self.checklist]

    @property
    def has_a_chance(self) -> bool:
        """Whether one is chosen."""
        return any(is_chosen and words != UNSAID for _, words, is_chosen in self.chances)

    @property
    def chances(self) -> list[tuple[str, str, bool]]:
        """What can be chosen, the chosen one marked."""
        field: Any = self.fields["next_chance"]
        chosen = self["next_chance"].value()
        return [(value, words, value == chosen) for value, words in field.choices]

    @staticmethod
    def _drawn(line: Line, tick: BoundField, why: BoundField) -> dict[str, Any]:
        field: Any = tick.field
        chosen = tick.value()
        choices = [(value, words, value == chosen) for value, words in field.choices]
        reason = {"name": line.why_name, "id": why.auto_id, "value": why.value() or "", "errors": list(why.errors)}
        return {"line": line, "name": line.tick_name, "id": tick.auto_id, "choices": choices, "why": reason}
