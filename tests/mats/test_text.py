"""Text as it is cleaned, sent, searched, rendered and exported."""

from __future__ import annotations

import time
import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from mats import text

MEGABYTE = 1_000_000
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def refusal(value: str, **options) -> str:
    with pytest.raises(ValidationError) as caught:
        text.clean_text(value, **options)
    return caught.value.messages[0]


# Cleaning


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  Ada  ", "Ada"),
        ("\tAda\n", "Ada"),
        ("Zoe\u0308", "Zoë"),
        ("مریم میرزاخانی", "مریم میرزاخانی"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("", ""),
    ],
)
def test_name_is_trimmed_and_composed(sent, kept):
    assert text.clean_text(sent) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("a\r\nb\rc\n", "a\nb\nc"), ("a\u2028b", "a\nb"), ("a\tb\n\n\n c", "a\tb\n\n\n c"), ("a \u202eb", "a \u202eb")],
)
def test_long_text_keeps_its_lines_and_direction(sent, kept):
    assert text.clean_text(sent, multiline=True) == kept


@pytest.mark.parametrize(
    "sent",
    ["   ", "\n\t\n", "\u200b", "\u2060\ufeff", "\u00a0\u3000", "\u3164", "\u2800", "\u00ad", "\U000e0041", "\ufe0f"],
)
def test_text_of_which_nothing_is_seen_is_empty(sent):
    assert text.clean_text(sent, multiline=True) == ""


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("a\x00b", "There is a NUL character; take it out."),
        ("a\x1bb", "There is a control character U+001B; take it out."),
        ("a\x85b", "There is a control character U+0085; take it out."),
        ("a\ud800b", "There is a half of a character; take it out."),
        ("a\tb", "There is a tab in this; take it out."),
        ("a\nb", "This goes on one line."),
        ("a\u2029b", "This goes on one line."),
        ("ab\u202egnp", "There is an invisible direction mark in this; take it out."),
        ("ab\u2066cd", "There is an invisible direction mark in this; take it out."),
    ],
)
def test_name_refuses_what_cannot_stand_in_it(sent, words):
    assert refusal(sent) == words


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("one\r\ntwo\x00", "There is a NUL character in line 2; take it out."),
        ("one\ntwo\n\x07", "There is a control character U+0007 in line 3; take it out."),
        ("\udc00", "There is a half of a character in line 1; take it out."),
    ],
)
def test_long_text_names_the_line_of_what_it_refuses(sent, words):
    assert refusal(sent, multiline=True) == words


def test_length_is_counted_after_composing():
    assert text.clean_text("e\u0301" * 10, max_length=10) == "é" * 10
    assert refusal("é" * 11, max_length=10) == "This is 11 characters long; at most 10 can be kept here."


@given(ANY_TEXT, st.booleans())
@example("e\u0301\r\n", True)
@example(" \u200b\u0300", False)
def test_clean_text_cleaned_again_is_the_same(sent, multiline):
    try:
        clean = text.clean_text(sent, multiline=multiline)
    except ValidationError:
        return
    assert text.clean_text(clean, multiline=multiline) == clean == unicodedata.normalize("NFC", clean)
    clean.encode()  # what is kept can be stored


# Fields


class Letter(forms.Form):
    name = text.NameField()
    body = text.LongTextField(required=False)
    address = text.EmailField(required=False)


def errors(**sent: str) -> dict[str, list[str]]:
    return Letter({"name": "Ada", **sent}).errors


def test_fields_clean_what_is_sent():
    form = Letter({"name": " Zoe\u0308 ", "body": "a\r\nb ", "address": " Zoe@Example.ORG "})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "Zoë", "body": "a\nb", "address": "zoe@example.org"}


def test_optional_fields_left_out_are_empty():
    form = Letter({"name": "Ada"})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "Ada", "body": "", "address": ""}


def test_invisible_name_is_a_missing_name():
    assert errors(name="\u200b\u2060") == {"name": ["This field is required."]}


def test_field_says_what_it_refuses_and_where():
    assert errors(body="one\ntwo\x00") == {"body": ["There is a NUL character in line 2; take it out."]}


@pytest.mark.parametrize("letter", ["a", "\u0301", "\x00", "\u202e", "<", " a\n"])
def test_a_megabyte_is_answered_quickly_in_every_field(letter):
    sent = (letter * MEGABYTE)[:MEGABYTE]
    started = time.process_time()
    found = errors(name=sent, body=sent, address=sent)
    assert time.process_time() - started < 1
    assert found == {
        "name": ["This is 1,000,000 characters long; at most 200 can be kept here."],
        "body": ["This is 1,000,000 characters long; at most 20,000 can be kept here."],
        "address": ["This is 1,000,000 characters long; at most 254 can be kept here."],
    }


def test_browser_is_not_asked_to_cut_long_text_off():
    form = Letter()
    assert form.fields["name"].widget.attrs["maxlength"] == "200"
    assert "maxlength" not in form.fields["body"].widget.attrs


# Addresses


@pytest.mark.parametrize(
    "sent",
    [
        "ada@example.org",
        "ADA@Example.Org",
        " ada@example.org\n",
        "ＡＤＡ＠ｅｘａｍｐｌｅ．ｏｒｇ",
        "ada@\uff45xample.org",
    ],
)
def test_one_address_has_one_spelling(sent):
    assert text.normalise_email(sent) == "ada@example.org"


@pytest.mark.parametrize("sent", ["", "ada", "ada@", "ada@example", "a da@example.org", "ıda@x"])
def test_what_is_no_address_is_refused(sent):
    with pytest.raises(ValidationError) as caught:
        text.normalise_email(sent)
    assert caught.value.code == "invalid"


@pytest.mark.parametrize("sent", ["a\x00da@x.org", "ada\u202e@x.org", "ada@x\u200b.org", "ada@x.org\nbcc:x@x.org"])
def test_address_with_hidden_characters_is_refused(sent):
    with pytest.raises(ValidationError) as caught:
        text.normalise_email(sent)
    assert caught.value.code in {"control", "bidi", "newline"}


def test_two_domains_stay_two():
    assert text.normalise_email("ada@straße.example") != text.normalise_email("ada@strasse.example")


@given(st.emails())
def test_normal_address_stays_as_it_is(address):
    try:
        normal = text.normalise_email(address)
    except ValidationError:
        return
    assert text.normalise_email(normal) == text.normalise_email(address.upper()) == normal


# Queries


# Markdown

LINK = '<a href="https://a.example/b" rel="noopener nofollow">'


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# Plan", "<p><strong>Plan</strong></p>"),
        ("[words](https://a.example/b)", f"<p>{LINK}words</a></p>"),
        ("[](https://a.example/b)", f"<p>{LINK}https://a.example/b</a></p>"),
        ("<https://a.example/b>", f"<p>{LINK}https://a.example/b</a></p>"),
        ("(see https://a.example/b).", f"<p>(see {LINK}https://a.example/b</a>).</p>"),
        ("[https://c.example](https://a.example/b)", f"<p>{LINK}https://c.example</a></p>"),
        ("`https://a.example/b`", "<p><code>https://a.example/b</code></p>"),
        ("https://", "<p>https://</p>"),
        ("[us](mailto:a@example.org)", '<p><a href="mailto:a@example.org" rel="noopener nofollow">us</a></p>'),
    ],
)
def test_markdown_renders(written, html):
    assert text.render_markdown(written).strip() == html


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<b onclick=x>b</b>", "<p>&lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](ftp://a.example)", '<p><a rel="noopener nofollow">x</a></p>'),
        ("[x](//a.example)", '<p><a rel="noopener nofollow">x</a></p>'),
        ("[x](/sign-out/)", '<p><a rel="noopener nofollow">x</a></p>'),
        ("![x](https://a.example/b)", f"<p>!{LINK}x</a></p>"),
        ('https://a.example/b"onclick=x', f'<p>{LINK}https://a.example/b</a>"onclick=x</p>'),
    ],
)
def test_markdown_lets_nothing_harmful_through(written, html):
    assert text.render_markdown(written).strip() == html


@pytest.mark.parametrize(
    "written", ["[" * 20_000, "[a](" * 5_000, ">" * 20_000, "`a" * 10_000, "*_" * 10_000, "https://a" + ")" * 19_000]
)
def test_markdown_made_to_be_slow_is_not(written):
    started = time.process_time()
    text.render_markdown(written)
    assert time.process_time() - started < 2


# Previews


@pytest.mark.parametrize(
    ("written", "preview"),
    [
        ("\n\n one \n\ntwo  words\nthree", "one two words"),
        ("word " * 60, "word " * 31 + "word…"),
        ("x" * 200, "x" * 159 + "…"),
        ("", ""),
        ("## Week 6\n- **bold** and *light*, `code`", "Week 6 bold and light, code"),
        ("1. see [the plot](https://example.org/a_b)", "see the plot"),
        ("snake_case, 5 * 3 and 2_000", "snake_case, 5 * 3 and 2_000"),
    ],
)
def test_first_lines_are_a_preview(written, preview):
    assert text.first_lines(written) == preview


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_cell_that_begins_like_a_formula_is_neutralised(cell):
    assert text.csv_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Sana", "1+1", "", -5, 0, "'quoted"])
def test_other_cells_are_left_alone(cell):
    assert text.csv_cell(cell) is cell
