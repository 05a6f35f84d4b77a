"""Make the database and its two roles; safe to run again."""

from __future__ import annotations

import os
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg2 import sql

from mats.identity.roles import owner_role, parts, role_sql
from mats.secret_files import with_files


class Command(BaseCommand):
    help = (
        "Make the owner's and the app's role, and the database, from DATABASE_OWNER_URL and DATABASE_URL."
        " Connects by DATABASE_ADMIN_URL (a role that may create roles and databases) and prints its SQL."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        admin_url = with_files(os.environ).get("DATABASE_ADMIN_URL")
        if not admin_url:
            raise CommandError(
                "DATABASE_ADMIN_URL is not set: the address of a role that may create roles and databases."
            )
        owner, app = parts(settings.DATABASE_OWNER_URL), parts(settings.DATABASE_URL)
        if owner_role() == app["USER"]:
            raise CommandError("DATABASE_URL and DATABASE_OWNER_URL name the same role; they must be two.")
        admin = psycopg2.connect(admin_url)
        admin.autocommit = True
        with admin.cursor() as cursor:
            for statement in role_sql(owner["USER"], owner["PASSWORD"], creates_databases=True):
                self.run(cursor, statement, owner["PASSWORD"])
            for statement in role_sql(app["USER"], app["PASSWORD"], creates_databases=False):
                self.run(cursor, statement, app["PASSWORD"])
            self.make_database(cursor, owner["NAME"], owner["USER"])
        admin.close()

    def make_database(self, cursor: Any, name: str, owner: str) -> None:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        # A managed PostgreSQL's admin is no superuser: it must belong to a role to give it a database.
        if not cursor.fetchone():
            self.run(cursor, sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)), "")
            self.run(
                cursor,
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(owner)
                ),
                "",
            )
        else:
            self.run(
                cursor, sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), sql.Identifier(owner)), ""
            )

    def run(self, cursor: Any, statement: Any, secret: str) -> None:
        text = statement.as_string(cursor)
        cursor.execute(text)
        if secret:
            text = text.replace(sql.Literal(secret).as_string(cursor), "'…'")
        self.stdout.write(f"{text};")
