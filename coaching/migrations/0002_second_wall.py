"""The second wall: row-level security on every coaching table and on its history.

The same sentences as `coaching/relations.py`; one test compares the two for every kind of
visitor. Which places they speak of is told by functions, each asked once per statement: policies
with the subqueries in them were planned anew each time, which took longer than the reading.
"""

from django.db import migrations

from mats.identity.policies import IS_ACTIVE, ME, MOMENT, places, policy, protect


def my_places(role: str, *, ended: bool = False) -> str:
    """Places that were accepted and are not archived; or those that have ended, as long as their own is read."""
    when = f"m.reads_until > {MOMENT}" if ended else "m.archived_at IS NULL AND m.accepted_at IS NOT NULL"
    return f"""
    SELECT m.id FROM cohorts_membership m
     WHERE m.person_id = {ME} AND m.role = '{role}' AND {when}"""  # noqa: S608  (constants only)


TODAY = f"({MOMENT} AT TIME ZONE k.time_zone)::date"

coached_by_me = f"""
    SELECT c.scholar_id FROM cohorts_caseload c
      JOIN cohorts_membership m ON m.id = c.coach_id
      JOIN cohorts_cohort k ON k.id = c.cohort_id
     WHERE m.person_id = {ME} AND m.archived_at IS NULL AND m.accepted_at IS NOT NULL
       AND c.archived_at IS NULL AND k.launched_at IS NOT NULL
       AND c.starts_on <= {TODAY} AND c.ends_on >= {TODAY}"""  # noqa: S608  (constants only)


def mentored_by_me(pairing: str = "", duty: str = "") -> str:
    """Every place of every person whom I mentor, or for whose mentor I stand in: the wall stands in all
    their cohorts at once."""
    return f"""
    SELECT place.id FROM mentorship_pairing p
      JOIN cohorts_membership scholar ON scholar.id = p.scholar_id
      JOIN cohorts_membership place ON place.person_id = scholar.person_id
      JOIN cohorts_cohort k ON k.id = p.cohort_id
     WHERE p.mentor_id IN (
            SELECT m.id FROM cohorts_membership m WHERE m.person_id = {ME}
            UNION ALL
            SELECT d.for_membership_id FROM cohorts_duty d JOIN cohorts_membership m ON m.id = d.membership_id
              JOIN cohorts_cohort k ON k.id = d.cohort_id
             WHERE m.person_id = {ME} AND d.kind = 'stand_in' {duty}
           ) {pairing}"""  # noqa: S608  (constants only)


in_cohorts_i_staff = f"""
    SELECT m.id FROM cohorts_membership m JOIN cohorts_membership mine ON mine.cohort_id = m.cohort_id
     WHERE mine.person_id = {ME} AND mine.role = 'staff' AND mine.archived_at IS NULL
       AND mine.accepted_at IS NOT NULL"""  # noqa: S608  (constants only)

MAKE_COACHED, COACHED_BY_ME = places("wall_coached_by_me", coached_by_me)
MAKE_NOW, MENTORED_NOW = places(
    "wall_mentored_now",
    mentored_by_me(
        f"AND p.archived_at IS NULL AND k.launched_at IS NOT NULL AND p.ends_on >= {TODAY}",
        f"AND d.archived_at IS NULL AND (d.ends_on IS NULL OR d.ends_on >= {TODAY})",
    ),
)
MAKE_EVER, MENTORED_EVER = places("wall_mentored_ever", mentored_by_me())
MAKE_STAFF, IN_COHORTS_I_STAFF = places("wall_in_cohorts_i_staff", in_cohorts_i_staff)
MAKE_COACH, MY_PLACES_AS_COACH = places("wall_my_places_as_coach", my_places("coach"))
MAKE_SCHOLAR, MY_PLACES_AS_SCHOLAR = places("wall_my_places_as_scholar", my_places("scholar"))
MAKE_FORMER, MY_ENDED_PLACES = places("wall_my_ended_places_as_scholar", my_places("scholar", ended=True))

NOTE_AUTHOR = f"author_id = ANY ({MY_PLACES_AS_COACH}) AND about_id = ANY ({COACHED_BY_ME})"
NOTE_SHARED = "audience = 'with_scholar' AND archived_at IS NULL AND about_id = ANY ({0})"
NOTE_SCHOLAR, NOTE_FORMER = NOTE_SHARED.format(MY_PLACES_AS_SCHOLAR), NOTE_SHARED.format(MY_ENDED_PLACES)
MEETING_COACH = f"coach_id = ANY ({MY_PLACES_AS_COACH}) AND about_id = ANY ({COACHED_BY_ME})"
FOR_ME = f"coach_id = ANY ({MY_PLACES_AS_COACH}) AND about_id = ANY ({COACHED_BY_ME})"
BY_ME = f"about_id = ANY ({MY_PLACES_AS_SCHOLAR})"
NOT_THEIR_MENTOR = f"NOT (about_id = ANY ({MENTORED_NOW}))"


def note_walls(table: str) -> list:
    return [
        protect(table),
        policy(table, "author_reads", "SELECT", using=NOTE_AUTHOR),
        policy(table, "scholar_reads", "SELECT", using=NOTE_SCHOLAR),
        policy(table, "former_reads", "SELECT", using=NOTE_FORMER),
        policy(table, "author_writes", "INSERT", check=NOTE_AUTHOR),
        policy(table, "author_edits", "UPDATE", using=NOTE_AUTHOR, check=NOTE_AUTHOR),
        policy(table, "mentor_never", "ALL", using=NOT_THEIR_MENTOR, deny=True),
        policy(table, "disabled_never", "ALL", using=IS_ACTIVE, deny=True),
    ]


def one_on_one_walls(table: str) -> list:
    return [
        protect(table),
        policy(table, "coach_reads", "SELECT", using=f"about_id = ANY ({COACHED_BY_ME})"),
        policy(table, "scholar_reads", "SELECT", using=f"about_id = ANY ({MY_PLACES_AS_SCHOLAR})"),
        policy(table, "former_reads", "SELECT", using=f"about_id = ANY ({MY_ENDED_PLACES})"),
        policy(
            table,
            "staff_read",
            "SELECT",
            using=(
                f"took_place_on IS NOT NULL AND about_id = ANY ({IN_COHORTS_I_STAFF})"
                f" AND NOT (about_id = ANY ({MENTORED_EVER}))"
            ),
        ),
        policy(table, "coach_writes", "INSERT", check=MEETING_COACH),
        policy(table, "coach_edits", "UPDATE", using=MEETING_COACH, check=MEETING_COACH),
        policy(table, "mentor_never", "ALL", using=NOT_THEIR_MENTOR, deny=True),
        policy(table, "disabled_never", "ALL", using=IS_ACTIVE, deny=True),
    ]


def for_my_coach_walls(table: str) -> list:
    return [
        protect(table),
        policy(table, "coach_reads", "SELECT", using=FOR_ME),
        policy(table, "scholar_reads", "SELECT", using=BY_ME),
        policy(table, "former_reads", "SELECT", using=f"about_id = ANY ({MY_ENDED_PLACES})"),
        policy(table, "scholar_writes", "INSERT", check=BY_ME),
        policy(table, "scholar_edits", "UPDATE", using=BY_ME, check=BY_ME),
        policy(table, "mentor_never", "ALL", using=NOT_THEIR_MENTOR, deny=True),
        policy(table, "disabled_never", "ALL", using=IS_ACTIVE, deny=True),
    ]


# The cap, as for a mentor meeting: two finite ends, not empty, and here at most two hours.
PLAN_IS_POSSIBLE = """
    planned IS NULL OR (
        NOT isempty(planned) AND lower(planned) IS NOT NULL AND upper(planned) IS NOT NULL
        AND isfinite(lower(planned)) AND isfinite(upper(planned)) AND lower_inc(planned) AND NOT upper_inc(planned)
        AND upper(planned) - lower(planned) <= interval '2 hours')"""


class Migration(migrations.Migration):
    dependencies = [("coaching", "0001_initial"), ("mentorship", "0001_initial")]

    operations = [
        *(MAKE_COACHED, MAKE_NOW, MAKE_EVER, MAKE_STAFF, MAKE_COACH, MAKE_SCHOLAR, MAKE_FORMER),
        *note_walls("coaching_note"),
        *note_walls("coaching_noteevent"),
        *one_on_one_walls("coaching_oneonone"),
        *one_on_one_walls("coaching_oneononeevent"),
        *for_my_coach_walls("coaching_formycoach"),
        *for_my_coach_walls("coaching_formycoachevent"),
        migrations.RunSQL(
            f"ALTER TABLE coaching_oneonone ADD CONSTRAINT one_on_one_plan_is_possible CHECK ({PLAN_IS_POSSIBLE})",
            "ALTER TABLE coaching_oneonone DROP CONSTRAINT one_on_one_plan_is_possible",
        ),
    ]
