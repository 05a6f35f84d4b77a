"""How many questions a page asks the database."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MACHINE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SELECT set_config")


def questions(client: Client, address: str, **options) -> int:
    """Queries of a page; transaction control and set_config are not counted."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, **options).status_code in {200, 204}
    return sum(not query["sql"].startswith(MACHINE) for query in asked.captured_queries)
