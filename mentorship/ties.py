"""What of this app hangs on a person's place in a cohort."""

from __future__ import annotations

from cohorts import ties
from cohorts.models import Role
from mentorship.actions.weeks import lay_out_again
from mentorship.models import Pairing

ties.register(Role.MENTOR, Pairing)
ties.follow(lay_out_again)
