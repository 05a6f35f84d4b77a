"""What Django cannot say: three calendar months, and that nothing crosses cohorts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE cohorts_phase ADD CONSTRAINT phase_main_is_three_months CHECK (
                kind <> 'main' OR is_record OR ends_on >= (starts_on + interval '3 months')::date - 1);
            ALTER TABLE cohorts_caseload
                ADD CONSTRAINT caseload_scholar_of_this_cohort
                    FOREIGN KEY (scholar_id, cohort_id) REFERENCES cohorts_membership (id, cohort_id),
                ADD CONSTRAINT caseload_coach_of_this_cohort
                    FOREIGN KEY (coach_id, cohort_id) REFERENCES cohorts_membership (id, cohort_id);
            """,
            """
            ALTER TABLE cohorts_caseload
                DROP CONSTRAINT caseload_coach_of_this_cohort, DROP CONSTRAINT caseload_scholar_of_this_cohort;
            ALTER TABLE cohorts_phase DROP CONSTRAINT phase_main_is_three_months;
            """,
        )
    ]
