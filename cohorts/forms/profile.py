"""A person's own profile."""

from __future__ import annotations

from cohorts.forms.fields import ZoneField
from mats.forms.base import KeptForm
from mats.text import NameField


class ProfileForm(KeptForm):
    """Name and time zone; whoever else is named in what was sent, only the sender's row changes."""

    form_name = "profile"

    name = NameField(max_length=120, help_text="As others in your cohorts read it.")
    time_zone = ZoneField(help_text="Every time is shown to you in this zone.")
