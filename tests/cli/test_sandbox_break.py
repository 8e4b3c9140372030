"""`sandbox break` and `fault`: what they say and refuse, and that all can be taken back whatever happened."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from meshglobal.sandbox.breaking.recipes import recipes
from tests.real_program import BIN, Program

pytestmark = pytest.mark.xdist_group("break-commands")

SERVICES = "services/productpage"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.clean()


@pytest.fixture(scope="module")
def one_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("faults"))
    program("sandbox", "up", "--detach", "--clusters", "1", "--scenario", "empty", "--no-traffic")
    yield program
    program.clean()


def kubectl(program: Program, *arguments: str, name: str = "default") -> str:
    done = subprocess.run(
        [BIN / "kubectl", "--kubeconfig", str(program.place(name).kubeconfig), "-n", "bookinfo", *arguments],
        env=program.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_it_says_what_is_so_what_shows_it_and_how_to_take_it_back(program: Program) -> None:
    program("sandbox", "up", "--detach", "--name", "mine", "--no-traffic")
    told = program("sandbox", "break", "mg302", "--name", "mine")
    assert told.stdout == (
        "MG302: the load balancer of cluster1's east-west Gateway is pending\n"
        "see it:   meshglobal diagnose svc productpage -n bookinfo --all-contexts\n"
        "mend it:  not from here: whoever runs the load balancers must give it an address\n"
        "or undo:  meshglobal sandbox break --undo --name mine\n"
    )
    assert json.loads(program("sandbox", "status", "--name", "mine", "-o", "json").stdout)["broken"] == "MG302"
    refused = program("sandbox", "break", "MG101", "--name", "mine", ends=2)
    assert refused.stderr == (
        "error: MG302 is set up already\nhint: take it back first: meshglobal sandbox break --undo --name mine\n"
    )
    assert program("sandbox", "break", "--undo", "--name", "mine").stdout == "MG302 is undone\n"
    assert program("sandbox", "break", "--undo", "--name", "mine").stdout == "nothing is set up\n"
    assert json.loads(program("sandbox", "status", "--name", "mine", "-o", "json").stdout)["broken"] is None


def test_every_cause_is_listed(program: Program) -> None:
    listed = program("sandbox", "break", "--list").stdout.splitlines()
    assert listed[0].split() == ["CODE", "WHAT", "IS", "SET", "UP"]
    assert [line.split()[0] for line in listed[1:]] == list(recipes())
    assert "MG690   cannot be set up: it is about a file of waivers, not about a mesh" in listed


def test_what_cannot_be_is_refused_with_a_next_step(program: Program) -> None:
    for arguments in ((), ("MG101", "--undo"), ("--list", "--undo")):
        assert (
            "break takes one of these: a code, --undo, --list" in program("sandbox", "break", *arguments, ends=2).stderr
        )
    assert "no sandbox default is running" in program("sandbox", "break", "MG101", ends=3).stderr
    program("sandbox", "up", "--detach", "--scenario", "empty", "--no-traffic")
    assert program("sandbox", "break", "MG999", ends=2).stderr.startswith("error: no sandbox shows MG999\nhint: ")
    assert "a file of waivers" in program("sandbox", "break", "MG690", ends=2).stderr
    assert "--clusters 3" in program("sandbox", "break", "MG222", ends=2).stderr
    assert "--scenario bookinfo" in program("sandbox", "break", "MG101", ends=2).stderr
    assert program("sandbox", "break", "--undo").stdout == "nothing is set up\n"


def test_a_break_that_was_killed_half_way_can_be_taken_back(program: Program) -> None:
    program("sandbox", "up", "--detach", "--no-traffic")
    before = json.loads(kubectl(program, "--context", "cluster1", "get", SERVICES, "-o", "json"))
    program("sandbox", "break", "MG120")
    kubectl(program, "--context", "cluster1", "delete", SERVICES)  # as if it had not come to make it anew
    program("sandbox", "break", "--undo")
    after = json.loads(kubectl(program, "--context", "cluster1", "get", SERVICES, "-o", "json"))
    assert after["spec"] == before["spec"]
    assert after["metadata"]["labels"] == before["metadata"]["labels"]


def test_a_fault_is_taken_back_by_the_way_that_it_does_not_strike(program: Program) -> None:
    program("sandbox", "up", "--detach", "--no-traffic")
    program("sandbox", "break", "MG601")
    shown = program("check", "--all-contexts", "--kubeconfig", str(program.place().kubeconfig), "-o", "json", ends=3)
    assert [one["code"] for one in json.loads(shown.stdout)["findings"]] == ["MG601"]
    assert program("sandbox", "break", "--undo").stdout == "MG601 is undone\n"
    assert kubectl(program, "--context", "cluster1", "get", SERVICES, "-o", "name") == "service/productpage\n"


def test_a_server_that_asks_for_patience_gets_it(one_cluster: Program) -> None:
    one_cluster("sandbox", "fault", "cluster1", "429", "--retry-after", "0", "--times", "2", "--method", "get")
    shown = one_cluster("check", "--all-contexts", "--kubeconfig", str(one_cluster.place().kubeconfig))
    assert shown.stdout.endswith("1 of 1 clusters read\n")
    assert one_cluster("sandbox", "fault", "cluster1", "--end").stdout == "cluster1: 429 ended\n"


def test_faults_begin_are_listed_and_end(program: Program) -> None:
    program("sandbox", "up", "--detach", "--clusters", "3", "--no-traffic")
    assert program("sandbox", "fault").stdout == "nothing is on\n"
    assert program("sandbox", "fault", "cluster1", "403", "--path", "*/gateways").stdout == "cluster1: 403\n"
    program("sandbox", "fault", "cluster2", "istiod")
    program("sandbox", "fault", "cluster2", "partition", "--peer", "cluster3")
    program("sandbox", "fault", "cluster3", "slow", "--delay", "1ms", "--times", "3", "--method", "get")
    assert program("sandbox", "fault").stdout.splitlines() == [
        "cluster1: 403",
        "cluster2: istiod",
        "cluster2: partition cluster3",
        "cluster3: slow",
        "cluster3: partition cluster2",
    ]
    kubeconfig = ("--kubeconfig", str(program.place().kubeconfig))
    shown = json.loads(program("check", "--all-contexts", *kubeconfig, "-o", "json", ends=1).stdout)
    assert [(one["code"], one["context"]) for one in shown["findings"]] == [
        ("MG304", "cluster2"),
        ("MG304", "cluster3"),
        ("MG602", "cluster1"),
    ]
    assert program("sandbox", "fault", "cluster2", "istiod", "--end").stdout == "cluster2: istiod ended\n"
    ended = program("sandbox", "fault", "--end").stdout.splitlines()
    assert ended == ["cluster1: 403 ended", "cluster2: partition cluster3 ended", "cluster3: slow ended"]
    assert program("sandbox", "fault", "--end").stdout == "nothing was on\n"
    assert program("check", "--all-contexts", *kubeconfig).stdout.endswith("3 of 3 clusters read\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cluster9", "drop"), "this sandbox has no cluster 'cluster9'"),
        (("cluster1",), "say what the cluster is to do"),
        (("cluster1", "drip"), "there is no trouble 'drip'"),
        (("cluster1", "399"), "there is no trouble '399'"),
        (("cluster1", "slow"), "--delay goes with slow and skew alone"),
        (("cluster1", "drop", "--delay", "1s"), "--delay goes with slow and skew alone"),
        (("cluster1", "drop", "--retry-after", "1"), "--retry-after goes with an HTTP status alone"),
        (("cluster1", "partition"), "--peer goes with partition alone"),
        (("cluster1", "slow", "--delay", "soon"), "is no duration"),
    ],
)
def test_a_fault_that_cannot_be_is_a_usage_error(one_cluster: Program, arguments: tuple[str, ...], said: str) -> None:
    assert said in one_cluster("sandbox", "fault", *arguments, ends=2).stderr
    assert one_cluster("sandbox", "fault").stdout == "nothing is on\n"
