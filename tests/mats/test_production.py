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
    "ERASURE_LEDGER": "/var/lib/mats/erasures.jsonl",
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


@pytest.mark.parametrize(
    "name",
    ["SECRET_KEY", "NOTE_KEYS", "DATABASE_URL", "REDIS_URL", "PUBLIC_ORIGIN", "EMAIL_URL", "ERASURE_LEDGER"],
)
def test_nothing_runs_without_a_setting_that_matters(name):
    found = manage("check", **{name: None})
    assert (found.returncode, name in found.stderr) == (1, True)


def test_address_without_encryption_is_refused():
    assert manage("check", PUBLIC_ORIGIN="http://cohort.example.org").returncode == 1


def test_demo_cohort_is_never_laid_out():
    found = manage("demo_cohort", "--skip-checks")
    assert (found.returncode, "never laid out in production" in found.stderr) == (1, True)


def test_secrets_come_from_files_as_well(tmp_path):
    secrets = {name: PRODUCTION[name] for name in ("SECRET_KEY", "NOTE_KEYS", "DATABASE_URL", "EMAIL_URL", "REDIS_URL")}
    files = {}
    for name, value in {**secrets, "SECRET_KEY_FALLBACKS": "an-older-key,an-oldest-key"}.items():
        (tmp_path / name).write_text(value + "\n")
        files[f"{name}_FILE"] = str(tmp_path / name)
    ask = (
        "from django.conf import settings as s;"
        "print(s.SECRET_KEY, s.SECRET_KEY_FALLBACKS, s.DATABASES['default']['USER'])"
    )
    found = manage("shell", "--no-imports", "-c", ask, **dict.fromkeys(secrets), **files)
    assert found.stdout.strip() == f"{PRODUCTION['SECRET_KEY']} ['an-older-key', 'an-oldest-key'] mats_app"


def test_secret_given_twice_or_in_no_file_stops_it(tmp_path):
    (tmp_path / "key").write_text("x")
    twice = manage("check", SECRET_KEY_FILE=str(tmp_path / "key"))
    nowhere = manage("check", SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "missing"))
    assert ("both set" in twice.stderr, "cannot be read" in nowhere.stderr) == (True, True)


def test_providers_appear_with_their_keys_only():
    ask = (
        "from django.conf import settings as s;"
        "print(list(s.SOCIALACCOUNT_PROVIDERS), s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'][1:])"
    )
    found = manage("shell", "--no-imports", "-c", ask, GITHUB_CLIENT_ID="an-id", GITHUB_CLIENT_SECRET="a-secret")
    assert found.stdout.strip() == "['github'] ['https://github.com']"
    assert manage("check", GITHUB_CLIENT_ID="an-id").returncode == 1


def test_answers_keep_browsers_to_encryption():
    """Of pages, which want their style sheets collected, the matrix of access asks for all other headers."""
    ask = (
        "from django.test import Client\n"
        "for method in ('get', 'post'):\n"
        "    answer = getattr(Client(), method)('/healthz', secure=True, headers={'host': 'cohort.example.org'})\n"
        "    policy = answer.headers.get('Content-Security-Policy', '')\n"
        "    print(answer.status_code, answer.headers.get('Strict-Transport-Security'), 'script-src' in policy)"
    )
    found = manage("shell", "--no-imports", "-c", ask)
    year = "max-age=31536000; includeSubDomains; preload"
    assert found.stdout.splitlines() == [f"{status} {year} True" for status in (200, 405)]
