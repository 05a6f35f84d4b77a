"""The form that takes a cohort back before its launch."""

from __future__ import annotations

from cohorts.forms.staff import StaffForm
from mats.text import NameField


class RemoveCohortForm(StaffForm):
    """Its name, typed, so that nobody does it by mistake. It is not kept."""

    name = NameField(max_length=120, label="Name of the cohort", help_text="As it stands above. It is not kept.")

    def current(self, about: object) -> dict[str, object]:
        """Never filled in: it is to be typed."""
        return {}
