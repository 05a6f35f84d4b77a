"""An invitation, an ending and whom a duty is for are of the cohort that their place is in."""

from django.db import migrations

TIES = [("invitation", "membership_id"), ("ending", "membership_id"), ("duty", "for_membership_id")]


def of_one_cohort(table: str, column: str) -> migrations.RunSQL:
    name = f"{table}_{column.removesuffix('_id')}_of_this_cohort"
    return migrations.RunSQL(
        f"ALTER TABLE cohorts_{table} ADD CONSTRAINT {name}"
        f" FOREIGN KEY ({column}, cohort_id) REFERENCES cohorts_membership (id, cohort_id)",
        f"ALTER TABLE cohorts_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0007_membership_life")]

    operations = [of_one_cohort(*tie) for tie in TIES]
