"""Every address × GET, HEAD, POST × every kind of visitor has a declared outcome.

The list of addresses is walked from the resolver, the outcomes stand in `outcomes.txt`: an address
without a line fails, a line without an address fails. What Django's admin has stands in no line: one
rule says it for all of its addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mats.pages.admin import site
from tests.access.asking import ask, asked, faults, normalised, words_read
from tests.access.outcomes import COLUMNS, LINES, METHODS, line_of, things_of
from tests.access.visitors import EVERYBODY, named_patterns
from tests.access.world import World

__all__ = ["normalised"]

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

HOW_TO = "bin/test -q -s -n 0 tests/access/fill.py prints outcomes.txt as it is found"


def test_every_address_is_declared():
    assert {line.address for line in LINES} == {pattern.name for pattern in named_patterns()}


def test_every_address_declares_both_methods():
    declared = [(line.address, line.thing, line.method) for line in LINES]
    assert declared == [(*pair, method) for pair in things_of() for method in METHODS]


def test_columns_are_the_visitors():
    assert list(EVERYBODY) == COLUMNS


@pytest.mark.parametrize("pair", things_of(), ids="-".join)
def test_outcome(world: World, pair):
    found, wrong = asked(world, *pair)
    for method in METHODS:
        assert found[method] == line_of(*pair, method).statuses, f"{method}; {HOW_TO}"
    assert wrong == []


def admin_addresses(world: World) -> Iterator[str]:
    """The front page, each list, and of each list a row that is there and one that is not."""
    yield reverse("admin:index")
    keys = {model: (model._default_manager.first().pk, "nonsense") for model in site._registry}
    for model, of_both in keys.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield from (reverse(f"{name}_change", args=[key]) for key in of_both)


def patterns_of(resolver: URLResolver | URLPattern) -> int:
    return sum(map(patterns_of, getattr(resolver, "url_patterns", []))) or 1


def test_admin_is_there_for_superusers_alone(world: World):
    """To everybody else it is like nonsense, and signed out it is the sign-in."""
    addresses, wrong = [*admin_addresses(world)], []
    for address in addresses:
        for visitor in world.people:
            for method in ("GET", "HEAD", "POST"):
                client = world.clients[visitor]
                answer = ask(client, method, address)
                if answer.status_code not in admin_outcomes(visitor, method, address):
                    wrong.append((address, visitor, method, answer.status_code))
                wrong += [(address, visitor, method, word) for word in words_read(world, visitor, answer)]
                if method != "HEAD":
                    wrong += [(address, visitor, method, fault) for fault in faults(client, method, answer)]
    assert wrong == []
    [admin] = [one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "admin"]
    assert len(addresses) == patterns_of(admin) + len(site._registry)  # of each list two rows


def admin_outcomes(visitor: str, method: str, address: str) -> set[int]:
    if visitor in {"out", "disabled"}:
        return {401} if method == "POST" else {302}
    if visitor != "super":
        return {404}
    if address.endswith("/nonsense/"):
        return {302, 403} if method == "POST" else {302}
    return {200, 403} if method == "POST" else {200}
