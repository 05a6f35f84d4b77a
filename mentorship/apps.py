"""Pairings, weekly logs, meetings and actions."""

from django.apps import AppConfig


class MentorshipConfig(AppConfig):
    name = "mentorship"

    def ready(self) -> None:
        from mentorship import expectations, links, relations, reminders, ties  # noqa: F401  (register what it knows)
