"""Who opened what is confidential: told to whom it is about, never to a mentor of theirs. And who was refused."""

import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT

from mats.identity.policies import IS_ACTIVE, ME, policy, protect

OPENING, REFUSAL = "coaching_opening", "coaching_refusal"
# As in the second migration.
COACHED_BY_ME = "(SELECT wall_coached_by_me())::uuid[]"
MENTORED_NOW = "(SELECT wall_mentored_now())::uuid[]"
MY_PLACES_AS_SCHOLAR = "(SELECT wall_my_places_as_scholar())::uuid[]"
MY_ENDED_PLACES = "(SELECT wall_my_ended_places_as_scholar())::uuid[]"
MINE = f"person_id = {ME}"


def key() -> models.UUIDField:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("coaching", "0003_plans"), ("cohorts", "0008_joining_of_one_cohort")]

    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", key()),
                (
                    "what",
                    models.CharField(
                        choices=[("for_my_coach", "what you wrote for your coach only")],
                        max_length=16,
                    ),
                ),
                ("row_id", models.UUIDField()),
                ("day", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("about", models.ForeignKey(on_delete=PROTECT, related_name="+", to="cohorts.membership")),
                ("reader", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-opened_at"],
                "constraints": [
                    models.UniqueConstraint("reader", "row_id", "day", name="opening_once_a_day"),
                    models.CheckConstraint(condition=models.Q(what__in=["for_my_coach"]), name="opening_is_of_a_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                ("id", key()),
                ("path", models.CharField(max_length=200)),
                ("status", models.PositiveSmallIntegerField()),
                ("day", models.DateField()),
                ("refused_at", models.DateTimeField()),
                ("person", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-refused_at"],
                "constraints": [models.UniqueConstraint("person", "path", "day", name="refusal_once_a_day")],
            },
        ),
        protect(OPENING),
        policy(OPENING, "scholar_reads", "SELECT", using=f"about_id = ANY ({MY_PLACES_AS_SCHOLAR})"),
        policy(OPENING, "former_reads", "SELECT", using=f"about_id = ANY ({MY_ENDED_PLACES})"),
        policy(OPENING, "reader_reads", "SELECT", using=f"reader_id = {ME}"),
        policy(OPENING, "reader_opens", "INSERT", check=f"reader_id = {ME} AND about_id = ANY ({COACHED_BY_ME})"),
        policy(OPENING, "mentor_never", "ALL", using=f"NOT (about_id = ANY ({MENTORED_NOW}))", deny=True),
        policy(OPENING, "disabled_never", "ALL", using=IS_ACTIVE, deny=True),
        protect(REFUSAL),
        # Whoever is refused adds their line, and sees no more than that it stands there already.
        policy(REFUSAL, "own_rows_seen", "SELECT", using=MINE),
        policy(REFUSAL, "own_rows_added", "INSERT", check=MINE),
    ]
