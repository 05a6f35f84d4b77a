"""Row-level security for migrations: the second wall.

Policies compare a column with a value or an array that is evaluated once per statement, and take
person and moment from `mats.identity.transaction`. They guard against a forgotten filter, not
against SQL injection: whoever can run SQL can set an identity.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

ME = "nullif(current_setting('mats.person', true), '')::uuid"
MOMENT = "nullif(current_setting('mats.moment', true), '')::timestamptz"

# A disabled account reads nothing. Nobody at all (a migration, a task) is let through here: the
# other policies give them no rows.
IS_ACTIVE = f"coalesce((SELECT p.is_active FROM cohorts_person p WHERE p.id = {ME}), {ME} IS NULL)"  # noqa: S608  (constants only)

# What the owner does in a named purpose; otherwise FORCE blinds the owner like everybody else.
PURPOSES = "('migrate', 'rotate', 'erase', 'dump')"


def protect(table: str) -> RunSQL:
    """Switch row security on for everybody, the owner included, and open it to the owner's purposes."""
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY owner_purpose ON {table} TO CURRENT_USER
            USING (current_setting('mats.purpose', true) IN {PURPOSES})
            WITH CHECK (current_setting('mats.purpose', true) IN {PURPOSES});
        """,
        f"""
        DROP POLICY owner_purpose ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def places(name: str, select: str) -> tuple[RunSQL, str]:
    """A function of this name that answers the keys which `select` finds, and how a policy calls it.

    In PL/pgSQL the plan is kept for the life of a connection, in a policy it would be made anew for
    each statement; the call in a subselect is evaluated once a statement, not once a row. It runs as
    whoever asks, and names nothing that a session could put before the real tables.
    """
    make = f"""
        CREATE FUNCTION {name}() RETURNS uuid[] LANGUAGE plpgsql STABLE SET search_path = public, pg_temp
            AS $$ BEGIN RETURN ARRAY({select}); END $$"""
    return RunSQL(make, f"DROP FUNCTION {name}()"), f"(SELECT {name}())::uuid[]"


def policy(table: str, name: str, command: str, *, using: str = "", check: str = "", deny: bool = False) -> RunSQL:
    """One policy. `deny=True` makes it restrictive: it must hold whatever else grants."""
    kind = "AS RESTRICTIVE " if deny else ""
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    return RunSQL(
        f"CREATE POLICY {name} ON {table} {kind}FOR {command} TO PUBLIC{clauses}",
        f"DROP POLICY {name} ON {table}",
    )
