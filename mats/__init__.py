"""The ground and the roof of the house: settings, clock, history, post, pages."""

from mats.celery import app as celery_app

__all__ = ["celery_app"]
