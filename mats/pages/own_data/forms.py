"""Forms about one's own data. Each is a button, but for the reason with which staff erase."""

from __future__ import annotations

from cohorts.forms.fields import ReasonField
from mats.forms.base import KeptForm


class ExportForm(KeptForm):
    """Put a copy together."""

    form_name = "export-ask"


class ErasureForm(KeptForm):
    """Ask to be erased."""

    form_name = "erasure-ask"


class WithdrawForm(KeptForm):
    """Take that back."""

    form_name = "erasure-withdraw"


class CarryOutForm(KeptForm):
    """Erase somebody, for good."""

    form_name = "erasure-carry-out"

    reason = ReasonField(
        help_text="Read by the staff of their cohorts, and kept in the ledger of erasures. Name nobody in it."
    )
