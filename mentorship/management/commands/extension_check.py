"""What is due of a cohort's milestones and extensions, printed; and laid out and said unless it is a dry run."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cohorts.models import Cohort, Person
from mats import clock
from mats.identity.transaction import acting
from mentorship.actions.check import Checked, check_extension
from mentorship.window import Window

EXAMPLE = "2027-02-10T12:00+00:00"
KINDS = {
    "submissions": "submissions owed",
    "lines": "mid-point lines owed",
    "readers": "readers who may not read any more",
    "approvals": "approvals asked of another mentor",
    "owed_soon": "reminders of what is due soon",
    "owed_late": "reminders of what was due",
}


class Command(BaseCommand):
    help = "Check what is due of a cohort's milestones and extensions. A second run finds nothing new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cohort", required=True, metavar="SLUG")
        parser.add_argument("--at", type=_moment, metavar="TIMESTAMP", help="ISO 8601 with its offset; default is now")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        at = options["at"] or clock.now()
        cohort = Cohort.objects.filter(slug=options["cohort"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort “{options['cohort']}”.")
        if not cohort.is_launched:
            raise CommandError(f"{cohort.name} is not launched: nobody owes anything yet.")
        with acting(None, at, command="extension_check"):
            checked = check_extension(cohort, at=at, dry_run=options["dry_run"])
            names = dict(Person.objects.filter(pk__in={row.person for row in checked.owed}).values_list("pk", "name"))
        self._print(cohort, checked, names, at, is_dry=options["dry_run"])

    def _print(self, cohort: Cohort, checked: Checked, names: dict[Any, str], at: dt.datetime, *, is_dry: bool) -> None:
        zone = cohort.time_zone
        self.stdout.write(f"{cohort.name}, {clock.format_moment(at, zone, date=True)} ({zone})")
        for kind, count in {**checked.laid_out, **checked.reminders}.items():
            self.stdout.write(f"  {count:>5} {KINDS[kind]}{' would be' if is_dry else ''} new")
        for line in _window(checked.window):
            self.stdout.write(line)
        if not checked.owed:
            self.stdout.write("Nothing is owed now or in the next two weeks.")
        for row in checked.owed:
            state = "late" if row.due_at < at else "due"
            who = names.get(row.person, cohort.staff_label_plural)
            self.stdout.write(f"  {state:<4}  {clock.format_moment(row.due_at, zone, date=True)}  {who}: {row.words}")


def _window(window: Window) -> list[str]:
    """Who may apply, who ends with nothing done, and where the cases stand."""
    lines = []
    if window.may_apply:
        lines.append(f"{len(window.may_apply)} may apply and have not: {', '.join(window.may_apply)}.")
    if window.did_not:
        lines.append(f"{len(window.did_not)} did not apply: {', '.join(window.did_not)}.")
    if window.cases:
        lines.append("Cases: " + ", ".join(f"{count} {words}" for words, count in window.cases.items()) + ".")
    return lines


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no moment; write it like {EXAMPLE}") from None
    if moment.tzinfo is None:
        raise ArgumentTypeError(f"“{text}” needs its offset; write it like {EXAMPLE}")
    return moment.astimezone(dt.UTC)
