"""Every page that holds a form, as the visitor for whom it opens, and the forms that stand on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.client import FakePayload
from django.urls import reverse

from tests.access.outcomes import LINES
from tests.access.things import arguments
from tests.access.visitors import VISITORS, client_of
from tests.cast import Cast

# Of the cast alone: whoever the tables of access add sees the same pages as one of these.
OPEN = {
    (line.address, line.thing): [visitor for visitor in line.visitors("200") if visitor in VISITORS]
    for line in LINES
    if line.method == "GET" and not line.is_of_a_visitor
}


@dataclass
class SentForm:
    """One form of a page: where it goes and what a browser would send untouched."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    @property
    def typed(self) -> list[str]:
        """The fields a person fills."""
        return [name for name in self.fields if not name.startswith("_") and name != "csrfmiddlewaretoken"]

    @property
    def machine(self) -> list[str]:
        """Those it does not, and some that a page may add."""
        return [name for name in self.fields if name not in self.typed] + ["back", "next", "_form", "_about", "_place"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._form: SentForm | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form" and (has.get("method") or "").lower() == "post":
            self._form = SentForm(has.get("action") or "")
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, has, self._form.fields)

    def _field(self, tag: str, has: dict[str, str | None], fields: dict[str, str]) -> None:
        name = has.get("name") or ""
        if tag == "input" and name and has.get("type") not in {"radio", "checkbox"}:
            fields[name] = has.get("value") or ""
            if has.get("type") in {None, "text", "email"}:
                self.forms[-1].texts.add(name)
        elif tag == "input" and name:
            fields.setdefault(name, "")
            fields[name] = (has.get("value") or "on") if "checked" in has else fields[name]
        elif tag == "select":
            self._select = name
            fields[name] = ""
        elif tag == "option" and self._select and ("selected" in has or not fields[self._select]):
            fields[self._select] = has.get("value") or ""
        elif tag == "textarea":
            self._area = name
            fields[name] = ""
            self.forms[-1].texts.add(name)

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def forms_of(page: str, address: str) -> list[SentForm]:
    reader = _Reader()
    reader.feed(page)
    for form in reader.forms:
        form.action = form.action or address
    return reader.forms


def address_of(name: str, thing: str, cast: Cast, things: Any) -> str:
    return reverse(name, kwargs=arguments(thing, cast, things))


def clients_of(cast: Cast, network: str = "198.51.100") -> dict[str, Client]:
    """Everybody of the cast, by column, each with an address of their own."""
    return {
        name: client_of(getattr(cast, who) if who else None, f"{network}.{number}")
        for number, (name, who) in enumerate(VISITORS.items(), start=1)
    }


# Of several for whom a page opens, those who see one of their own; the others see the same about other people.
SEES_MORE = ["out", "stranger", "scholar", "other_s", "mentor", "coach", "staff", "both"]


def every_form(cast: Cast, things: Any, clients: dict[str, Client]) -> Iterator[tuple[Client, SentForm]]:
    """Each form that anybody is shown, once for each address and set of fields."""
    seen = set()
    for (name, thing), visitors in OPEN.items():
        address = address_of(name, thing, cast, things)
        for visitor in [visitor for visitor in visitors if visitor in SEES_MORE] or visitors:
            page = send(clients[visitor], address, method="GET").content.decode()
            for form in forms_of(page, address):
                if (one := (form.action, *form.fields)) not in seen:
                    seen.add(one)
                    yield clients[visitor], form


KIND = "application/x-www-form-urlencoded"


def send(client: Client, address: str, fields: Mapping[str, str] | None = None, method: str = "POST") -> HttpResponse:
    """As no browser would: half characters included. What an answer says of cookies is forgotten, so that whoever
    sends the form that signs out stays; and no template's context is copied, as the client of the tests does."""
    path, body = urlsplit(address), urlencode(fields or {}, errors="surrogatepass").encode()
    asked = {"PATH_INFO": unquote(path.path), "QUERY_STRING": path.query, "REQUEST_METHOD": method}
    sent = {"CONTENT_TYPE": KIND, "CONTENT_LENGTH": str(len(body)), "wsgi.input": FakePayload(body)}
    return client.handler(client._base_environ(**asked, **sent))


def rows(*leaving_out: str) -> dict[str, list[str]]:
    """Every row of every table, in words, besides sessions and rate limits."""
    quiet = {"django_session", "durable_cache", "django_migrations", *leaving_out}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return rows_in([name for (name,) in cursor.fetchall() if name not in quiet])


def rows_in(tables: Iterable[str]) -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def writes() -> dict[str, int]:
    """How many rows of each table were written in this transaction so far, even where that was taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())
