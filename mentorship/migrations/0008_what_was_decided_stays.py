"""What was thought, proposed, decided and told of a case stays as it was, whoever writes past the product."""

from django.db import migrations

CASE, OPINION = "mentorship_extensioncase", "mentorship_opinion"
DECISION, LETTER, SHEET = "mentorship_decision", "mentorship_decisionletter", "mentorship_termsheet"
# As in mentorship/models/case.py; a test compares the two.
OPEN = ("mentor", "talk", "committee", "more", "decided", "offered", "waitlisted", "appealed", "accepted")
# What still happens to a decision that holds; everything else of it stays.
AFTERWARDS = ("replaced_at", "conditions_met_at", "conditions_met_by_id", "answer", "answered_at", "version")
PROPOSAL = ("case_id", "is_agreed_list", "proposed_by_id", "proposed_at", "opens_at")
TOLD = ("case_id", "decision_id", "outcome", "body", "talked_at", "talked_by_id", "released_at", "released_by_id")
THOUGHT = ("case_id", "author_id", "is_appeal", "band", "reasons", "given_at")
APPLIED = ("scholar_id", "round_id", "number", "applied_at")


def differ(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


def differ_beyond(*columns: str) -> str:
    """By the whole row, so that a column which comes later stays as well."""
    beyond = f"'{{{', '.join(columns)}}}'::text[]"
    return f"to_jsonb(OLD) - {beyond} IS DISTINCT FROM to_jsonb(NEW) - {beyond}"


# table, name, what is refused, when
REFUSED = [
    (CASE, "extension_case_stays_as_applied", "UPDATE", differ(*APPLIED)),
    (CASE, "extension_case_open_is_not_archived", "UPDATE", f"NEW.archived_at IS NOT NULL AND NEW.state IN {OPEN}"),
    (OPINION, "opinion_stays_as_given", "UPDATE", differ(*THOUGHT)),
    (OPINION, "opinion_is_kept", "DELETE", "true"),
    (DECISION, "decision_stays_as_proposed", "UPDATE", differ(*PROPOSAL)),
    (
        DECISION,
        "decision_stays_as_confirmed",
        "UPDATE",
        f"OLD.confirmed_at IS NOT NULL AND {differ_beyond(*AFTERWARDS)}",
    ),
    (DECISION, "decision_stays_replaced", "UPDATE", f"OLD.replaced_at IS NOT NULL AND {differ('replaced_at')}"),
    (DECISION, "decision_is_kept", "DELETE", "true"),
    (LETTER, "letter_stays_as_released", "UPDATE", f"OLD.released_at IS NOT NULL AND {differ(*TOLD)}"),
    (LETTER, "letter_released_is_kept", "DELETE", "OLD.released_at IS NOT NULL"),
]


def refuse(table: str, name: str, act: str, when: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN ({when})"
        " EXECUTE FUNCTION mentorship_what_was_decided_stays()",
        f"DROP TRIGGER {name} ON {table}",
    )


def constrain(table: str, name: str, rule: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}", f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    )


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0007_case_moves"), ("cohorts", "0006_site_with_its_cohort")]

    operations = [
        # The owner's purposes pass. Anybody can name a purpose, so it is asked who owns the table, too.
        migrations.RunSQL(
            """
            CREATE FUNCTION mentorship_what_was_decided_stays() RETURNS trigger LANGUAGE plpgsql
                SET search_path = public, pg_temp AS $$
            BEGIN
                IF current_setting('mats.purpose', true) IN ('migrate', 'rotate', 'erase')
                    AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
                THEN
                    RETURN coalesce(NEW, OLD);
                END IF;
                RAISE EXCEPTION 'what was decided stays: %', TG_NAME
                    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
            END $$;
            """,
            "DROP FUNCTION mentorship_what_was_decided_stays();",
        ),
        *[refuse(*row) for row in REFUSED],
        constrain(
            DECISION,
            "decision_agreed_list_waits",
            "CHECK (NOT is_agreed_list OR opens_at >= proposed_at + interval '48 hours')",
        ),
        constrain(DECISION, "decision_with_its_outcome", "UNIQUE (id, outcome, case_id)"),
        constrain(
            LETTER,
            "letter_is_of_its_decision",
            f"FOREIGN KEY (decision_id, outcome, case_id) REFERENCES {DECISION} (id, outcome, case_id)",
        ),
        constrain(
            SHEET,
            "termsheet_site_of_this_cohort",
            "FOREIGN KEY (site_id, cohort_id) REFERENCES cohorts_site (id, cohort_id)",
        ),
    ]
