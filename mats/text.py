"""Text that people send and read: one cleaning field, addresses, Markdown, cells of a CSV.

NUL, other control characters and lone surrogates are refused with their line named: dropping them
would change what somebody wrote. Text of which nothing can be seen counts as empty. Direction marks
and overrides are refused in names, where they forge; in long text they stay, since removing them
would garble what right-to-left writers mean, and pages isolate it with `dir="auto"`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import nh3
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LONG_TEXT = 20_000
EMAIL_LENGTH = 254

BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
NEWLINE = re.compile("\r\n?|\u2028|\u2029")
# Letters or symbols by category, and nothing to see: Hangul fillers, the blank Braille cell, the
# note head that is not drawn.
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")


def is_visible(value: str) -> bool:
    """Whether anything of the text can be seen: a letter, number, punctuation mark or symbol."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in INVISIBLE_LETTERS for char in value)


def _name_of(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return "half of a character"
    return "NUL character" if char == "\x00" else f"control character U+{ord(char):04X}"


def clean_text(value: str, *, multiline: bool = False, max_length: int = LONG_TEXT) -> str:
    """The text as it is stored: NFC, one kind of newline, trimmed; "" if nothing of it can be seen.

    Lengths are in characters. Cleaning a clean text changes nothing. Raises ValidationError in
    words, with code `max_length`, `newline`, `control` or `bidi`.
    """
    if len(value) > max_length * 4 + 1000:  # far too long: not worth reading
        raise ValidationError(too_long(len(value), max_length), code="max_length")
    value = NEWLINE.sub("\n", value)
    _refuse_control_characters(value, multiline=multiline)
    value = unicodedata.normalize("NFC", value).strip()
    if not multiline:
        _refuse_in_one_line(value)
    if len(value) > max_length:
        raise ValidationError(too_long(len(value), max_length), code="max_length")
    return value if is_visible(value) else ""


def _refuse_control_characters(value: str, *, multiline: bool) -> None:
    if found := CONTROL.search(value):
        line = value.count("\n", 0, found.start()) + 1
        where = f" in line {line}" if multiline else ""
        raise ValidationError(f"There is a {_name_of(found.group())}{where}; take it out.", code="control")


def _refuse_in_one_line(value: str) -> None:
    if "\n" in value:
        raise ValidationError("This goes on one line.", code="newline")
    if "\t" in value:
        raise ValidationError("There is a tab in this; take it out.", code="control")
    if BIDI.search(value):
        raise ValidationError("There is an invisible direction mark in this; take it out.", code="bidi")


def too_long(length: int, max_length: int) -> str:
    return f"This is {length:,} characters long; at most {max_length:,} can be kept here."


class TextField(forms.CharField):
    """The one field for text; everything a person types passes through it."""

    multiline = False

    def __init__(self, *, max_length: int = 200, **options: Any) -> None:
        self.limit = max_length
        super().__init__(strip=False, **options)  # trimmed after cleaning, in `clean_text`

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
        attributes = {**super().widget_attrs(widget), "rows": 5}
        del attributes["maxlength"]  # a browser that cuts a pasted text off loses the rest without a word
        return attributes


class EmailField(TextField):
    """An address, normalised."""

    widget = forms.EmailInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=EMAIL_LENGTH, **options)

    def to_python(self, value: Any) -> str:
        value = super().to_python(value)
        return normalise_email(value) if value else ""


def normalise_email(value: str) -> str:
    """One spelling per address: any case and full-width letters are the same; raises ValidationError.

    Lower case, not case folding: folding would make one domain of straße.example and
    strasse.example, which are two.
    """
    lower = _nfkc(clean_text(value, max_length=EMAIL_LENGTH)).lower()
    address = clean_text(_nfkc(lower), max_length=EMAIL_LENGTH)
    if not address.isprintable():  # a zero-width space would make a second spelling that looks the same
        raise ValidationError("There is an invisible character in this address; take it out.", code="control")
    validate_email(address)
    return address


def _nfkc(value: str) -> str:
    return unicodedata.normalize("NFKC", value)


# --- CSV ----------------------------------------------------------------------------------------

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_cell(value: str | int) -> str | int:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe
    before it. Numbers stay numbers, minus sign and all."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


# --- Markdown -----------------------------------------------------------------------------------

TEXT_TAGS = frozenset({"p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"})
TABLE_TAGS = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
SCHEMES = frozenset({"http", "https", "mailto"})
BARE_LINK = re.compile(r"https?://\w[^\s<>\"“”]*")


def render_markdown(text: str) -> SafeString:
    """HTML from Markdown: rendered, then only listed tags and http, https and mailto links remain.

    Lines stay lines, as they were typed; a bare address becomes a link; a heading becomes a strong
    line, because the levels of a page's own headings are the page's.
    """
    html = nh3.clean(
        _markdown.render(text),
        tags=set(TEXT_TAGS | TABLE_TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        url_relative="deny",  # also //elsewhere
        link_rel="noopener nofollow",
    )
    return mark_safe(html)  # noqa: S308  (nh3 has just cleaned it)


def _bare_links(state: StateCore) -> None:
    """A week's log may be a link and two sentences: http and https addresses in text become links."""
    for block in state.tokens:
        if not block.children or "://" not in block.content:
            continue
        depth, children = 0, []
        for token in block.children:
            depth += token.nesting if token.type in {"link_open", "link_close"} else 0
            children += [token] if depth or token.type != "text" else _linked(token.content)
        block.children = children


def _linked(text: str) -> list[Token]:
    tokens, end = [], 0
    for found in BARE_LINK.finditer(text):
        address = _without_closing_signs(found.group())
        tokens += [_text(text[end : found.start()]), *_link(address)]
        end = found.start() + len(address)
    return [*tokens, _text(text[end:])]


def _without_closing_signs(address: str) -> str:
    """Without the full stop or bracket of the sentence around it: `(see https://a.example/b).`"""
    while address[-1] in ".,;:!?'’*_~]" or (address[-1] == ")" and address.count(")") > address.count("(")):
        address = address[:-1]
    return address


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(address: str) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": normalizeLink(address)})
    return [opening, _text(address), Token("link_close", "a", -1)]


def _open_link(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A link without words would be a link that nobody sees or hears: it gets its address."""
    opening = renderer.renderToken(tokens, index, options, env)
    words = escapeHtml(str(tokens[index].attrGet("href"))) if tokens[index + 1].type == "link_close" else ""
    return opening + words


def _make_markdown() -> MarkdownIt:
    """CommonMark with tables and strikethrough, without HTML and images."""
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"]).disable("image")
    markdown.core.ruler.push("bare_links", _bare_links)
    markdown.add_render_rule("link_open", _open_link)
    markdown.add_render_rule("heading_open", lambda *_: "<p><strong>")
    markdown.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    return markdown


_markdown = _make_markdown()


# Marks of Markdown that say nothing on one line: of headings, lists and quotes, emphasis, code; a link keeps its words.
_MARKS = re.compile(r"^\s{0,3}(?:#{1,6}|[-*+>]|\d{1,3}[.)])\s+|\*\*|__|`+|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)", re.M)
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\s]{1,500}\)")


def _plain(text: str) -> str:
    """Markdown without its marks, as it reads in a preview."""
    return _MARKS.sub("", _LINK.sub(r"\1", text))


def first_lines(text: str, lines: int = 2, characters: int = 160) -> str:
    """The beginning of a text (lines that hold something) on one line, cut at a word."""
    start = " ".join(" ".join(line.split()) for line in [*filter(str.strip, _plain(text).splitlines())][:lines])
    if len(start) <= characters:
        return start
    words, space, _ = start[:characters].rpartition(" ")
    return f"{words if space else start[: characters - 1]}…"
