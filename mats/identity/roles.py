"""The two roles of the database, and what each may do.

The owner owns every table, migrates and dumps. The app's role (web and worker) owns nothing,
obeys row-level security and may neither TRUNCATE (which ignores policies) nor change history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import sql

from mats.addresses import database

NEEDS_OWNER = (
    "DATABASE_OWNER_URL is not set. This command works as the owner of the tables;"
    " set DATABASE_OWNER_URL to that role's address and run it again."
)


def parts(url: str) -> dict[str, str]:
    """USER, PASSWORD, NAME, HOST, PORT of a database address, as Django names them."""
    found = database(url)
    return {key: str(found.get(key) or "") for key in ("USER", "PASSWORD", "NAME", "HOST", "PORT")}


def app_role() -> str:
    return parts(settings.DATABASE_URL)["USER"]


def owner_role() -> str:
    if not settings.DATABASE_OWNER_URL:
        raise CommandError(NEEDS_OWNER)
    return parts(settings.DATABASE_OWNER_URL)["USER"]


def switch_role(connection: BaseDatabaseWrapper, url: str) -> None:
    """Point an open connection at another role of the same database; it reconnects when next used."""
    wanted = parts(url)
    connection.close()
    connection.settings_dict["USER"] = wanted["USER"]
    connection.settings_dict["PASSWORD"] = wanted["PASSWORD"]


@contextmanager
def as_owner(alias: str = "default", purpose: str = "") -> Iterator[BaseDatabaseWrapper]:
    """Work as the owner. `purpose` (migrate, rotate, erase, dump) opens rows under forced policies."""
    owner_role()
    connection = connections[alias]
    switch_role(connection, settings.DATABASE_OWNER_URL)
    try:
        if purpose:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('mats.purpose', %s, false)", [purpose])
        yield connection
    finally:
        switch_role(connection, settings.DATABASE_URL)


def role_sql(role: str, password: str, *, creates_databases: bool) -> list[sql.Composed]:
    """SQL that makes a role that can sign in, or brings an existing one to these attributes."""
    flags = sql.SQL("NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION ") + sql.SQL(
        "CREATEDB" if creates_databases else "NOCREATEDB"
    )
    secret = sql.SQL(" PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
    return [
        sql.SQL(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {})"
            " THEN CREATE ROLE {} LOGIN; END IF; END $$"
        ).format(sql.Literal(role), sql.Identifier(role)),
        sql.SQL("ALTER ROLE {} LOGIN ").format(sql.Identifier(role)) + flags + secret,
    ]


# In history the app's role adds rows and reads them, nothing else.
GRANTS = """
GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
REVOKE ALL ON TABLE django_migrations FROM {app};
GRANT SELECT ON TABLE django_migrations TO {app};
"""


AfterMigrate = Callable[[BaseDatabaseWrapper], None]

_after_migrate: list[AfterMigrate] = []


def after_migrate(act: AfterMigrate) -> None:
    """Have the owner do this after each migrate: for what is made from the models as they are now."""
    _after_migrate.append(act)


def bring_up_to_date(connection: BaseDatabaseWrapper) -> None:
    """What follows each migrate: the app's rights, then what the apps have registered."""
    grant(connection)
    for act in _after_migrate:
        act(connection)


def grant(connection: BaseDatabaseWrapper) -> None:
    """Give the app's role what it may do on every table there is; run after each migrate."""
    app = sql.Identifier(app_role())
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(GRANTS).format(app=app))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE %s", [r"%event"])
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("REVOKE UPDATE, DELETE ON TABLE {} FROM {}").format(sql.Identifier(table), app))
