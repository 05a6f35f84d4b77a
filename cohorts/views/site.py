"""Sites of a cohort, for its staff."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse

from cohorts.actions.site import add_site, change_site, remove_site
from cohorts.forms.phase import SiteForm
from cohorts.forms.staff import ConfirmForm
from cohorts.models import Site
from cohorts.views.pages import cohort_to_change, cohort_url, form_page, part_of_cohort
from mats.identity.requests import Request


def site_add(request: Request, slug: str) -> HttpResponse:
    cohort = cohort_to_change(request, slug)
    form = SiteForm(request, cohort=cohort, initial={"time_zone": cohort.time_zone})
    if answer := form.hand_to(add_site, cohort=cohort, then=cohort_url(cohort), saved="The site is added."):
        return answer
    return form_page(request, form, cohort=cohort, title="A new site", back=cohort_url(cohort), save="Add")


def site_change(request: Request, pk: uuid.UUID) -> HttpResponse:
    site = part_of_cohort(request, Site.objects, pk)
    form = SiteForm(request, cohort=site.cohort, about=site)
    if answer := form.hand_to(change_site, site=site, then=cohort_url(site.cohort), saved="The site is saved."):
        return answer
    others = [("Remove this site", reverse("site_remove", args=[site.pk]))]
    return form_page(
        request, form, cohort=site.cohort, title=f"Change: {site}", back=cohort_url(site.cohort), others=others
    )


def site_remove(request: Request, pk: uuid.UUID) -> HttpResponse:
    site = part_of_cohort(request, Site.objects, pk)
    form = ConfirmForm(request, cohort=site.cohort, about=site)
    if answer := form.hand_to(remove_site, site=site, then=cohort_url(site.cohort), saved="The site is removed."):
        return answer
    back = reverse("site_change", args=[site.pk])
    return form_page(request, form, cohort=site.cohort, title=f"Remove: {site}", back=back, save="Remove")
