"""The meeting's rules in the database: the cap, one a week, nobody in two places, one cohort."""

from django.db import migrations

CAP = "interval '30 minutes'"


def within_the_cap(column: str) -> str:
    """A range with two finite ends, not empty, not longer than the cap. (An empty range has no
    ends, so it fails here and not by accident; 'infinity' is finite to `upper_inf`.)"""
    return (
        f"NOT isempty({column}) AND lower({column}) IS NOT NULL AND upper({column}) IS NOT NULL"
        f" AND isfinite(lower({column})) AND isfinite(upper({column}))"
        f" AND lower_inc({column}) AND NOT upper_inc({column})"
        f" AND upper({column}) - lower({column}) <= {CAP}"
    )


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0001_initial"), ("cohorts", "0002_rules_across_rows")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE mentorship_pairing
                ADD CONSTRAINT pairing_scholar_of_this_cohort
                    FOREIGN KEY (scholar_id, cohort_id) REFERENCES cohorts_membership (id, cohort_id),
                ADD CONSTRAINT pairing_mentor_of_this_cohort
                    FOREIGN KEY (mentor_id, cohort_id) REFERENCES cohorts_membership (id, cohort_id);
            """,
            """
            ALTER TABLE mentorship_pairing
                DROP CONSTRAINT pairing_mentor_of_this_cohort, DROP CONSTRAINT pairing_scholar_of_this_cohort;
            """,
        ),
        migrations.RunSQL(
            f"""
            ALTER TABLE mentorship_meeting
                ADD CONSTRAINT meeting_planned_within_the_cap CHECK ({within_the_cap("planned")}),
                ADD CONSTRAINT meeting_held_within_the_cap CHECK (held IS NULL OR ({within_the_cap("held")})),
                ADD CONSTRAINT meeting_ended_when_held_ends CHECK (ended_at IS NULL OR ended_at = upper(held));
            ALTER TABLE mentorship_attendance
                ADD CONSTRAINT attendance_tells_the_meetings_time
                    FOREIGN KEY (meeting_id, during, is_live)
                    REFERENCES mentorship_meeting (id, planned, is_live) ON UPDATE CASCADE ON DELETE CASCADE;
            """,
            """
            ALTER TABLE mentorship_attendance DROP CONSTRAINT attendance_tells_the_meetings_time;
            ALTER TABLE mentorship_meeting
                DROP CONSTRAINT meeting_ended_when_held_ends,
                DROP CONSTRAINT meeting_held_within_the_cap, DROP CONSTRAINT meeting_planned_within_the_cap;
            """,
        ),
        # A meeting outside every pairing's week could be a second one of the week; a meeting
        # without its people could overlap another. Both are looked at when the transaction ends.
        migrations.RunSQL(
            """
            CREATE FUNCTION mentorship_meeting_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                key text := CASE TG_TABLE_NAME WHEN 'mentorship_meeting' THEN 'id' ELSE 'meeting_id' END;
                touched uuid[] := ARRAY[(to_jsonb(OLD) ->> key)::uuid, (to_jsonb(NEW) ->> key)::uuid];
                whole uuid;
            BEGIN
                FOR whole IN SELECT id FROM mentorship_meeting WHERE id = ANY (touched) AND is_live LOOP
                    IF NOT EXISTS (SELECT FROM mentorship_pairingweek WHERE meeting_id = whole) THEN
                        RAISE EXCEPTION 'a meeting counts for the week of a pairing'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_counts_for_a_week';
                    END IF;
                    IF EXISTS (
                        SELECT FROM mentorship_pairingweek w
                          JOIN mentorship_pairing p ON p.id = w.pairing_id
                          JOIN cohorts_membership m ON m.id IN (p.scholar_id, p.mentor_id)
                         WHERE w.meeting_id = whole AND w.archived_at IS NULL
                           AND NOT EXISTS (SELECT FROM mentorship_attendance a
                                            WHERE a.meeting_id = whole AND a.person_id = m.person_id)
                    ) THEN
                        RAISE EXCEPTION 'a meeting has everybody of its pairings'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_has_its_people';
                    END IF;
                END LOOP;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER meeting_is_whole AFTER INSERT OR UPDATE ON mentorship_meeting
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mentorship_meeting_is_whole();
            CREATE CONSTRAINT TRIGGER meeting_keeps_its_week
                AFTER UPDATE OF meeting_id OR DELETE ON mentorship_pairingweek
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mentorship_meeting_is_whole();
            CREATE CONSTRAINT TRIGGER meeting_keeps_its_people
                AFTER UPDATE OF meeting_id, person_id OR DELETE ON mentorship_attendance
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mentorship_meeting_is_whole();
            """,
            """
            DROP TRIGGER meeting_keeps_its_people ON mentorship_attendance;
            DROP TRIGGER meeting_keeps_its_week ON mentorship_pairingweek;
            DROP TRIGGER meeting_is_whole ON mentorship_meeting;
            DROP FUNCTION mentorship_meeting_is_whole();
            """,
        ),
        # One row a week needs one first day a week: that of the cohort's week, or of a phase.
        migrations.RunSQL(
            """
            CREATE FUNCTION mentorship_week_begins_rightly() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT EXISTS (
                    SELECT FROM mentorship_pairing p
                      JOIN cohorts_cohort k ON k.id = p.cohort_id
                      JOIN cohorts_phase f ON f.cohort_id = k.id
                     WHERE p.id = NEW.pairing_id AND NEW.week_starts_on BETWEEN f.starts_on AND f.ends_on
                       AND (NEW.week_starts_on = f.starts_on
                            OR extract(isodow FROM NEW.week_starts_on) = k.week_start + 1)
                ) THEN
                    RAISE EXCEPTION 'a pairing''s week begins with the cohort''s week'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_week_begins_with_its_week';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER week_begins_rightly BEFORE INSERT OR UPDATE OF pairing_id, week_starts_on
                ON mentorship_pairingweek FOR EACH ROW EXECUTE FUNCTION mentorship_week_begins_rightly();
            """,
            """
            DROP TRIGGER week_begins_rightly ON mentorship_pairingweek;
            DROP FUNCTION mentorship_week_begins_rightly();
            """,
        ),
    ]
