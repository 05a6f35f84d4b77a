"""People, cohorts, phases and stays, memberships and how they begin and end, duties, caseloads, leave, milestones."""

from cohorts.models.caseload import Caseload
from cohorts.models.cohort import Cohort, Phase, Site
from cohorts.models.duty import HELD_BY, Duty
from cohorts.models.ending import Ending
from cohorts.models.joining import Agreement, AgreementTick, Contact, Invitation
from cohorts.models.membership import How, Leave, Membership, Role, Stay
from cohorts.models.milestone import Milestone, Rubric
from cohorts.models.person import Person

__all__ = [
    "HELD_BY",
    "Agreement",
    "AgreementTick",
    "Caseload",
    "Cohort",
    "Contact",
    "Duty",
    "Ending",
    "How",
    "Invitation",
    "Leave",
    "Membership",
    "Milestone",
    "Person",
    "Phase",
    "Role",
    "Rubric",
    "Site",
    "Stay",
]
