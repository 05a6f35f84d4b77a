"""Erase again, after a restore, whom the ledger says were erased; safe to run again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mats.clock import now
from mats.identity.roles import as_owner
from mats.identity.transaction import acting
from mats.pages.own_data.erasures import erase_again
from mats.pages.own_data.ledger import Entry, Unreadable, entries


class Command(BaseCommand):
    help = (
        "Carry out every erasure of the ledger that this database does not know of. Run it after each restore,"
        " before anybody signs in, with DATABASE_OWNER_URL set."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ledger", type=Path, default=None, help="The file; by default that of ERASURE_LEDGER.")

    def handle(self, *args: Any, ledger: Path | None = None, **options: Any) -> None:
        path = ledger or Path(settings.ERASURE_LEDGER)
        try:
            lines = list(entries(path))
        except FileNotFoundError:
            raise CommandError(f"There is no ledger at {path}.") from None
        except Unreadable as fault:
            raise CommandError(f"{fault} Nothing was erased.") from None
        with as_owner():
            for entry in lines:
                self.stdout.write(f"{entry.person} (erased {entry.at:%Y-%m-%d}) {self.erase(entry)}.")
        self.stdout.write(f"{len(lines)} line(s) of the ledger.")

    def erase(self, entry: Entry) -> str:
        with acting(None, now(), command="replay_erasures"):
            return erase_again(entry)
