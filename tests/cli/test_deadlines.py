"""Nothing goes on beyond ``--timeout``, whichever request it is that gets no answer; 0 has kubectl's meanings."""

from __future__ import annotations

import time

import pytest
from ran import Meshglobal, Ran
from served_mesh import ServedMesh

from meshglobal.sandbox.apiserver.faults import Fault

HERE = ("-n", "bookinfo", "--all-contexts")
LIMIT = 3.0
SLACK = 1.5  # for a busy machine


def timed(meshglobal: Meshglobal, *arguments: str) -> Ran:
    """Run with a deadline, and hold the program to it."""
    begun = time.monotonic()
    ran = meshglobal(*arguments, *HERE, "--timeout", f"{LIMIT}s")
    assert time.monotonic() - begun < LIMIT + SLACK, arguments
    return ran


@pytest.mark.parametrize("method", ["GET", "PATCH"])
@pytest.mark.parametrize("command", ["expose", "unexpose"])
def test_a_write_ends_in_time_although_a_cluster_hangs(
    command: str, method: str, mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    if command == "unexpose":
        assert meshglobal("expose", "svc", "reviews", *HERE).code == 0
    mesh.fault("cluster3", Fault(hangs=True, methods=frozenset({method})))
    assert timed(meshglobal, command, "svc", "reviews", "--yes", "--request-timeout", "2s").code in (3, 4, 5)


def test_a_cluster_that_is_slow_all_the_time_is_no_way_around_the_deadline(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    for cluster in mesh.clusters:
        mesh.fault(cluster, Fault(latency=1.2))
    ran = timed(meshglobal, "expose", "svc", "reviews")
    assert ran.code in (3, 4, 5)
    assert "Traceback" not in ran.err


def test_no_time_is_left_for_waiting_where_all_hang(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    for cluster in mesh.clusters:
        mesh.fault(cluster, Fault(hangs=True))
    ran = timed(meshglobal, "verify", "svc/reviews", "--wait", "-o", "json")
    assert ran.code == 3
    assert {host["state"] for host in ran.document["hosts"]} <= {"Unknown"}


def test_a_timeout_of_zero_looks_once(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    mesh.stop_control_plane()
    ran = meshglobal("expose", "svc", "reviews", *HERE, "--timeout", "0", "-o", "json")
    assert (ran.code, set(ran.states().values())) == (5, {"Missing"})
    assert "error: timed out after 0 s" in ran.err
    ran = meshglobal("verify", "svc/reviews", *HERE, "--wait", "--timeout", "0", "-o", "json")
    assert (ran.code, set(ran.states().values())) == (5, {"Missing"})
    assert meshglobal("verify", "svc/reviews", *HERE, "--timeout", "0").code == 1


def test_a_request_timeout_of_zero_is_no_limit_but_the_run_s(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    assert meshglobal("verify", *HERE, "--request-timeout", "0").code == 0
    mesh.fault("cluster3", Fault(hangs=True))
    ran = timed(meshglobal, "verify", "svc/reviews", "--request-timeout", "0", "-o", "json")
    assert (ran.code, ran.states()["cluster3"]) == (3, "Unknown")


@pytest.mark.parametrize("time_", ["99999999999999h", "1000000h"])
def test_a_timeout_may_be_longer_than_a_life(time_: str, mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("expose", "svc", "reviews", *HERE, "--timeout", time_, "--request-timeout", time_)
    assert ran.code == 0, ran.err


def test_a_request_timeout_that_nothing_can_meet_is_called_by_its_name(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    del mesh
    ran = meshglobal("verify", *HERE, "--request-timeout", "0.0001ms", "-o", "json")
    causes = {unread["failure"]["cause"] for cluster in ran.document["clusters"] for unread in cluster["unread"]}
    assert (ran.code, causes) == (3, {"timeout"})
