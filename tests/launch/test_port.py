import pytest

from bin.launch import ports
from bin.launch.words import Trouble


def test_listen_takes_the_next_port_when_one_is_taken():
    with ports.listen() as first, ports.listen() as second:
        found = [listener.getsockname()[1] for listener in (first, second)]

    assert found == sorted(set(found))
    assert all(ports.FIRST <= port < ports.BEYOND for port in found)


def test_listen_on_a_wanted_port_that_is_taken_says_so():
    with ports.listen() as first:
        port = first.getsockname()[1]

        with pytest.raises(Trouble, match=f"^Cannot listen on port {port}: Address already in use.$"):
            ports.listen(port)


def test_address_names_the_port():
    with ports.listen() as listener:
        assert ports.address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
