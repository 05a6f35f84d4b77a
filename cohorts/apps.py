"""People, cohorts, phases and stays, caseloads, leave, and who sees what."""

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"

    def ready(self) -> None:
        from cohorts import accounts, ending_letters, invitation_letter, relations, ties  # noqa: F401  (they register)
        from cohorts.held import kinds  # noqa: F401  (declares what is held about a person)
        from cohorts.models import Caseload, Role

        ties.register(Role.COACH, Caseload)
