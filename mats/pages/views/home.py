"""Home, the only inbox."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from cohorts.duties import helped_by_me
from cohorts.endings_seen import ended_of
from cohorts.first_hours import first_hours_of
from cohorts.invitations import open_for
from cohorts.models import Role
from cohorts.places import Mine, all_places
from mats.identity.requests import Request
from mats.pages.home.reading import read_home


def home(request: Request) -> HttpResponse:
    """What is next for this person; somebody who is staff and nothing else lands on cohort health, unless
    they have yet to come in somewhere."""
    mine = all_places(request)
    joining = _joining(request, mine)
    if mine.live and not any(joining.values()) and all(place.role == Role.STAFF for place in mine.live):
        newest = mine.live[0].cohort
        return redirect("cohort_health" if newest.is_launched else "set_up", slug=newest.slug)
    if not mine.live and not any(joining.values()) and request.user.starts_cohorts:
        return redirect("cohort_list")
    context = {
        "home": read_home(request.user, mine.live, request.now),
        "mine": mine.live,
        "ended": ended_of(request.user, request.now) if mine.ended else [],
        "helped": helped_by_me(request.user, request.now) if mine.helps else [],
        **joining,
    }
    return render(request, "pages/home.html", context)


def _joining(request: Request, mine: Mine) -> dict[str, Any]:
    """What stands between this person and a place; asked for only where there is something."""
    return {
        "invited": open_for(request.user, request.now) if mine.invited else [],
        "first_hours": first_hours_of(mine.begins),
    }
