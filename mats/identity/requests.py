"""What a view is given: a request with its person and its one moment. For annotations only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """Signed in (`user` is a Person), timed by the identity middleware, with htmx's details."""

    user: Any
    now: dt.datetime
    htmx: HtmxDetails
    form_was_refused: bool
    second_factor_is_missing: bool  # said by `cohorts.second_factor`
    _places: Any  # kept by `cohorts.places`
