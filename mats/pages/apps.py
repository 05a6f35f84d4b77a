"""The roof: pages that bring the apps together."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "mats.pages"
    label = "pages"
