"""A duty is of the cohort that its place is in."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0004_extension_cases")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE cohorts_duty ADD CONSTRAINT duty_membership_of_this_cohort"
            " FOREIGN KEY (membership_id, cohort_id) REFERENCES cohorts_membership (id, cohort_id)",
            "ALTER TABLE cohorts_duty DROP CONSTRAINT duty_membership_of_this_cohort",
        )
    ]
