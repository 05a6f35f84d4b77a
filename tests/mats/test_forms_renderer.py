"""A select joined in Python says what Django's template says."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from mats.clock import zone_choices
from mats.forms.fields import ZoneSelect, zones_or_none
from mats.forms.renderer import Renderer

PLAIN = [("", "choose"), ("a", "A & B"), ("<b>", '"quoted"'), (3, "three")]
GROUPED = [("Europe", [("london", "London"), ("rome", "Rome")]), ("x", "alone")]
ATTRIBUTES = {"id": "id_one", "required": True, "disabled": False, "class": "a b", "data-x": '"<&'}


def rendered(renderer, choices, value, widget=forms.Select):
    return widget(attrs=ATTRIBUTES, choices=choices).render("one", value, renderer=renderer)


@pytest.mark.parametrize("value", ["", "a", "<b>", 3, "nowhere", None])
@pytest.mark.parametrize("choices", [PLAIN, GROUPED, []], ids=["plain", "grouped", "empty"])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_select_is_as_django_renders_it(choices, value, widget):
    value = [value] if widget is forms.SelectMultiple else value
    if widget is forms.NullBooleanSelect:
        widget, choices = lambda attrs, choices: forms.NullBooleanSelect(attrs), []

    ours, theirs = (rendered(renderer, choices, value, widget) for renderer in (Renderer(), DjangoTemplates()))

    assert parse_html(ours) == parse_html(theirs)


@pytest.mark.parametrize("choices", [zone_choices, zones_or_none])
@pytest.mark.parametrize("value", ["", None, "Europe/London", "Etc/GMT+1", '<b>"', ["Europe/Rome"]])
def test_select_of_zones_is_as_django_renders_it(choices, value):
    ours, theirs = (forms.ChoiceField(choices=choices, widget=kind).widget for kind in (ZoneSelect, forms.Select))

    assert ours.render("zone", value, ATTRIBUTES, Renderer()) == theirs.render("zone", value, ATTRIBUTES, Renderer())


INPUTS = [
    forms.TextInput, forms.HiddenInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput,
    forms.DateInput, forms.TimeInput, forms.CheckboxInput, forms.FileInput, forms.Textarea,
]  # fmt: skip


@pytest.mark.parametrize("value", ["", None, "plain", "<b>\"&'", "\n two\nlines", 0, 62.5, True])
@pytest.mark.parametrize("widget", INPUTS)
def test_input_is_as_django_renders_it(widget, value):
    box = widget(attrs=ATTRIBUTES)
    ours, theirs = (box.render("one", value, renderer=renderer) for renderer in (Renderer(), DjangoTemplates()))

    assert ours == theirs


def test_label_is_text_and_not_markup():
    assert rendered(Renderer(), PLAIN, "<b>").count("<b>") == 0


def test_forms_of_the_product_use_it():
    class Zone(forms.Form):
        one = forms.ChoiceField(choices=PLAIN)

    assert "\n" not in str(Zone()["one"])
