"""Planned 1-1s: one at a time for a person, whatever the cohort, and none beyond its caseload.

Whoever acts may not read all the rows that this is about (a scholar's 1-1s in another cohort, a
former coach's plans), and need not: both functions run as the owner, name nobody as the one who
asks, and tell nothing but that it can't be.
"""

from django.db import migrations

from mats.identity.policies import MOMENT


def as_the_owner(name: str, body: str, declare: str = "") -> str:
    """A trigger function that runs as the owner, with the owner's purpose and nobody's identity; both
    are put back. (PostgreSQL lets only a superuser write such settings into a function's head.)"""
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        purpose text := coalesce(current_setting('mats.purpose', true), '');
        me text := coalesce(current_setting('mats.person', true), '');
        {declare}
    BEGIN
        PERFORM set_config('mats.purpose', 'erase', true), set_config('mats.person', '', true);
        {body}
        PERFORM set_config('mats.purpose', purpose, true), set_config('mats.person', me, true);
        RETURN NULL;
    END $$;
    -- Hung on a table of somebody's own, it would tell them of a 1-1.
    REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC;"""


ONE_AT_A_TIME = """
        IF EXISTS (
            SELECT FROM cohorts_membership mine
              JOIN cohorts_membership theirs ON theirs.person_id = mine.person_id
              JOIN coaching_oneonone o ON theirs.id IN (o.coach_id, o.about_id)
             WHERE mine.id IN (NEW.coach_id, NEW.about_id) AND o.id <> NEW.id AND o.planned && NEW.planned
               AND o.archived_at IS NULL AND o.took_place_on IS NULL AND o.missed_at IS NULL
        ) THEN
            RAISE EXCEPTION 'a person has one 1-1 at a time'
                USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'one_on_one_of_a_person_one_at_a_time';
        END IF;"""

# A caseload that ends early, goes to somebody else or is taken away: what was planned for later is
# called off, as the coach can no longer do it. History keeps it, with the act that brought it about.
ENDS_WITH_THE_CASELOAD = """
        UPDATE coaching_oneonone o
           SET archived_at = moment, version = o.version + 1
          FROM cohorts_cohort k
         WHERE k.id = NEW.cohort_id AND o.coach_id = NEW.coach_id AND o.about_id = NEW.scholar_id
           AND o.archived_at IS NULL AND o.took_place_on IS NULL AND o.missed_at IS NULL
           AND lower(o.planned) > moment
           AND NOT EXISTS (
               SELECT FROM cohorts_caseload c
                WHERE c.coach_id = o.coach_id AND c.scholar_id = o.about_id AND c.archived_at IS NULL
                  AND (lower(o.planned) AT TIME ZONE k.time_zone)::date BETWEEN c.starts_on AND c.ends_on);"""


class Migration(migrations.Migration):
    dependencies = [("coaching", "0002_second_wall")]

    operations = [
        migrations.RunSQL(
            f"""{as_the_owner("coaching_one_at_a_time", ONE_AT_A_TIME)}
            CREATE TRIGGER one_at_a_time AFTER INSERT OR UPDATE OF planned, took_place_on, missed_at, archived_at
                ON coaching_oneonone FOR EACH ROW
                WHEN (NEW.planned IS NOT NULL AND NEW.archived_at IS NULL
                      AND NEW.took_place_on IS NULL AND NEW.missed_at IS NULL)
                EXECUTE FUNCTION coaching_one_at_a_time();""",
            "DROP TRIGGER one_at_a_time ON coaching_oneonone; DROP FUNCTION coaching_one_at_a_time;",
        ),
        migrations.RunSQL(
            f"""{
                as_the_owner(
                    "coaching_plans_end_with_the_caseload",
                    ENDS_WITH_THE_CASELOAD,
                    declare=f"moment timestamptz := coalesce({MOMENT}, NEW.created_at);",
                )
            }
            CREATE TRIGGER plans_end_with_the_caseload AFTER UPDATE OF starts_on, ends_on, archived_at
                ON cohorts_caseload FOR EACH ROW EXECUTE FUNCTION coaching_plans_end_with_the_caseload();""",
            """DROP TRIGGER plans_end_with_the_caseload ON cohorts_caseload;
            DROP FUNCTION coaching_plans_end_with_the_caseload;""",
        ),
    ]
