"""A day, from and until: wall-clock times as people type them, turned into moments."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from mats import clock
from mats.forms.base import KeptForm
from mats.forms.fields import DayField


class TimeField(forms.TimeField):
    """A time of the day, in the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=["%H:%M"], **options)


class WallTimesForm(KeptForm):
    """From when until when, on the wall of whoever sends it: `starts_at` and `ends_at` once it is valid.

    Subclasses say around which day it lies, how far off a day may be to be worked out at all, how
    long it may last and, where `ends` may be left empty, how long it then lasts.
    """

    far: ClassVar[dt.timedelta] = dt.timedelta(days=30)
    far_words: ClassVar[str] = "This day is far off."

    day = DayField(label="Day")
    starts = TimeField(label="From")
    ends = TimeField(label="Until")

    def around(self) -> dt.date:
        """Further off than `far` from this day there is nothing to work out: not whether the clock
        jumps, not even whether a next day exists."""
        raise NotImplementedError

    def check_length(self, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
        """Raise in words where it is too long, or no time at all."""
        raise NotImplementedError

    def usual_end(self, starts_at: dt.datetime) -> dt.datetime | None:
        """The end of one whose end was left empty."""
        return None

    @property
    def times(self) -> dict[str, dt.datetime]:
        """What an action takes."""
        return {"starts_at": self.cleaned_data["starts_at"], "ends_at": self.cleaned_data["ends_at"]}

    def clean(self) -> dict[str, Any]:
        """Turn wall-clock times into moments; an end before its start is on the next day."""
        found = super().clean() or {}
        if not {"day", "starts", "ends"} <= found.keys():
            return found
        if abs(found["day"] - self.around()) > self.far:
            self.add_error("day", self.far_words)
            return found
        found["starts_at"] = self._moment("starts", found["day"])
        found["ends_at"] = self._end(found) if found["starts_at"] else None
        if found["starts_at"] and found["ends_at"]:
            try:
                self.check_length(found["starts_at"], found["ends_at"])
            except ValidationError as refusal:
                self.add_error("ends", refusal)
        return found

    def _end(self, found: dict[str, Any]) -> dt.datetime | None:
        if found["ends"] is None:
            return self.usual_end(found["starts_at"])
        later = found["day"] + clock.DAY if found["ends"] < found["starts"] else found["day"]
        return self._moment("ends", later)

    def _moment(self, name: str, day: dt.date) -> dt.datetime | None:
        """The moment of one of the times; a time that the clock jumps over that night is refused."""
        zone = self.request.user.time_zone
        wall = clock.at_wall_clock(day, self.cleaned_data[name], zone)
        if wall.note == "skipped":
            jumps_to = clock.format_time(wall.at, zone)
            self.add_error(name, f"There is no such time on {clock.format_day(day)}: the clock jumps to {jumps_to}.")
            return None
        return wall.at
