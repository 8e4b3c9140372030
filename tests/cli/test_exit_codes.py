"""Each exit code is reached, is the same in every output format, and always comes with one valid document."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
import yaml
from ran import Meshglobal, Ran
from served_mesh import ServedMesh, environment, served_mesh

import meshglobal.bootstrap
from meshglobal.sandbox.apiserver.faults import Fault

FORMATS = ("table", "wide", "json", "yaml", "name")
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/report.schema.json").read_text())
BOTH = ("--context", "cluster1,cluster2")
HERE = ("-n", "bookinfo", *BOTH)


def check(meshglobal: Meshglobal, code: int, *arguments: str) -> Ran:
    """Run in every format; every run ends with the code, every document fits the schema and names it."""
    runs = {output: meshglobal(*arguments, "-o", output) for output in FORMATS}
    assert {output: ran.code for output, ran in runs.items()} == dict.fromkeys(FORMATS, code)
    for document in (runs["json"].document, yaml.safe_load(runs["yaml"].out)):
        jsonschema.validate(document, SCHEMA)
        assert document["exitCode"] == code
    return runs["json"]


def test_0_all_is_as_it_must_be(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    meshglobal("expose", "svc", "productpage", *HERE)
    ran = check(meshglobal, 0, "verify", "svc/productpage", *HERE)
    assert ran.states() == {"cluster1": "Ready", "cluster2": "Ready"}


def test_1_something_is_wrong(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = check(meshglobal, 1, "verify", "svc/productpage", *HERE)
    assert ran.states() == {"cluster1": "Missing", "cluster2": "Missing"}
    assert meshglobal("verify", "svc/productpage", *HERE, "--fail-on", "never").code == 0


def test_1_what_was_named_is_nowhere(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = check(meshglobal, 1, "verify", "svc/productpag", *HERE)
    assert ran.document["error"]["hint"] == "did you mean productpage?"


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--context", "clster1"),
        ("verify", "pod/x"),
        ("verify", "--timeout", "soon"),
        ("verify", "--min-coverage", "101%"),
        ("verify", "--no-such-flag"),
        ("verify", "svc/UPPER"),
    ],
)
def test_2_the_command_line_is_wrong(arguments: tuple[str, ...], mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = check(meshglobal, 2, *arguments)
    assert ran.document["error"]["message"]
    assert "Traceback" not in ran.err


def test_2_an_unknown_format_is_a_usage_error(meshglobal: Meshglobal) -> None:
    ran = meshglobal("verify", "-o", "xml")
    assert (ran.code, "xml" in ran.err) == (2, True)


def test_3_one_of_three_clusters_is_stopped(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--all-contexts")
    mesh.stop_cluster("cluster3")
    ran = check(meshglobal, 3, "verify", "-n", "bookinfo", "--all-contexts")
    assert ran.states() == {"cluster1": "Ready", "cluster2": "Ready", "cluster3": "Unknown"}
    [unread] = ran.document["clusters"][2]["unread"]
    assert unread["failure"]["cause"] == "refused"
    assert "cluster3: could not be read" in ran.err
    assert "next: " in ran.err
    assert meshglobal("verify", "-n", "bookinfo", "--all-contexts", "--min-coverage", "60%").code == 0


def test_3_one_of_three_clusters_hangs(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--all-contexts")
    mesh.fault("cluster3", Fault(hangs=True))
    begun = time.monotonic()
    ran = meshglobal(
        "verify", "-n", "bookinfo", "--all-contexts", "--request-timeout", "1s", "--timeout", "2s", "-o", "json"
    )
    assert time.monotonic() - begun < 10, "it hung beyond its deadline"
    assert ran.code == 3
    assert ran.states() == {"cluster1": "Ready", "cluster2": "Ready", "cluster3": "Unknown"}
    assert ran.document["clusters"][2]["unread"][0]["failure"]["cause"] == "timeout"


def test_3_there_is_no_kubeconfig(meshglobal: Meshglobal) -> None:
    ran = check(meshglobal, 3, "verify")
    assert "meshglobal sandbox demo" in ran.document["error"]["hint"]


def test_4_another_value_stands_there(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    meshglobal("expose", "svc", "productpage", *HERE, "--scope", "segment")
    check(meshglobal, 4, "expose", "svc", "productpage", *HERE)


def test_3_a_refusal_in_one_cluster_stops_the_first_write_too(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    mesh.fault("cluster2", Fault(status=403, methods=frozenset({"PATCH"})))
    ran = check(meshglobal, 3, "expose", "svc", "productpage", *HERE)
    assert [(write["context"], write["failure"]["cause"]) for write in ran.document["writes"]] == [
        ("cluster2", "forbidden")
    ]
    labels = mesh.get("cluster1", "services", "bookinfo", "productpage")["metadata"]["labels"]
    assert "solo.io/service-scope" not in labels


def test_4_partly_written_and_mended_by_running_again(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1")
    mesh.fault("cluster2", Fault(status=403, methods=frozenset({"PATCH"})))
    ran = check(meshglobal, 4, "expose", "svc", "productpage", *HERE)
    assert [write["status"] for write in ran.document["writes"]] == ["unchanged", "failed"]
    mesh.call(mesh.clusters["cluster2"].faults.clear)
    assert meshglobal("expose", "svc", "productpage", *HERE).code == 0


def test_5_the_entries_do_not_come_in_time(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    mesh.stop_control_plane()
    ran = meshglobal("expose", "svc", "productpage", *HERE, "--timeout", "4s", "-o", "json")
    assert ran.code == 5
    jsonschema.validate(ran.document, SCHEMA)
    ran = check(meshglobal, 5, "verify", "svc/productpage", *HERE, "--wait", "--timeout", "4s")
    assert ran.states() == {"cluster1": "Missing", "cluster2": "Missing"}


def test_70_a_bug_of_ours_is_named_without_its_message(
    mesh: ServedMesh, meshglobal: Meshglobal, monkeypatch: pytest.MonkeyPatch
) -> None:
    del mesh

    def broken(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("token-1234")  # a message may hold anything

    monkeypatch.setattr(meshglobal_bootstrap, "open_fleet", broken)
    ran = check(meshglobal, 70, "verify")
    assert "RuntimeError in broken" in ran.err
    assert "token-1234" not in ran.out + ran.err


meshglobal_bootstrap = meshglobal.bootstrap


def test_130_interrupted(mesh: ServedMesh, meshglobal: Meshglobal, monkeypatch: pytest.MonkeyPatch) -> None:
    del mesh

    def interrupted(*_arguments: object, **_more: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(meshglobal_bootstrap, "open_fleet", interrupted)
    check(meshglobal, 130, "verify")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_130_ctrl_c_ends_a_run_that_hangs_within_a_second(number: signal.Signals, tmp_path: Path) -> None:
    with served_mesh(tmp_path, 2) as mesh:
        for cluster in mesh.clusters:
            mesh.fault(cluster, Fault(hangs=True))
        command = [sys.executable, "-c", "from meshglobal.cli.main import main; main()", "verify", "-v", *BOTH]
        with subprocess.Popen(
            [*command, "-o", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(mesh.kubeconfig) | {"PYTHONUNBUFFERED": "1"},
        ) as program:
            _until_struck(mesh)
            begun = time.monotonic()
            os.kill(program.pid, number)
            out, _ = program.communicate(timeout=10)
            assert time.monotonic() - begun < 2
        assert program.returncode == 130
        assert json.loads(out)["exitCode"] == 130


def _until_struck(mesh: ServedMesh) -> None:
    """Until a request of the program hangs in every cluster."""
    ends = time.monotonic() + 20
    while not all(cluster.faults.struck("test") for cluster in mesh.clusters.values()):
        assert time.monotonic() < ends, "no request came"
        time.sleep(0.02)


def test_a_reader_that_goes_away_is_met_quietly(tmp_path: Path) -> None:
    with served_mesh(tmp_path, 2) as mesh:
        command = [sys.executable, "-c", "from meshglobal.cli.main import main; main()", "list", "-A", *BOTH]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(mesh.kubeconfig)
        ) as program:
            assert program.stdout is not None
            assert program.stderr is not None
            program.stdout.close()
            errors = program.stderr.read()
    assert b"Traceback" not in errors
    assert b"BrokenPipe" not in errors
