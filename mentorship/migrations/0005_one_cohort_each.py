"""What is owed for milestones and extensions never crosses cohorts."""

from django.db import migrations

PLACE, MILESTONE, PHASE = "cohorts_membership", "cohorts_milestone", "cohorts_phase"
# table, column, the table it points to
WITHIN = [
    ("submission", "milestone", MILESTONE),
    ("submission", "scholar", PLACE),
    ("submission", "reader", PLACE),
    ("conflict", "scholar", PLACE),
    ("midpointline", "milestone", MILESTONE),
    ("midpointline", "scholar", PLACE),
    ("midpointline", "mentor", PLACE),
    ("talk", "scholar", PLACE),
    ("talk", "owner", PLACE),
    ("supportplan", "scholar", PLACE),
    ("output", "scholar", PLACE),
    ("round", "phase", PHASE),
]


def within_its_cohort(table: str, column: str, other: str) -> migrations.RunSQL:
    name = f"{table}_{column}_of_this_cohort"
    return migrations.RunSQL(
        f"ALTER TABLE mentorship_{table} ADD CONSTRAINT {name}"
        f" FOREIGN KEY ({column}_id, cohort_id) REFERENCES {other} (id, cohort_id)",
        f"ALTER TABLE mentorship_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0004_milestones_and_extensions"), ("cohorts", "0003_milestones")]

    operations = [within_its_cohort(*row) for row in WITHIN]
