"""A case moves only as its table of moves allows, and nothing of it crosses cohorts."""

from django.db import migrations

PLACE, PHASE, ROUND = "cohorts_membership", "cohorts_phase", "mentorship_round"
CASE, SHEET = "mentorship_extensioncase", "mentorship_termsheet"
# table, column, the table it points to
WITHIN = [
    ("lateentry", "scholar", PLACE),
    ("lateentry", "round", ROUND),
    ("extensioncase", "scholar", PLACE),
    ("extensioncase", "round", ROUND),
    ("caseinvitation", "case", CASE),
    ("approval", "case", CASE),
    ("approval", "mentor", PLACE),
    ("mentorsearch", "case", CASE),
    ("mentorsearch", "found", PLACE),
    ("opinion", "case", CASE),
    ("decision", "case", CASE),
    ("decisionletter", "case", CASE),
    ("termsheet", "case", CASE),
    ("termsheet", "phase", PHASE),
    ("termsheet", "coach", PLACE),
    ("sheetmentor", "sheet", SHEET),
    ("sheetmentor", "mentor", PLACE),
]
# As in mentorship/models/case.py; a test compares the two.
MOVES = {
    "mentor": ("talk", "committee", "withdrawn"),
    "talk": ("mentor", "committee", "withdrawn"),
    "committee": ("more", "decided", "withdrawn"),
    "more": ("committee", "withdrawn"),
    "decided": ("offered", "waitlisted", "refused", "more", "withdrawn"),
    "offered": ("accepted", "declined", "lapsed", "withdrawn"),
    "waitlisted": ("decided", "lapsed", "withdrawn"),
    "refused": ("appealed",),
    "appealed": ("decided", "withdrawn"),
    "accepted": ("in_force", "lapsed", "withdrawn"),
    "in_force": ("ended", "withdrawn"),
}
ALLOWED = ", ".join(f"'{old} {new}'" for old, nexts in MOVES.items() for new in nexts)


def within_its_cohort(table: str, column: str, other: str) -> migrations.RunSQL:
    name = f"{table}_{column}_of_this_cohort"
    return migrations.RunSQL(
        f"ALTER TABLE mentorship_{table} ADD CONSTRAINT {name}"
        f" FOREIGN KEY ({column}_id, cohort_id) REFERENCES {other} (id, cohort_id)",
        f"ALTER TABLE mentorship_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0006_extension_cases"), ("cohorts", "0005_duty_of_one_cohort")]

    operations = [
        *[within_its_cohort(*row) for row in WITHIN],
        migrations.RunSQL(
            f"""
            CREATE FUNCTION mentorship_case_moves() RETURNS trigger LANGUAGE plpgsql
                SET search_path = public, pg_temp AS $$
            BEGIN
                IF NEW.state <> OLD.state AND NOT (OLD.state || ' ' || NEW.state) IN ({ALLOWED}) THEN
                    RAISE EXCEPTION 'a case does not move from % to %', OLD.state, NEW.state
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'extension_case_moves_as_allowed';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER extension_case_moves_as_allowed BEFORE UPDATE ON mentorship_extensioncase
                FOR EACH ROW EXECUTE FUNCTION mentorship_case_moves();
            """,
            """
            DROP TRIGGER extension_case_moves_as_allowed ON mentorship_extensioncase;
            DROP FUNCTION mentorship_case_moves();
            """,
        ),
    ]
