"""Pairings, weekly logs, meetings and actions."""

from django.apps import AppConfig


class MentorshipConfig(AppConfig):
    name = "mentorship"

    def ready(self) -> None:
        from mentorship import relations  # noqa: F401  (registers the relations this app knows)
