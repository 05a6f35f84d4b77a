"""Who is asking, for PostgreSQL as much as for Django; roles, headers, checks."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "mats.identity"
    label = "identity"

    def ready(self) -> None:
        from mats.identity import checks  # noqa: F401  (registers the checks)
