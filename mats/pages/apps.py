"""The roof: pages that bring the apps together."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "mats.pages"
    label = "pages"

    def ready(self) -> None:
        from mats.identity.roles import after_migrate
        from mats.pages import held, relations  # noqa: F401  (they register themselves)
        from mats.pages.own_data import erasing, letter  # noqa: F401  (registers its messages)

        after_migrate(erasing.install)
