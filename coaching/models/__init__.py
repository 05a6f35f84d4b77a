"""Notes, 1-1s and what scholars write for their coach. Every table here stands behind row-level security."""

from coaching.models.for_my_coach import ForMyCoach
from coaching.models.note import Note
from coaching.models.one_on_one import OneOnOne
from coaching.models.opening import Opening, Refusal

__all__ = ["ForMyCoach", "Note", "OneOnOne", "Opening", "Refusal"]
