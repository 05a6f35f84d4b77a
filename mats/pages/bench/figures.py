"""One page's figures, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django.core.handlers.wsgi import WSGIHandler

from mats.pages.bench import measuring, pages
from mats.pages.bench.pages import Page
from mats.pages.bench.samples import Sample

MOST_QUERIES = 12
GOAL_RATIO = 3
OK = 200
NOT_THIS_WAY = 405


@dataclass
class Figures:
    """What a page costs. `queries` is by number of scholars; bytes are compressed."""

    page: str
    role: str
    address: str
    queries: dict[int, int] = field(default_factory=dict)
    html_bytes: int = 0
    asset_bytes: int = 0
    ratio: float = 0.0

    @property
    def faults(self) -> list[str]:
        """Why the page does not pass, in words."""
        words, counts = [], [self.queries[size] for size in sorted(self.queries)]
        if any(more > fewer for fewer, more in pairwise(counts)):
            words.append(f"asks more of a larger cohort: {' → '.join(map(str, counts))} queries")
        if max(counts, default=0) > MOST_QUERIES:
            words.append(f"asks {max(counts)} queries, more than {MOST_QUERIES}")
        return words

    def as_json(self) -> dict[str, object]:
        return {
            "page": self.page,
            "role": self.role,
            "address": self.address,
            "queries": {str(size): count for size, count in self.queries.items()},
            "bytes": self.html_bytes + self.asset_bytes,
            "html_bytes": self.html_bytes,
            "asset_bytes": self.asset_bytes,
            "ratio": round(self.ratio, 2),
        }


class Walk:
    """Opens every page (or those of some names) for every sample. `faults` are pages that could not be opened."""

    def __init__(self, samples: Iterable[Sample], *, only: Iterable[str] = ()) -> None:
        self.only = set(only)
        self.handler = WSGIHandler()
        self.samples = list(samples)
        self.faults: list[str] = []
        self.browsers = {
            (sample.size, role): measuring.Browser(self.handler, person)
            for sample in self.samples
            for role, person in sample.people.items()
        }

    def pages(self) -> list[Page]:
        return [page for page in pages.pages() if not self.only or page.name in self.only]

    def count(self) -> list[Figures]:
        """The queries of every page at every size; each is opened once before it is counted."""
        self._ask_about_unknown_addresses()
        found = [self._figures(page) for page in self.pages()]
        return [figures for figures in found if figures]

    def _figures(self, page: Page) -> Figures | None:
        figures = Figures(page.name, page.role, "")
        for sample in self.samples:
            try:
                figures.address = page.address(sample)
            except (AttributeError, IndexError) as error:
                self.faults.append(f"{page.name}: no sample of {page.about} at {sample.size}: {error}")
                return None
            browser, address = self.browsers[sample.size, page.role], figures.address
            status = browser.open(address).status
            if status != OK:
                self.faults.append(f"{page.name}: {address} answers {status} to {page.role} at {sample.size}")
                return None
            figures.queries[sample.size] = len(measuring.questions(lambda: browser.open(address)))  # noqa: B023 - at once
        return figures

    def _ask_about_unknown_addresses(self) -> None:
        """What answers POST only is no page; anything else has to be named in `pages`."""
        browser = next(iter(self.browsers.values()))
        for pattern in pages.unknown():
            if not pattern.name or browser.open(pages.made_up_address(pattern)).status != NOT_THIS_WAY:
                self.faults.append(f"{pattern.name or pattern}: no sample object; name it in mats/pages/bench/pages.py")
