"""The outbox: every message the product sends."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "mats.post"
    label = "post"
