"""What a person did is found by them: one's own history asks every table of events at once."""

from django.db import migrations

EVERY_TABLE = """
DO $$
DECLARE one text;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables
                WHERE schemaname = 'public' AND tablename ~ '^(cohorts|mentorship)_[a-z]+event$'
    LOOP
        EXECUTE format({command});
    END LOOP;
END $$
"""
MAKE = "'CREATE INDEX IF NOT EXISTS %I ON %I ((pgh_context ->> ''person''), pgh_id)', one || '_by_person', one"
DROP = "'DROP INDEX IF EXISTS %I', one || '_by_person'"


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_own_exports_only"),
        ("cohorts", "0008_joining_of_one_cohort"),
        ("mentorship", "0008_what_was_decided_stays"),
    ]

    operations = [migrations.RunSQL(EVERY_TABLE.format(command=MAKE), EVERY_TABLE.format(command=DROP))]
