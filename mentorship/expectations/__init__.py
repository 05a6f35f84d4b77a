"""What is owed in this app, week by week and by milestone; importing this registers its kinds."""

from mentorship.expectations import cases, milestones
from mentorship.expectations.weekly import AWAY_WEEKS, LOG_STATE, MEETING_STATE, WHY

__all__ = ["AWAY_WEEKS", "LOG_STATE", "MEETING_STATE", "WHY", "cases", "milestones"]
