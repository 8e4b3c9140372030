"""Names that resolve, that do not, and of which nobody says anything in time."""

from __future__ import annotations

import socket
import threading

import pytest

from meshglobal.kube.names import SystemResolver


def test_loopback_resolves_and_a_reserved_name_is_not_taken_for_it() -> None:
    found = SystemResolver().resolve(["localhost", "127.0.0.1", "a..b"])
    assert (found["localhost"], found["127.0.0.1"], found["a..b"]) == (True, True, None)


@pytest.mark.parametrize(
    ("number", "is_there"), [(socket.EAI_NONAME, False), (socket.EAI_AGAIN, None), (socket.EAI_FAIL, None)]
)
def test_only_a_clear_no_is_a_no(number: int, *, is_there: bool | None) -> None:
    def lookup(name: str, port: None) -> None:
        raise socket.gaierror(number, f"{name} {port}")

    assert SystemResolver(lookup=lookup).resolve(["gateway.example"]) == {"gateway.example": is_there}


def test_who_does_not_answer_in_time_is_unknown_and_holds_nobody_up() -> None:
    release = threading.Event()

    def lookup(name: str, port: None) -> None:
        del port
        if name == "slow.example":
            release.wait(30)

    try:
        found = SystemResolver(seconds=0.2, lookup=lookup).resolve(["slow.example", "quick.example"])
    finally:
        release.set()
    assert found == {"slow.example": None, "quick.example": True}
