"""Migrations in step with the models, one after another, on the driver we chose."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

ROOMS = [settings.BASE_DIR / name for name in ("mats", "cohorts", "mentorship", "coaching")]
OURS = [app for app in apps.get_app_configs() if any(Path(app.path).is_relative_to(room) for room in ROOMS)]
WITH_MIGRATIONS = [app for app in OURS if (Path(app.path) / "migrations" / "__init__.py").exists()]


def test_models_need_no_further_migration(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", WITH_MIGRATIONS, ids=lambda app: app.label)
def test_migrations_of_an_app_stand_in_one_line(app):
    line = MigrationLoader(None).graph.leaf_nodes(app.label)

    last = (Path(app.path) / "migrations" / "max_migration.txt").read_text().strip()
    assert line == [(app.label, last)]


def test_every_app_with_models_has_migrations():
    assert [app.label for app in OURS if any(app.get_models()) and app not in WITH_MIGRATIONS] == []


def test_driver_is_psycopg2():
    assert connection.Database.__name__ == "psycopg2"
    assert importlib.util.find_spec("psycopg") is None
