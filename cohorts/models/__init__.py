"""People, cohorts, phases and stays, memberships, duties, caseloads, leave, milestones."""

from cohorts.models.caseload import Caseload
from cohorts.models.cohort import Cohort, Phase, Site
from cohorts.models.duty import Duty
from cohorts.models.membership import Leave, Membership, Role, Stay
from cohorts.models.milestone import Milestone, Rubric
from cohorts.models.person import Person

__all__ = [
    "Caseload",
    "Cohort",
    "Duty",
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
