"""People, cohorts, phases and stays, caseloads, leave, and who sees what."""

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"

    def ready(self) -> None:
        from cohorts import accounts, relations, ties  # noqa: F401  (register relations and kinds of message)
        from cohorts.models import Caseload, Role

        ties.register(Role.COACH, Caseload)
