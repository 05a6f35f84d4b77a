"""History: versions, archive dates, and the trail of every change."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "mats.history"
    label = "history"
