"""What a browser sent with a form, read with care."""

from __future__ import annotations

import hashlib
import json
import re
import uuid

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from mats.sealing import fingerprint

KEY, VERSION, FORM, ABOUT, BASE, PAGE, PLACE = "_key", "_version", "_form", "_about", "_base", "_page", "_place"

# The machine's own fields: they differ between two drawings of a form and say nothing of its content.
MACHINE = frozenset({KEY, VERSION, FORM, ABOUT, BASE, PAGE, PLACE, "csrfmiddlewaretoken"})

LARGEST_VERSION = 2**31 - 1
LONGEST_PATH = 500  # characters; what the record of a submission holds


def as_uuid(text: str) -> uuid.UUID | None:
    """The key of a row out of what was sent; None if it is none, or is not spelled as keys are here:
    a row has one name, or it would have several drafts."""
    try:
        key = uuid.UUID(text)
    except ValueError:
        return None
    return key if str(key) == text else None


def sent_key(request: HttpRequest) -> uuid.UUID | None:
    """The key the form was drawn with; None for a missing or malformed one, which counts as new."""
    return as_uuid(request.POST.get(KEY, ""))


def sent_version(request: HttpRequest) -> int:
    """The version the form was drawn from; 0, which is older than every row, if it is not a number."""
    text = request.POST.get(VERSION, "")
    return min(int(text), LARGEST_VERSION) if re.fullmatch("[0-9]{1,11}", text) else 0


def own_path(path: str, default: str) -> str:
    """`path` if it is a path of this product, else `default`: no answer leads elsewhere."""
    is_path = path.startswith("/") and path.isprintable() and len(path) <= LONGEST_PATH
    return path if is_path and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else default


def _hashed(upload) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def content_fingerprint(request: HttpRequest) -> str:
    """A keyed hash of where a form went and what it said; equal for the two halves of a double click."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in MACHINE}
    files = {name: [_hashed(upload) for upload in request.FILES.getlist(name)] for name in request.FILES}
    return fingerprint(json.dumps([request.path, fields, files], sort_keys=True))
