"""What an output is, where it stands, and who sees it."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.access import rows_of
from mats.forms.base import KeptForm
from mats.text import NameField
from mentorship.models import Output
from mentorship.rules.log import LINK


class OutputForm(KeptForm):
    """A new output, or a change of one."""

    kind = forms.ChoiceField(label="What it is", choices=Output.Kind.choices)
    title = NameField(label="Title", max_length=300)
    link = NameField(
        label="Link", max_length=LINK, required=False, help_text="One address, beginning with http:// or https://."
    )
    venue = NameField(
        label="Venue", required=False, help_text="Where it appears or is to appear: a conference, a journal, a site."
    )
    state = forms.ChoiceField(label="Where it stands", choices=Output.State.choices)
    with_whom = NameField(label="Who with", max_length=300, required=False)
    is_shared = forms.BooleanField(label="Seen by the cohort", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["is_shared"].help_text = f"Without this tick it is seen by {_readers_otherwise()}."


def _readers_otherwise() -> str:
    """Who sees an output that its scholar does not show to the cohort, from the access table."""
    *most, last = dict.fromkeys(row.who for row in rows_of("output", "read") if row.relation != "member")
    return f"{', '.join(most)} and {last}"
