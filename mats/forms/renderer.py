"""Django's own form templates, but for the plainest: those are joined in Python.

A zone's field has some six hundred options. Rendered by a template each, they took longer than the
rest of the page ten times over. And a page with several forms has some dozens of hidden inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class Renderer(DjangoTemplates):
    """As `FORM_RENDERER`: every select, input and textarea of every form."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if join := JOINED.get(template_name):
            return join(context["widget"])
        return super().render(template_name, context, request)


def input_box(widget: dict[str, Any]) -> SafeString:
    """An `<input>` from the context of Django's widget; what Django's template says."""
    value = format_html(' value="{}"', str(widget["value"])) if widget["value"] is not None else ""
    attributes = _attributes(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes)


def textarea(widget: dict[str, Any]) -> SafeString:
    """A `<textarea>`; the line break after its tag is none of the text."""
    attributes = _attributes(widget["attrs"])
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes, widget["value"] or "")


def select(widget: dict[str, Any]) -> SafeString:
    """A `<select>` from the context of Django's widget; what Django's template says, without its blank lines."""
    options = widget["joined"] if "joined" in widget else select_options(widget["optgroups"])
    return format_html('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), options)


def select_options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int | None]]) -> SafeString:
    """The options of a select, from what Django's widget calls its optgroups."""
    return _joined(_group(name, options) for name, options, _ in groups)


def _group(name: str | None, options: Iterable[dict[str, Any]]) -> SafeString:
    lines = _joined(
        format_html('<option value="{}"{}>{}</option>', one["value"], _attributes(one["attrs"]), one["label"])
        for one in options
    )
    return format_html('<optgroup label="{}">{}</optgroup>', name, lines) if name else lines


def _attributes(attributes: dict[str, Any]) -> SafeString:
    """True stands alone, False is left out, anything else is a value."""
    return _joined(
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
        for name, value in attributes.items()
        if value is not False
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped where it was made


WIDGETS = "django/forms/widgets/{}.html"
INPUTS = ("input", "hidden", "text", "number", "email", "url", "password", "date", "time", "checkbox", "file")
JOINED: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    WIDGETS.format("select"): select,
    WIDGETS.format("textarea"): textarea,
    **{WIDGETS.format(kind): input_box for kind in INPUTS},
}
