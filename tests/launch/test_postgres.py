from pathlib import Path

import pytest

from bin.launch import postgres
from bin.launch.words import Trouble


def test_url_encodes_the_socket_folder_as_host():
    found = postgres.url("mats_app", "mats", Path("/tmp/mats-x"))

    assert found == "postgresql://mats_app@%2Ftmp%2Fmats-x:5432/mats"


@pytest.mark.parametrize(
    ("version", "major"),
    [
        ("postgres (PostgreSQL) 18.6\n", 18),
        ("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", 15),
        ("postgres (PostgreSQL) 19devel\n", 19),
        ("something else", 0),
    ],
)
def test_major_version_is_read(version, major):
    assert postgres.major_of(version) == major


def test_data_of_another_major_version_is_refused(tmp_path):
    (tmp_path / "PG_VERSION").write_text("17\n")

    with pytest.raises(Trouble) as refused:
        postgres.check_version(tmp_path, 18)

    assert str(refused.value) == (
        "The demo's data was made by PostgreSQL 17, and this is PostgreSQL 18.\n"
        "bin/demo --fresh starts over with fresh data."
    )


def test_data_of_the_same_major_version_is_taken(tmp_path):
    (tmp_path / "PG_VERSION").write_text("18\n")

    postgres.check_version(tmp_path, 18)


@pytest.mark.parametrize(("major", "builtin"), [(15, False), (16, False), (17, True), (18, True)])
def test_builtin_locale_is_used_where_it_exists(major, builtin):
    assert ("--locale-provider=builtin" in postgres.initdb_options(major)) is builtin


def test_status_reads_the_servers_own_note(tmp_path):
    (tmp_path / "postmaster.pid").write_text("42\n/data\n1\n5432\n/tmp\n\n 1 2\nready   \n")

    assert postgres.status(tmp_path) == (42, "ready")


@pytest.mark.parametrize("content", ["", "x\n", "42\n/data\n"])
def test_status_of_a_half_written_note_is_not_ready(tmp_path, content):
    (tmp_path / "postmaster.pid").write_text(content)

    assert postgres.status(tmp_path)[1] == ""


def test_environment_leaves_libpq_variables_out():
    env = {"PGOPTIONS": "-c x=y", "PGDATA": "/d", "PATH": "/bin"}

    assert postgres.environment(env) == {"PATH": "/bin"}
