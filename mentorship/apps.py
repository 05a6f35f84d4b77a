"""Pairings, weekly logs, meetings and actions."""

from django.apps import AppConfig


class MentorshipConfig(AppConfig):
    name = "mentorship"

    def ready(self) -> None:
        from mentorship import circles, endings, expectations, held, links, relations, reminders, ties  # noqa: F401  (they register)
