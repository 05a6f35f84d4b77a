"""Every page that exists, as addresses for the cast: what the non-interference test walks.

Addresses come from the resolver. A page about one row is opened for the rows of its kind, which is
the first word of its address; a new kind is opened for every row until `rows` names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mats.pages.admin import site
from mentorship.models import PairingWeek
from tests.cast import Cast

# They tell the time since something happened to the machine, not to people; or draw a new secret each time.
NOT_WALKED = {"healthz", "readyz", "mfa_activate_totp", "mfa_add_webauthn"}

# Kinds of which the cast has no row: nothing to open.
WITHOUT_ROWS = {"messages", "imports", "leave", "actions", "outputs", "midpoint", "talks", "support", "rounds"}
WITHOUT_ROWS |= {"cases", "approvals", "decisions", "letters", "sheets", "duties", "invitations", "exports", "erasures"}
WITHOUT_ROWS |= {"endings", "passkeys"}


def rows(cast: Cast) -> dict[str, list[Any]]:
    """Rows to open by kind."""
    return {
        "people": [cast.place[who] for who in ("scholar", "other_scholar", "mentor", "coach")],
        "places": [cast.place[who] for who in ("scholar", "mentor", "coach")],
        "coaching": [cast.place["scholar"], cast.place["other_scholar"]],
        "pairings": [cast.pairing],
        "caseloads": [cast.caseload],
        "logs": [cast.log],
        "meetings": [cast.meeting],
        "weeks": [PairingWeek.objects.get(meeting=cast.meeting)],
        "phases": [cast.cohort.main_phase],
        "sites": [cast.cohort.sites.get()],
        "stays": [cast.place["scholar"].stays.get()],
    }


def histories(cast: Cast) -> list[tuple[str, Any]]:
    """Kind and key of a history."""
    of_people = [("person", cast.place[who].pk) for who in ("scholar", "other_scholar", "mentor", "coach")]
    rows = {"cohort": cast.cohort, "pairing": cast.pairing, "log": cast.log, "meeting": cast.meeting}
    return [*of_people, *((kind, row.pk) for kind, row in rows.items())]


def named_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_patterns(pattern) if pattern.namespace != "admin" else ()
        elif pattern.name and pattern.name not in NOT_WALKED:
            yield pattern


def addresses(cast: Cast, *, of_accounts: bool = True) -> list[str]:
    """`of_accounts`: the pages of signing in too, which are the same whoever somebody is."""
    found, by_kind = set(), rows(cast)
    everything = [row for some in by_kind.values() for row in some]
    for pattern in named_patterns():
        takes, kind = set(pattern.pattern.converters), str(pattern.pattern).split("/", 1)[0]
        if not takes:
            found.add(reverse(pattern.name))
        elif takes == {"slug"}:
            found.add(reverse(pattern.name, args=[cast.cohort.slug]))
        elif takes == {"kind", "pk"}:
            found.update(reverse(pattern.name, args=pair) for pair in histories(cast))
        elif takes == {"pk"} and kind not in WITHOUT_ROWS:
            found.update(reverse(pattern.name, args=[row.pk]) for row in by_kind.get(kind, everything))
    kept = [address for address in found if of_accounts or not address.startswith("/accounts/")]
    return sorted([*kept, *of_the_admin(cast), "/nonsense/"])


def of_the_admin(cast: Cast) -> list[str]:
    """Its lists, and the scholar and the coach in them."""
    names = [f"admin:{model._meta.app_label}_{model._meta.model_name}" for model in site._registry]
    people = [reverse("admin:cohorts_person_change", args=[person.pk]) for person in (cast.scholar, cast.coach)]
    return [reverse("admin:index"), *people, *(reverse(f"{name}_changelist") for name in names)]
