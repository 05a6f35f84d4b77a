"""Who sees what, printed from the rows that every page obeys."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cohorts.access.printed import as_markdown, as_text


class Command(BaseCommand):
    help = "Print the access table: of each thing who may do what, and who never may."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--markdown", action="store_true", help="as docs/access.md has it")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(as_markdown() if options["markdown"] else as_text())
