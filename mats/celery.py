"""Celery: the doorbell, and the whole schedule on one page.

PostgreSQL is the queue. A task only says "look now"; what is due stands in rows, so a lost,
doubled or late task changes nothing. Every entry below is safe to run twice at once.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mats.settings")

app = Celery("mats")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

EVERY_MINUTE = crontab()
EVERY_SIX_HOURS = crontab(hour="*/6", minute=17)
EVERY_DAY = crontab(hour="4", minute=41)

app.conf.beat_schedule = {
    "beat is alive": {"task": "mats.post.tasks.note_beat", "schedule": EVERY_MINUTE},
    "find what is due and send it": {"task": "mats.post.tasks.sweep", "schedule": EVERY_MINUTE},
    "end meetings whose time is up": {
        "task": "mentorship.tasks.end_meetings_that_are_over",
        "schedule": EVERY_MINUTE,
    },
    "plan the meetings of the next eight weeks": {
        "task": "mentorship.tasks.plan_meetings_ahead",
        "schedule": EVERY_SIX_HOURS,
    },
    "check what is due of milestones and extensions": {
        "task": "mentorship.tasks.check_extensions",
        "schedule": EVERY_DAY,
    },
    "store imports that wait": {"task": "mats.pages.tasks.store_waiting_imports", "schedule": EVERY_MINUTE},
    "put exports together and delete old ones": {
        "task": "mats.pages.tasks.build_waiting_exports",
        "schedule": EVERY_MINUTE,
    },
}
