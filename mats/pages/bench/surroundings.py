"""Where pages are measured: a database and static files of their own, as production has them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test.utils import override_settings
from psycopg2 import sql
from psycopg2.extensions import make_dsn

from mats.identity.roles import as_owner, owner_role, parts


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """A new database beside the one in use, made and dropped by the owner; every connection points to it."""
    owner_role()
    usual = parts(settings.DATABASE_OWNER_URL)["NAME"]
    name = f"{usual}_bench"
    _as_owner("DROP DATABASE IF EXISTS {}", name)
    _as_owner("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0", name)
    try:
        _point_to(name)
        call_command("migrate", verbosity=0)
        yield name
    finally:
        _point_to(usual)
        _as_owner("DROP DATABASE IF EXISTS {}", name)


def _as_owner(statement: str, name: str) -> None:
    owner = parts(settings.DATABASE_OWNER_URL)
    to = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    address = make_dsn(**{word: owner[key] for word, key in to.items() if owner[key]})
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        try:
            connection.cursor().execute(sql.SQL(statement).format(sql.Identifier(name)))
        except (psycopg2.errors.ObjectInUse, psycopg2.errors.DuplicateDatabase) as error:
            raise CommandError(f"The database {name} is in use: is another bench running?") from error
        except psycopg2.errors.InsufficientPrivilege as error:
            raise CommandError("The role of DATABASE_OWNER_URL may not create databases (CREATEDB).") from error


def _point_to(name: str) -> None:
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name


def gather_statistics() -> None:
    """What autovacuum does within minutes on a live server."""
    with as_owner() as connection, connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def as_in_production() -> Iterator[Path]:
    """Compressed static files under hashed names, no bar of the demo; the folder of the files."""
    with TemporaryDirectory() as folder:
        files = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        with override_settings(
            DEMO=False,
            ROOT_URLCONF="mats.pages.bench.urls",
            STATIC_ROOT=folder,
            STORAGES={**settings.STORAGES, "staticfiles": files},
            WHITENOISE_USE_FINDERS=False,
        ):
            call_command("collectstatic", interactive=False, verbosity=0)
            yield Path(folder)
