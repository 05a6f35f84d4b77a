"""The caseload that an act of coaching stands on."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from coaching.querysets import caseloads_of_coach
from cohorts.models import Caseload, Membership, Person

NO_LONGER = "You no longer coach this scholar. Nothing was saved; your text is below."


def locked_caseload(*, about: Membership, by: Person, at: dt.datetime) -> Caseload:
    """The caseload in which `by` coaches this scholar now, held until the transaction ends, so that
    taking the scholar away and writing about them cannot pass one another."""
    caseload = caseloads_of_coach(by, at).filter(scholar=about).select_for_update(no_key=True, of=("self",)).first()
    if caseload is None:
        raise ValidationError(NO_LONGER)
    return caseload
