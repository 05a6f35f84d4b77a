"""The roof: pages that bring the apps together."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "mats.pages"
    label = "pages"

    def ready(self) -> None:
        from mats.pages import relations  # noqa: F401  (registers the relations to an import)
