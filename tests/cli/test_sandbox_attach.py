from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from meshglobal.sandbox.apiserver.faults import Fault
from tests.real_program import DEADLINE, Program
from tests.served_cluster import Served, served_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTRIES = "serviceentries.networking.istio.io"
MEMBERS = "workloadentries.networking.istio.io"
MARK = "meshglobal.dev/sandbox"
ATTACH = ("sandbox", "attach", "--context", "east,west")


@pytest.fixture
def clusters(tmp_path: Path) -> Iterator[list[Served]]:
    """Two clusters without a control plane; one has a published service."""
    with served_cluster(tmp_path, "east") as east, served_cluster(tmp_path, "west") as west:
        for each in (east, west):
            put(each, "namespaces", {"metadata": {"name": "istio-system"}})
        put(east, "services", service("web", {"solo.io/service-scope": "global"}))
        yield [east, west]


@pytest.fixture
def program(tmp_path: Path, clusters: list[Served]) -> Iterator[Program]:
    program = Program(
        tmp_path, {"KUBECONFIG": ":".join(str(each.kubeconfig) for each in clusters), "MESHGLOBAL_DEBUG": "1"}
    )
    yield program
    program.clean()


def service(name: str, labels: dict[str, str]) -> dict[str, Any]:
    ports = [{"name": "http", "port": 80}]
    return {"metadata": {"name": name, "namespace": "default", "labels": labels}, "spec": {"ports": ports}}


def put(cluster: Served, resource: str, obj: dict[str, Any]) -> None:
    cluster.call(lambda: cluster.cluster.client().create(resource, obj))


def entries(cluster: Served, resource: str = ENTRIES) -> dict[str, str]:
    """Name -> mark."""
    found = cluster.call(lambda: cluster.cluster.client().list(resource))
    return {each["metadata"]["name"]: each["metadata"].get("labels", {}).get(MARK, "") for each in found}


def until_entries(cluster: Served, names: set[str], resource: str = ENTRIES) -> None:
    ends = time.monotonic() + DEADLINE
    while set(entries(cluster, resource)) != names:
        assert time.monotonic() < ends, f"{entries(cluster, resource)} are not {names}"


def test_entries_are_generated_and_marked_until_detached(program: Program, clusters: list[Served]) -> None:
    running = program.start(*ATTACH)
    said = running.until("attached to")
    assert said.startswith(f"attached to east, west; objects are marked {MARK}=")
    assert list(entries(clusters[0])) == list(entries(clusters[1])) == ["autogen.default.web"]
    put(clusters[1], "services", service("shop", {"solo.io/service-scope": "global"}))
    for cluster, peer, its in ((*clusters, "shop"), (*reversed(clusters), "web")):
        until_entries(cluster, {"autogen.default.web", "autogen.default.shop"})
        until_entries(cluster, {f"autogen.{peer.cluster.name}.default.{its}"}, MEMBERS)
    code, seconds, _, err = running.end(signal.SIGINT)
    assert code == 130, err
    assert seconds < 3  # a second, on a machine with nothing else to do
    assert "6 generated objects stay; remove them: meshglobal sandbox detach\n" in err
    put(clusters[0], ENTRIES, by_hand())
    assert program("sandbox", "detach").stdout == "6 generated objects removed\n"
    assert entries(clusters[0]) == {"autogen.by.hand": ""}
    assert entries(clusters[1]) == {}


def by_hand() -> dict[str, Any]:
    spec = {"hosts": ["by.hand"], "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}]}
    return {"metadata": {"name": "autogen.by.hand", "namespace": "istio-system"}, "spec": spec}


def test_clean_removes_at_the_end_what_was_written(program: Program, clusters: list[Served]) -> None:
    running = program.start(*ATTACH, "--clean")
    running.until("attached to")
    code, _, _, err = running.end(signal.SIGTERM)
    assert code == 0
    assert "generated objects removed; nothing stays\n" in err
    assert entries(clusters[0]) == entries(clusters[1]) == {}
    told = program("sandbox", "detach", ends=3)
    assert "nothing is remembered of an attachment default" in told.stderr


def test_a_second_run_takes_up_what_the_first_one_left(program: Program, clusters: list[Served]) -> None:
    first = program.start(*ATTACH)
    first.until("attached to")
    mark = entries(clusters[0])["autogen.default.web"]
    first.process.kill()
    first.process.communicate()
    second = program.start(*ATTACH, "--clean")
    assert f"{MARK}={mark}" in second.until("attached to")
    second.end(signal.SIGTERM)
    assert entries(clusters[0]) == {}


def test_detach_ends_an_attachment_that_is_still_at_work(program: Program, clusters: list[Served]) -> None:
    running = program.start(*ATTACH)
    running.until("attached to")
    assert program(*ATTACH, ends=3).stderr.startswith("error: attachment default is at work in another process")
    program("sandbox", "detach")
    said = running.process.communicate(timeout=DEADLINE)
    assert running.process.returncode == 0, said
    assert entries(clusters[0]) == entries(clusters[1]) == {}


def test_what_is_marked_can_be_removed_without_memory(program: Program, clusters: list[Served], tmp_path: Path) -> None:
    running = program.start(*ATTACH)
    running.until("attached to")
    mark = entries(clusters[0])["autogen.default.web"]
    running.end(signal.SIGTERM)
    elsewhere = Program(tmp_path, program.more | {"XDG_STATE_HOME": str(tmp_path / "elsewhere")})
    assert mark in elsewhere(*ATTACH, ends=2).stderr
    removed = elsewhere("sandbox", "detach", "--context", "east", "--context", "west", "--mark", mark)
    assert removed.stdout == "3 generated objects removed\n"


def test_a_mesh_with_a_control_plane_is_refused(program: Program) -> None:
    program("sandbox", "up", "--detach", "--scenario", "empty")
    path = program("sandbox", "kubeconfig").stdout.strip()
    told = program("sandbox", "attach", "--kubeconfig", path, "--context", "cluster1", "--context", "cluster2", ends=2)
    assert told.stderr.startswith("error: these clusters cannot be attached:\n  cluster cluster1: Gateway ")
    assert "a real control plane peers this cluster\n" in told.stderr
    assert "hint: nothing was written" in told.stderr


def test_one_cluster_by_two_contexts_is_refused(program: Program, clusters: list[Served]) -> None:
    clusters[0].write_kubeconfig("reader")
    text = clusters[0].kubeconfig.read_text().replace("east-reader", "again")
    clusters[0].kubeconfig.write_text(text)
    told = program("sandbox", "attach", "--context", "east", "--context", "again", ends=2)
    assert "are the same cluster" in told.stderr


def test_what_cannot_be_attached_is_told(program: Program) -> None:
    assert "no cluster was named" in program("sandbox", "attach", ends=2).stderr
    assert "nowhere" in program("sandbox", "attach", "--context", "nowhere", ends=3).stderr
    assert "there is no switch 'x'" in program(*ATTACH, "--switch", "x=y", ends=2).stderr


def test_ctrl_c_while_a_cluster_hangs_ends_it_at_once(program: Program, clusters: list[Served]) -> None:
    reached = Fault(hangs=True, path="*/services")
    clusters[1].call(lambda: clusters[1].cluster.faults.set("hung", reached))
    running = program.start(*ATTACH)
    memory = program.home / "state/meshglobal/attached/default/state.json"
    while not memory.exists():
        assert running.process.poll() is None
    code, seconds, _, err = running.end(signal.SIGINT)
    assert code == 130, err
    assert seconds < 3  # a second, on a machine with nothing else to do
    assert "ended while it started" in err
    clusters[1].call(lambda: clusters[1].cluster.faults.clear("hung"))
