"""Cohort health: who needs someone, and every scholar's weeks; the page, and the same rows as a file."""

from mats.pages.cohort_health.reading import Health, read_health

__all__ = ["Health", "read_health"]
