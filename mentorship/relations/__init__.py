"""How a person can stand to the things of this app; each module registers those of its noun."""

from mentorship.relations import case, milestones, week  # noqa: F401  (they register)
from mentorship.relations.case import recused_cases
from mentorship.relations.ties import scholars_coached_by, scholars_mentored_by, scholars_walled_from

__all__ = ["recused_cases", "scholars_coached_by", "scholars_mentored_by", "scholars_walled_from"]
