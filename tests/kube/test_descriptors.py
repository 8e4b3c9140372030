"""A large fleet has more watches than a process may have files open, unless it asks for more."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import fleet_of

from meshglobal.app.ports import Following
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.snapshot import Query
from meshglobal.kube.descriptors import make_room

FEW = 300


@pytest.fixture
def limit() -> Iterator[int]:
    """The process may have few files open; what it may ask for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def soft_limit() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def test_more_is_asked_for_where_it_is_needed(limit: int) -> None:
    make_room(10)
    assert soft_limit() == FEW
    make_room(1_000)
    assert soft_limit() >= 1_000
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == limit


def test_no_more_than_may_be_had_is_asked_for(limit: int) -> None:
    make_room(10**9)
    assert FEW < soft_limit() <= max(limit, 10**9 + 1_000)


@pytest.mark.usefixtures("limit")
def test_following_many_clusters_asks_for_it(tmp_path: Path) -> None:
    dead = ({"server": "https://127.0.0.1:1"}, {"token": "t"})
    fleet = fleet_of(tmp_path, {f"c{number}": dead for number in range(30)})
    queries = tuple(Query(SERVICE, f"n{number}") for number in range(10))
    fleet.follow(Following(queries, (), time.monotonic() + 20))  # nothing is sent before somebody wants events
    assert soft_limit() > 30 * 10
    fleet.close()
