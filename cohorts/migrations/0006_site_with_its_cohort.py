"""A site can be pointed to together with its cohort."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0005_duty_of_one_cohort")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE cohorts_site ADD CONSTRAINT site_with_its_cohort UNIQUE (id, cohort_id)",
            "ALTER TABLE cohorts_site DROP CONSTRAINT site_with_its_cohort",
        )
    ]
