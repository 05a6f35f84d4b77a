"""Bring a cohort's people in from files."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug

from cohorts.models import Cohort, Person, Phase
from cohorts.models.cohort import WEEKDAYS
from mats.clock import now, parse_zone
from mats.identity.transaction import acting
from mats.pages.importing.applying import BadFiles, ChangedMeanwhile, apply, look
from mats.pages.importing.cells import weekday
from mats.pages.importing.difference import Difference
from mats.pages.importing.formats import COLUMNS, KINDS, MAX_BYTES, WHOLE_FILE, BadRow, Source, too_large
from mats.pages.importing.target import Plan, Target
from mats.text import clean_text
from mentorship.actions.launch import launch_cohort
from mentorship.actions.weeks import LaidOut

NEW_NEEDS = ("name", "starts_on", "ends_on", "time_zone")


def day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day written as YYYY-MM-DD.") from None


def zone(text: str) -> str:
    try:
        return parse_zone(text).key
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def week_start(text: str) -> int:
    try:
        found = weekday(text)
    except ValidationError as error:
        raise ArgumentTypeError(error.messages[0]) from None
    return 0 if found is None else found


def slug(text: str) -> str:
    try:
        validate_slug(text)
    except ValidationError:
        raise ArgumentTypeError("A short name has letters, digits, hyphens and underscores.") from None
    return text[:60]


def name(text: str) -> str:
    try:
        return clean_text(text, max_length=120)
    except ValidationError as error:
        raise ArgumentTypeError(error.messages[0]) from None


class Command(BaseCommand):
    help = (
        "Make a cohort from files, or bring one up to date with changed files. All or nothing: every bad row"
        " is named on standard error as file:line:column: reason, and nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slug", required=True, type=slug, help="the short name in the cohort's addresses")
        parser.add_argument("--name", type=name)
        parser.add_argument("--starts-on", type=day, help="first day of the main phase, YYYY-MM-DD")
        parser.add_argument("--ends-on", type=day, help="last day of the main phase, YYYY-MM-DD")
        parser.add_argument("--time-zone", type=zone, help="the cohort's own zone, for example Europe/London")
        parser.add_argument("--week-start", type=week_start, help="first day of the week; Monday if not given")
        for kind in KINDS:
            parser.add_argument(f"--{kind}", type=Path, help=f"CSV file: {','.join(COLUMNS[kind])}")
        parser.add_argument("--by", metavar="EMAIL", help="who acts; stands in the history of what is stored")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and store nothing")
        parser.add_argument("--launch", action="store_true", help="launch the cohort once everything is stored")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        by = self._person(options["by"])
        try:
            sources = [_source(kind, options[kind]) for kind in KINDS if options[kind]]
            with acting(by, at, command="import_cohort"):
                target = self._target(options)
                if options["dry_run"]:
                    self._say(look(target, sources).found)
                    self.stdout.write("Nothing was stored: this was a dry run.")
                else:
                    self._store(target, sources, by, at, launch=options["launch"])
        except BadFiles as refusal:
            self._refuse(refusal.bad)
        except ValidationError as refusal:
            raise CommandError(_words(refusal)) from None
        except (ChangedMeanwhile, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from None

    def _person(self, email: str | None) -> Person | None:
        if not email:
            return None
        person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"--by: nobody has the address {email}.")
        return person

    def _target(self, options: dict[str, Any]) -> Target:
        cohort = Cohort.objects.filter(slug=options["slug"]).first()
        if cohort:
            self._check_stands(cohort, options)
            return Target(cohort=cohort.pk)
        missing = [f"--{option.replace('_', '-')}" for option in (*NEW_NEEDS, "people") if not options[option]]
        if missing:
            raise CommandError(f"There is no cohort “{options['slug']}” yet; a new one needs {', '.join(missing)}.")
        facts = {option: options[option] for option in NEW_NEEDS}
        return Target(plan=Plan(slug=options["slug"], week_start=options["week_start"] or 0, **facts))

    def _check_stands(self, cohort: Cohort, options: dict[str, Any]) -> None:
        """The cohort's own facts are corrected on its page; files given for other facts are a mistake."""
        phase = cohort.phases.get(kind=Phase.Kind.MAIN)
        facts = {option: getattr(cohort, option) for option in ("name", "time_zone", "week_start")}
        facts |= {"starts_on": phase.starts_on, "ends_on": phase.ends_on}
        for option, stands in facts.items():
            if options[option] is not None and options[option] != stands:
                shown = dict(WEEKDAYS)[stands] if option == "week_start" else stands
                raise CommandError(
                    f"--{option.replace('_', '-')}: the cohort “{cohort.slug}” stands with {shown}."
                    " An import does not change that; staff change it on the cohort's page."
                )
        if not any(options[kind] for kind in KINDS):
            raise CommandError(f"Give at least one of --{', --'.join(KINDS)}.")

    def _store(
        self, target: Target, sources: list[Source], by: Person | None, at: dt.datetime, *, launch: bool
    ) -> None:
        """Everything, the launch included, stands or falls together: the caller's transaction holds it."""
        cohort, found = apply(target, sources, by=by, at=at, progress=self._tell)
        launched = launch_cohort(cohort=cohort, by=by, at=at) if launch and not cohort.is_launched else None
        self._say(found)
        if target.plan or found.changes:
            self.stdout.write(f"Stored in “{cohort.name}” ({cohort.slug}): {found.changes} rows.")
        if launched:
            self._say_launched(cohort, launched)
        elif launch:
            self.stdout.write(f"“{cohort.name}” is launched already.")

    def _say_launched(self, cohort: Cohort, done: LaidOut) -> None:
        self.stdout.write(
            f"“{cohort.name}” is launched: {done.logs} weekly logs, {done.weeks} weeks of pairings,"
            f" {done.meetings} planned meetings."
        )
        for one in done.clashes:
            pair = one.pairing
            names = f"{pair.scholar.person.email} with {pair.mentor.person.email}"
            self.stdout.write(f"no meeting in week {one.week.number} for {names}: somebody has another meeting then")

    def _tell(self, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"{rows} rows written", self.style.NOTICE)

    def _say(self, found: Difference) -> None:
        for part in found.parts.values():
            for word in ("new", "changed", "gone", "kept"):
                for line in getattr(part, word):
                    self.stdout.write(f"{part.title.lower()}: {word}: {line}")
        if not found.changes:
            self.stdout.write("Nothing changes.")

    def _refuse(self, bad: list[BadRow]) -> None:
        for row in bad:
            self.stderr.write(str(row), lambda text: text)
        plural = "" if len(bad) == 1 else "s"
        raise CommandError(f"{len(bad)} fault{plural}; nothing was stored.")


def _source(kind: str, path: Path) -> Source:
    """A file's bytes; one that is too large is refused before it is read."""
    try:
        size = path.stat().st_size
        if reason := too_large(size):
            raise BadFiles([BadRow(path.name, 1, WHOLE_FILE, reason)])
        with path.open("rb") as file:
            return Source(kind, path.name, file.read(MAX_BYTES + 1))
    except OSError as error:
        raise CommandError(f"--{kind}: {path} cannot be read: {error.strerror}.") from None


def _words(refusal: ValidationError) -> str:
    if hasattr(refusal, "error_dict"):
        return " ".join(
            f"--{field.replace('_', '-')}: {' '.join(words)}" for field, words in refusal.message_dict.items()
        )
    return " ".join(refusal.messages)
