"""`migrate`, as the owner of the tables, and the app role's grants after it."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate

from mats.identity.roles import as_owner, bring_up_to_date


class Command(DjangoMigrate):
    help = "Bring the schema up to date as DATABASE_OWNER_URL's role, then grant the app's role its rights."

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(options["database"], purpose="migrate") as connection:
            super().handle(*args, **options)
            if not options["plan"] and not options["check_unapplied"]:
                bring_up_to_date(connection)
