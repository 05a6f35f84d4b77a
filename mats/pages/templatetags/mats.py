"""Template words of the house; in every template without `load`."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cohorts import access
from mats import clock, text
from mats.pages import marks as week_marks
from mats.pages.demo import demo_people as people_of_the_demo
from mats.pages.frame import frame_of

register = template.Library()


@register.inclusion_tag("components/masthead.html", takes_context=True)
def masthead(context: template.Context) -> dict[str, Any]:
    """The head of every page: product, cohort, ways to go, the person."""
    request = context["request"]
    around = frame_of(request, context.get("cohort")) if request.user.is_authenticated else {}
    return {**around, "request": request, "user": request.user, "demo": settings.DEMO}


@register.simple_tag
def head_assets() -> SafeString:
    """Style sheets and scripts of every page: the same names until the server starts anew."""
    return _head_assets()


@lru_cache(maxsize=1)
def _head_assets() -> SafeString:
    return mark_safe(get_template("components/assets.html").render())  # noqa: S308 - a template of ours


@receiver(setting_changed)
def _forget_assets(**changed: Any) -> None:
    _head_assets.cache_clear()


@register.simple_tag
def demo_people() -> list[Any]:
    return people_of_the_demo() if settings.DEMO else []


# Time


def _zone_of(request: HttpRequest | None) -> str:
    return getattr(getattr(request, "user", None), "time_zone", None) or "UTC"


def _time(moment: dt.datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment.astimezone(dt.UTC).isoformat(), words)


@register.simple_tag(takes_context=True, name="when")
def when_tag(context: template.Context, moment: dt.datetime | None, other: str | None = None, date: bool = True) -> str:
    """`{% when moment %}` in the reader's zone: "Thu 11 Feb 14:00".

    With another person's zone beside it: `{% when moment other=zone %}`; `date=False` leaves the
    weekday alone.
    """
    if moment is None:
        return ""
    return _time(moment, clock.format_moment(moment, _zone_of(context.get("request")), other, date=date))


@register.filter(name="when")
def when_filter(moment: dt.datetime | None, reader: Any) -> str:
    """`{{ moment|when:person }}`; also takes the name of a zone."""
    if moment is None:
        return ""
    return _time(moment, clock.format_moment(moment, getattr(reader, "time_zone", reader), date=True))


@register.simple_tag(takes_context=True)
def from_to(context: template.Context, start: dt.datetime, end: dt.datetime, other: str | None = None) -> str:
    """`{% from_to start end %}`: "Thu 11 Feb 14:00–14:30", in the reader's zone; `other` as in `when`."""
    return _time(start, clock.format_range(start, end, _zone_of(context.get("request")), other))


@register.filter
def day(date: dt.date | None) -> str:
    """`Mon 8 Feb`"""
    return clock.format_day(date) if date else ""


@register.filter
def zone_name(zone: str) -> str:
    """A zone as people write it: "Europe/London" stays, "America/New_York" loses its line."""
    return zone.replace("_", " ")


# Text


@register.filter
def markdown(value: str) -> SafeString:
    """What somebody wrote, as safe HTML. `dir="auto"` keeps a right-to-left text from turning the page."""
    return mark_safe(f'<div class="written" dir="auto">{text.render_markdown(value or "")}</div>')  # noqa: S308 - cleaned


@register.filter
def first_lines(value: str, lines: int = 2) -> str:
    """The beginning of a text, on one line."""
    return text.first_lines(value or "", int(lines))


@register.filter
def join_words(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


@register.filter
def as_json(value: Any) -> str:
    """For an attribute that a script reads; the template escapes it like any text."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.inclusion_tag("components/readers.html")
def readers(thing: str, *relations: str) -> dict[str, Any]:
    """The line "who can read this", from the access table: `{% readers "note" "author" %}`."""
    return {"who": access.readers(thing, relations=relations or None)}


# Marks


@register.simple_tag
def mark(kind: str, state: str) -> SafeString:
    return week_marks.mark(kind, state)


@register.simple_tag
def marks(weeks: Any) -> SafeString:
    """The marks of some weeks: pairs of number and state, or a mapping from number to state."""
    return week_marks.marks(weeks.items() if hasattr(weeks, "items") else weeks)


@register.inclusion_tag("components/marks_key.html")
def marks_key(*kinds: str) -> dict[str, Any]:
    """What the marks of some kinds mean, each once."""
    return {"key": {words: glyph for kind in kinds for glyph, words in week_marks.key(kind)}}
