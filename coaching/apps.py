"""Notes and 1-1s, behind both walls."""

from django.apps import AppConfig


class CoachingConfig(AppConfig):
    name = "coaching"

    def ready(self) -> None:
        from coaching import endings, expectations, held, relations  # noqa: F401  (they register themselves)
