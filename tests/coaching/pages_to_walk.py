"""Every page that exists, as addresses for the cast: what the non-interference test walks.

Addresses without a key, or with a cohort's slug, are found by themselves. For a page about one
row, name in `ROWS` which rows of the cast it can be opened for; a page that is not named is
opened for every row in `ANY_ROW`, which is complete and slower.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import Cast

# Pages that tell the time since something happened to the machine, not to people.
NOT_WALKED = {"healthz", "readyz"}

ROWS: dict[str, tuple[str, ...]] = {
    "person": ("scholar", "mentor", "coach", "other_scholar"),
    "pairing": ("pairing",),
    "pairing_change": ("pairing",),
    "caseload_change": ("caseload",),
    "log": ("log",),
    "log_write": ("log",),
    "meeting": ("meeting",),
    "coached": ("scholar", "other_scholar"),
}
ANY_ROW = ("scholar", "mentor", "coach", "pairing", "caseload", "log", "meeting")


def row(cast: Cast, name: str):
    return cast.place[name] if name in cast.place else getattr(cast, name)


def named_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_patterns(pattern)
        elif pattern.name and pattern.name not in NOT_WALKED:
            yield pattern


def addresses(cast: Cast) -> list[str]:
    found = []
    for pattern in named_patterns():
        takes = set(pattern.pattern.converters)
        if not takes:
            found.append(reverse(pattern.name))
        elif takes == {"slug"}:
            found.append(reverse(pattern.name, args=[cast.cohort.slug]))
        elif takes == {"pk"}:
            found += [reverse(pattern.name, args=[row(cast, name).pk]) for name in ROWS.get(pattern.name, ANY_ROW)]
    return sorted(set(found))
