"""The sandbox's own paths: for the admin alone, and open whatever faults are on."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
from plain_http import ask, connection, headers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from served_cluster import Served

FAULTS = "/sandbox/faults"


@pytest.fixture
def untroubled(served: Served) -> Iterator[Served]:
    yield served
    served.call(served.cluster.faults.clear)


@pytest.mark.parametrize("user", [None, "reader"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", FAULTS), ("PUT", f"{FAULTS}/x"), ("DELETE", FAULTS), ("PUT", "/sandbox/hang")]
)
def test_nobody_but_the_admin_may_ask(untroubled: Served, user: str | None, method: str, path: str) -> None:
    assert ask(untroubled, method, path, {"drops": True}, user=user).status == 403
    assert untroubled.call(untroubled.cluster.faults.names) == []


def test_a_fault_that_strikes_everything_can_be_ended(untroubled: Served) -> None:
    assert ask(untroubled, "PUT", f"{FAULTS}/down", {"status": 503}).json == {"faults": ["down"]}
    assert ask(untroubled, "GET", "/api/v1/namespaces").status == 503
    assert ask(untroubled, "GET", FAULTS).json == {"faults": ["down"]}
    assert ask(untroubled, "DELETE", f"{FAULTS}/down").json == {"faults": []}
    assert ask(untroubled, "GET", "/api/v1/namespaces").status == 200


@pytest.mark.parametrize("body", [{"drops": "yes"}, {"left": "1"}, [], "down", None])
def test_a_fault_that_is_none_is_refused(untroubled: Served, body: object) -> None:
    answer = ask(untroubled, "PUT", f"{FAULTS}/down", body)
    assert answer.status == 400
    assert answer.json["error"]
    assert untroubled.call(untroubled.cluster.faults.names) == []


def test_what_there_is_not_is_not_found(untroubled: Served) -> None:
    assert ask(untroubled, "GET", "/sandbox/").status == 404
    assert ask(untroubled, "PATCH", FAULTS, {}).status == 404
    assert ask(untroubled, "PUT", FAULTS, {"drops": True}).json == {"error": "name the fault: /sandbox/faults/NAME"}


def test_a_clock_can_be_ahead(untroubled: Served) -> None:
    def date() -> float:
        with connection(untroubled) as opened:
            opened.request("GET", "/version", headers=headers_of(untroubled, "admin"))
            response = opened.getresponse()
            json.loads(response.read())
            return parsedate_to_datetime(response.headers["Date"]).timestamp()

    before = date()
    ask(untroubled, "PUT", f"{FAULTS}/clock", {"skew": 3600})
    assert 3590 < date() - before < 3690
