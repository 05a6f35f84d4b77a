"""The base form: keys, versions, drafts, and text given back."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "mats.forms"
    label = "forms"
