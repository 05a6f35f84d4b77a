"""The forms of an import: files, and for a new cohort its settings."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from cohorts.models.cohort import WEEKDAYS
from mats.clock import zone_choices
from mats.forms.base import KeptForm
from mats.forms.fields import ZoneSelect
from mats.pages.importing.formats import KINDS, MAX_BYTES, Source, too_large
from mats.pages.importing.target import Plan
from mats.text import NameField

WHO = "people.csv: who is in the cohort, in which role."


class CsvField(forms.FileField):
    """A CSV file of at most 10 MB; the page's script refuses a larger one before it is sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ".csv,.tsv,.txt,text/csv", "data-max-bytes": str(MAX_BYTES)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (reason := too_large(file.size or 0)):
            raise ValidationError(reason)
        return file


class FilesForm(KeptForm):
    """Three files, of which at least one; for a cohort that stands."""

    form_name = "import"

    people = CsvField(label="People", required=False, help_text=WHO)
    pairings = CsvField(
        label="Pairings", required=False, help_text="pairings.csv: who mentors whom, and when they meet."
    )
    caseloads = CsvField(label="Caseloads", required=False, help_text="caseloads.csv: who coaches whom.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(kind) for kind in KINDS):
            raise ValidationError("Choose at least one file.")
        return cleaned

    def sources(self) -> list[Source]:
        """The files that were sent, under the names their owner gave them."""
        return [
            Source(kind, short_name(upload.name, kind), upload.read())
            for kind in KINDS
            if (upload := self.cleaned_data.get(kind))
        ]


class NewCohortForm(FilesForm):
    """The settings of a cohort that the files bring people to."""

    form_name = "import-new"

    name = NameField(max_length=120, label="Name of the cohort")
    slug = forms.SlugField(
        max_length=60, label="Short name", help_text="Stands in the cohort's addresses, for example winter-2027."
    )
    time_zone = forms.ChoiceField(label="Time zone of the cohort", choices=zone_choices, widget=ZoneSelect)
    week_start = forms.TypedChoiceField(label="First day of the week", choices=WEEKDAYS, coerce=int, initial=0)
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="At least three calendar months, first and last day included.",
    )
    people = CsvField(label="People", help_text=WHO)
    field_order = ["name", "slug", "time_zone", "week_start", "starts_on", "ends_on", *KINDS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            self.plan().check()
        return cleaned

    def plan(self) -> Plan:
        """What was said about the cohort, apart from its files."""
        return Plan(**{field.name: self.cleaned_data[field.name] for field in fields(Plan)})


def short_name(name: str | None, kind: str) -> str:
    """A file's own name as it can stand in a sentence; its kind's name where there is nothing to show."""
    shown = "".join(letter for letter in (name or "") if letter.isprintable())[-100:].strip()
    return shown or f"{kind}.csv"


class ConfirmForm(KeptForm):
    """The yes to the difference that was shown."""

    form_name = "import-confirm"

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)


class DiscardForm(KeptForm):
    """Throwing an upload away."""

    form_name = "import-discard"


class StoreForm(KeptForm):
    """Storing at once what waits for a worker."""

    form_name = "import-store"
