"""Text that people send and read: one cleaning field, addresses, Markdown, cells of a CSV.

NUL, other control characters and lone surrogates are refused with their line named: dropping them
would change what somebody wrote. Text of which nothing can be seen counts as empty. Bidirectional
overrides are refused in names, where they forge; in long text they stay, and pages isolate it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import nh3
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

LONG_TEXT = 20_000
QUERY_LENGTH = 200

BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
NEWLINE = re.compile("\r\n?|\u2028|\u2029")
# Letters, marks, numbers, punctuation and symbols are seen; Hangul fillers and the blank Braille
# cell are letters and symbols by category and show nothing.
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def is_visible(value: str) -> bool:
    """Whether anything of the text can be seen."""
    return any(
        unicodedata.category(char)[0] in "LNPS" and char not in INVISIBLE_LETTERS for char in value if not char.isspace()
    )


def _name_of(char: str) -> str:
    if char == "\x00":
        return "NUL"
    return "half of a character" if "\ud800" <= char <= "\udfff" else f"control character U+{ord(char):04X}"


def clean_text(value: str, *, multiline: bool = False, max_length: int = LONG_TEXT) -> str:
    """The text as it is stored: NFC, one kind of newline, trimmed; raises ValidationError in words."""
    if len(value) > max_length * 4 + 1000:
        raise ValidationError(too_long(len(value), max_length), code="max_length")
    value = NEWLINE.sub("\n", value)
    if not multiline and "\n" in value.strip():
        raise ValidationError("This goes on one line.", code="newline")
    if found := CONTROL.search(value):
        line = value.count("\n", 0, found.start()) + 1
        where = f" in line {line}" if multiline else ""
        raise ValidationError(f"There is a {_name_of(found.group())}{where}; take it out.", code="control")
    if not multiline and BIDI.search(value):
        raise ValidationError("There is an invisible direction mark in this; take it out.", code="bidi")
    value = unicodedata.normalize("NFC", value).strip()
    if len(value) > max_length:
        raise ValidationError(too_long(len(value), max_length), code="max_length")
    return value if is_visible(value) else ""


def too_long(length: int, max_length: int) -> str:
    return f"This is {length:,} characters long; at most {max_length:,} can be kept here."


class TextField(forms.CharField):
    """The one field for text; everything a person types passes through it."""

    multiline = False

    def __init__(self, *, max_length: int = 200, **options: Any) -> None:
        self.limit = max_length
        super().__init__(strip=False, **options)
        # Django would refuse NUL with words of its own, before ours that name the place.
        self.validators = [check for check in self.validators if type(check).__name__ != "ProhibitNullCharactersValidator"]

    def to_python(self, value: Any) -> str:
        value = super().to_python(value) or ""
        return clean_text(value, multiline=self.multiline, max_length=self.limit) if value else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "maxlength": str(self.limit)}


class NameField(TextField):
    """One line: a name, a title, a reason."""


class LongTextField(TextField):
    """Several lines, Markdown as a rule."""

    multiline = True
    widget = forms.Textarea

    def __init__(self, *, max_length: int = LONG_TEXT, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # A browser that cuts a pasted text off at `maxlength` loses the rest without a word.
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"} | {"rows": 5}


class EmailField(TextField):
    """An address, normalised."""

    widget = forms.EmailInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)

    def to_python(self, value: Any) -> str:
        value = super().to_python(value)
        return normalise_email(value) if value else ""


def normalise_email(value: str) -> str:
    """One spelling per address: any case and full-width letters are the same; raises ValidationError."""
    address = clean_text(unicodedata.normalize("NFKC", clean_text(value, max_length=254)).casefold(), max_length=254)
    validate_email(address)
    return address


def clean_query(value: str) -> str:
    """A word to search for: what cannot be searched is dropped, the rest capped."""
    return CONTROL.sub("", NEWLINE.sub(" ", value))[:QUERY_LENGTH].strip()


_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"]).disable("image")
TAGS = frozenset(
    "p br hr em strong s code pre blockquote ul ol li a h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split()
)


def render_markdown(text: str) -> SafeString:
    """HTML from Markdown: rendered, then only listed tags and http, https and mailto links remain."""
    html = nh3.clean(
        _markdown.render(text),
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return mark_safe(html)  # noqa: S308  (nh3 has just cleaned it)


def first_lines(text: str, lines: int = 2, characters: int = 160) -> str:
    """The beginning of a text on one line, cut at a word."""
    start = " ".join(" ".join(line.split()) for line in [*filter(str.strip, text.splitlines())][:lines])
    return start if len(start) <= characters else start[: characters - 1].rsplit(" ", 1)[0] + "…"


def safe_cell(value: object) -> object:
    """A CSV cell that no spreadsheet takes for a formula; numbers are left alone."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
