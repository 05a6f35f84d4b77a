"""The mail server, for whoever sends."""

from __future__ import annotations

import pytest

from tests.mail import mail_server as serving


@pytest.fixture
def mail_server():
    with serving() as server:
        yield server
