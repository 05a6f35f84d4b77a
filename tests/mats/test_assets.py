"""What a browser has to fetch: unmodified packages, few bytes, nothing inline."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import get_template

FIRST_VISIT = 60 * 1024
# As published with Bootstrap 5.3.8 for `dist/css/bootstrap.min.css`.
BOOTSTRAP = "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"
# A letter has no policy: its styles are put inline when it is sent.
TEMPLATES = sorted(path for path in (settings.BASE_DIR / "templates").rglob("*.html") if path.name != "body.html")
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|hx-vals=.js:|javascript:|hx-trigger=[^>]*\["
)


def file_of(address: str) -> Path:
    return Path(finders.find(address.removeprefix("/static/")))


def assets_of(page: str) -> set[str]:
    """Every static file that a page names, and what its style sheets bring in."""
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    brought = {
        f"/static/css/{name}"
        for sheet in named
        if sheet.endswith(".css")
        for name in re.findall(r'@import url\("([^"]+)"', file_of(sheet).read_text())
    }
    return named | brought


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=9, mtime=0))


def test_bootstrap_is_the_published_file():
    digest = hashlib.sha384(file_of("css/bootstrap.min.css").read_bytes()).digest()

    assert base64.b64encode(digest).decode() == BOOTSTRAP


def test_our_base_wins_over_the_package_of_the_same_name():
    assert Path(get_template("base.html").origin.name) == settings.BASE_DIR / "templates" / "base.html"


@pytest.mark.parametrize("address", ["/accounts/login/", "/gallery/"])
def test_first_visit_fits_into_sixty_kilobytes(client, cast, address):
    if address != "/accounts/login/":
        client.force_login(cast.staff)
    page = client.get(address).content

    total = compressed(page) + sum(compressed(file_of(asset).read_bytes()) for asset in assets_of(page.decode()))

    assert total <= FIRST_VISIT


def test_every_style_sheet_of_ours_is_on_every_page_or_named_by_its_own(client, db):
    page = client.get("/accounts/login/").content.decode()
    ours = {f"/static/css/{sheet.name}" for sheet in (settings.BASE_DIR / "static" / "css").glob("*.css")}
    named = {f"/static/{name}" for path in TEMPLATES for name in re.findall(r"static '(css/[^']+)'", path.read_text())}

    assert ours - assets_of(page) == {f"/static/css/{name}.css" for name in ("cases", "log", "weeks")}
    assert ours - named == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_template_has_nothing_inline(template):
    assert INLINE.findall(template.read_text()) == []


def test_production_files_refer_to_nothing_that_is_missing(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    assert re.search(r"bootstrap\.min\.\w{12}\.css", next(tmp_path.glob("css/ground.*.css")).read_text())
