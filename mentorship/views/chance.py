"""What became of one's own chances: for their author, and nobody else."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from cohorts.models import Role
from cohorts.places import readable
from mats.identity.requests import Request
from mentorship.chances import NEEDED, calibration, own_chances


def my_chances(request: Request) -> HttpResponse:
    """Every chance with what became of it; how they compare once ten are resolved."""
    mine = readable(request, Role.SCHOLAR)
    if not mine:
        raise Http404
    chances = own_chances(request.user, request.now)
    resolved = calibration(chances)
    context = {
        "chances": chances,
        "calibration": resolved,
        "is_shown": resolved.n >= NEEDED,
        "needed": NEEDED,
        "has_cohorts": len({chance.cohort for chance in chances}) > 1,
    }
    return render(request, "mentorship/my_chances.html", context)
