import base64
from pathlib import Path

import pytest

from bin.launch import services, valkey
from bin.launch.words import Trouble

APP = "postgresql://app@db/mats"
OWNER = "postgresql://owner@db/mats"


def test_given_takes_the_callers_addresses():
    env = {"DATABASE_URL": APP, "DATABASE_OWNER_URL": OWNER, "REDIS_URL": "redis://r", "HOME": "/"}

    assert services.given(env) == {"DATABASE_URL": APP, "DATABASE_OWNER_URL": OWNER, "REDIS_URL": "redis://r"}


def test_given_ignores_an_admin_address_without_a_database():
    assert services.given({"DATABASE_ADMIN_URL": OWNER, "DATABASE_URL": ""}) == {}


def test_owner_address_alone_is_refused():
    with pytest.raises(Trouble, match=r"^DATABASE_OWNER_URL is set but DATABASE_URL is not"):
        services.given({"DATABASE_OWNER_URL": OWNER})


def test_environment_puts_the_callers_keys_before_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of the caller")
    monkeypatch.delenv("NOTE_KEYS", raising=False)

    env = services.environment(
        "demo", {}, {"SECRET_KEY": "ours", "NOTE_KEYS": "k1:x"}, mail=Path("/m"), origin="http://127.0.0.1:8000"
    )

    assert (env["SECRET_KEY"], env["NOTE_KEYS"]) == ("of the caller", "k1:x")


def test_environment_gives_one_set_of_addresses(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    monkeypatch.setenv("DATABASE_ADMIN_URL", OWNER)

    env = services.environment("test", {"DATABASE_URL": APP}, {}, mail=Path("/m"), origin="o")

    assert env["DATABASE_URL"] == APP
    assert "DATABASE_ADMIN_URL" not in env


@pytest.mark.parametrize("name", sorted(services.NOT_FOR_CHILDREN))
def test_environment_leaves_out_what_would_change_our_python(monkeypatch, name):
    monkeypatch.setenv(name, "/somewhere")

    assert name not in services.environment("demo", {}, {}, mail=Path("/m"), origin="o")


def test_throwaway_keys_have_the_size_that_encryption_needs():
    name, key = services.test_keys()["NOTE_KEYS"].split(":")

    assert (name, len(base64.b64decode(key))) == ("k1", 32)


def test_broker_address_is_a_unix_socket():
    assert valkey.url(Path("/tmp/mats-x")) == "unix:///tmp/mats-x/valkey.sock"


@pytest.mark.parametrize(
    ("version", "major"),
    [("Valkey server v=9.1.2 sha=0", 9), ("Redis server v=7.0.15 sha=0 bits=64", 7), ("?", 0)],
)
def test_broker_version_is_read(version, major):
    assert valkey.major_of(version) == major
