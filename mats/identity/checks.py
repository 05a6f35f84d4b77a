"""What must hold of the database before the product may run on it."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import OperationalError, connection

TOO_STRONG = """
SELECT r.rolsuper, r.rolbypassrls,
       EXISTS (SELECT FROM pg_tables t WHERE t.schemaname = 'public' AND t.tableowner = r.rolname),
       EXISTS (SELECT FROM pg_tables t WHERE t.schemaname = 'public'
               AND has_table_privilege(r.rolname, format('%I.%I', t.schemaname, t.tablename), 'TRUNCATE'))
  FROM pg_roles r WHERE r.rolname = current_user
"""
WORDS = ["is a superuser", "bypasses row-level security", "owns tables", "may TRUNCATE tables"]


@register(Tags.database)
def app_role_is_weak(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """The role of DATABASE_URL must obey row-level security, or the second wall is air."""
    if not databases or "default" not in databases:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(TOO_STRONG)
            found = cursor.fetchone()
    except OperationalError:
        return []
    faults = [words for words, fault in zip(WORDS, found, strict=True) if fault]
    if not faults:
        return []
    return [
        Error(
            f"The app's database role {' and '.join(faults)}.",
            hint="Point DATABASE_URL at the role made by `bin/manage db_roles`.",
            id="mats.E001",
        )
    ]
