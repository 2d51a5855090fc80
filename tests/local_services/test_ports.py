import socket
from collections.abc import Iterator

import pytest

from local_services.console import TroubleError
from local_services.ports import is_free, remembered_ports, require_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_remembered_port_is_kept_while_it_is_free() -> None:
    first = remembered_ports(("A", "B"), {})

    assert remembered_ports(("A", "B"), {name: str(port) for name, port in first.items()}) == first
    assert first["A"] != first["B"]


def test_a_remembered_port_that_is_taken_is_replaced(taken: int) -> None:
    chosen = remembered_ports(("A",), {"A": str(taken)})

    assert chosen["A"] != taken
    assert is_free(chosen["A"])


def test_two_names_never_share_a_port() -> None:
    port = str(remembered_ports(("A",), {})["A"])

    chosen = remembered_ports(("A", "B"), {"A": port, "B": port})

    assert str(chosen["A"]) == port
    assert chosen["B"] != chosen["A"]


@pytest.mark.parametrize("memory", ["", "many", "-1"])
def test_a_memory_that_is_no_port_is_passed_over(memory: str) -> None:
    assert is_free(remembered_ports(("A",), {"A": memory})["A"])


def test_a_taken_port_is_said_in_one_sentence(taken: int) -> None:
    with pytest.raises(TroubleError) as trouble:
        require_free(taken, "127.0.0.1")

    assert str(trouble.value) == f"Port {taken} is already in use; stop what uses it or choose another with PORT."


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(TroubleError, match="HOST and PORT"):
        require_free(8000, "192.0.2.1")
