"""Notes and 1-1s. Every table here stands behind row-level security."""

from coaching.models.note import Note
from coaching.models.one_on_one import OneOnOne

__all__ = ["Note", "OneOnOne"]
