"""Production as its settings make it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "MATS_ENV": "production",
    "SECRET_KEY": "a-long-key-of-a-real-installation-0123456789-abcdefghijklmnop",
    "PUBLIC_ORIGIN": "https://cohort.example.org",
    "NOTE_KEYS": "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "REDIS_URL": "redis://redis.example.org:6379/0",
    "DATABASE_URL": "postgresql://mats_app:secret@db.example.org:5432/mats",
}


def manage(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    wanted = {**PRODUCTION, **changes}
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "LANG", "HOME"}}
    environment = {**kept, **{name: value for name, value in wanted.items() if value is not None}}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def test_deployment_check_is_clean():
    found = manage("check", "--deploy", "--fail-level", "INFO")
    assert (found.returncode, found.stdout) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.parametrize("name", ["SECRET_KEY", "NOTE_KEYS", "DATABASE_URL", "REDIS_URL", "PUBLIC_ORIGIN", "EMAIL_URL"])
def test_nothing_runs_without_a_setting_that_matters(name):
    found = manage("check", **{name: None})
    assert (found.returncode, name in found.stderr) == (1, True)


def test_address_without_encryption_is_refused():
    assert manage("check", PUBLIC_ORIGIN="http://cohort.example.org").returncode == 1


def test_demo_cohort_is_never_laid_out():
    found = manage("demo_cohort", "--skip-checks")
    assert (found.returncode, "never laid out in production" in found.stderr) == (1, True)
