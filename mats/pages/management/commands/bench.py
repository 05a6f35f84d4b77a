"""What every page costs: queries at three sizes, bytes, and time beside a bare view."""

from __future__ import annotations

import json
import time
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from mats import clock
from mats.pages.bench import measuring
from mats.pages.bench.figures import GOAL_RATIO, Figures, Walk
from mats.pages.bench.pages import PAGES
from mats.pages.bench.samples import Sample, lay_out_sample
from mats.pages.bench.surroundings import as_in_production, database_of_its_own, gather_statistics

SIZES = (1, 60, 600)
TIMED_AT = 60
ROUNDS, QUICK_ROUNDS = 60, 7
LINE = "{:<26} {:<8} {:>4} {:>4} {:>4} {:>8} {:>8} {:>6}  {}"


class Command(BaseCommand):
    help = (
        "Open every page as the role for whom it is heaviest, in a database of its own, and print queries at"
        f" {', '.join(map(str, SIZES))} scholars, compressed bytes, and the ratio to a bare view at {TIMED_AT}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of objects instead of a table")
        parser.add_argument("--quick", action="store_true", help=f"medians of {QUICK_ROUNDS} rounds, not {ROUNDS}")
        parser.add_argument(
            "--only", nargs="+", default=[], metavar="NAME", help="address names, such as cohort_health"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if unheard := set(options["only"]) - PAGES.keys():
            raise CommandError(
                f"There is no page {', '.join(sorted(unheard))}; names stand in mats/pages/bench/pages.py."
            )
        begun = time.monotonic()
        with database_of_its_own(), as_in_production() as files:
            samples = [self._lay_out(size) for size in SIZES]
            gather_statistics()
            walk = Walk(samples, only=options["only"])
            self._say("counting queries")
            found = walk.count()
            self._time(walk, found, files, QUICK_ROUNDS if options["quick"] else ROUNDS)
        self._say(f"{len(found)} pages in {time.monotonic() - begun:.0f} s")
        self.stdout.write(json.dumps([one.as_json() for one in found], indent=1) if options["json"] else table(found))
        self._judge(found, walk.faults)

    def _say(self, words: str) -> None:
        self.stderr.write(f"bench: {words}", self.style.NOTICE)

    def _lay_out(self, size: int) -> Sample:
        self._say(f"laying out a cohort with {size} {'scholar' if size == 1 else 'scholars'}")
        return lay_out_sample(size, clock.now())

    def _time(self, walk: Walk, found: list[Figures], files: Path, rounds: int) -> None:
        bare = reverse("bench_bare")
        addresses = {(page.name, page.role): page for page in walk.pages()}
        sample = next(sample for sample in walk.samples if sample.size == TIMED_AT)
        for number, figures in enumerate(found, 1):
            self._say(f"timing {number} of {len(found)}: {figures.page} as {figures.role}")
            figures.address = addresses[figures.page, figures.role].address(sample)
            open_it = partial(walk.browsers[TIMED_AT, figures.role].open, figures.address)
            body = open_it().body
            figures.html_bytes = measuring.compressed(body)
            figures.asset_bytes = measuring.asset_bytes(body.decode(), files)
            figures.ratio = measuring.ratio(open_it, partial(walk.browsers[TIMED_AT, figures.role].open, bare), rounds)

    def _judge(self, found: list[Figures], unopened: list[str]) -> None:
        """A page that grows, asks too much or cannot be opened is a failure; a slow one is said."""
        for one in found:
            if one.ratio > GOAL_RATIO:
                self._say(f"{one.page} as {one.role} takes {one.ratio:.1f} bare views; the goal is {GOAL_RATIO}")
        faults = unopened + [f"{one.page} as {one.role} {fault}" for one in found for fault in one.faults]
        if faults:
            raise CommandError("\n".join(faults))


def table(found: list[Figures]) -> str:
    head = LINE.format("page", "role", *(f"q{size}" for size in SIZES), "html", "assets", "ratio", "address")
    lines = [
        LINE.format(
            one.page, one.role, *one.queries.values(), one.html_bytes, one.asset_bytes, f"{one.ratio:.2f}", one.address
        )
        for one in found
    ]
    return "\n".join([head, *lines])
