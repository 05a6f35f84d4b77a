"""What the app's role may not do, asked of the database itself; tests run as that role."""

from __future__ import annotations

from django.core.checks import run_checks
from django.db import connection

from mats.identity.roles import app_role

MAY = """
SELECT count(*) FROM pg_tables
 WHERE schemaname = 'public' AND tablename LIKE %s
   AND has_table_privilege(current_user, format('%%I.%%I', schemaname, tablename), %s)
"""


def count_where_app_may(act: str, tables: str = "%") -> int:
    with connection.cursor() as cursor:
        cursor.execute(MAY, [tables, act])
        return cursor.fetchone()[0]


def test_suite_runs_as_the_app(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (app_role(), False)


def test_app_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)


def test_app_truncates_no_table(db):
    assert count_where_app_may("TRUNCATE") == 0


def test_app_adds_to_history_and_never_changes_it(db):
    history = count_where_app_may("INSERT", r"%event")

    assert history > 0
    assert [count_where_app_may(act, r"%event") for act in ("SELECT", "UPDATE", "DELETE")] == [history, 0, 0]


def test_check_of_the_database_finds_no_fault(db):
    assert run_checks(databases=["default"]) == []
