"""Secrets out of files, as containers and service managers hand them over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "NOTE_KEYS",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_ADMIN_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "GOOGLE_CLIENT_SECRET",
    "GITHUB_CLIENT_SECRET",
)


def with_files(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, and for each NAME_FILE in it the NAME that the file holds, without its line end.

    Given both ways a secret would be one thing for whoever reads the environment and another for
    whoever reads the files, so that is refused.
    """
    found = dict(environment)
    for name in SECRETS:
        path = environment.get(f"{name}_FILE")
        if not path:
            continue
        if environment.get(name):
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Keep one of them.")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read.") from error
    return found
