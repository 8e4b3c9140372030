"""`list --watch` where nothing can be drawn: the table once, then lines; for programs one document a line."""

from __future__ import annotations

import copy
import json
import signal
from collections.abc import Callable, Iterator

import pytest
from ran import Meshglobal
from served_mesh import ServedMesh
from watched_program import Watching, watches

HERE = ("-n", "bookinfo", "--all-contexts")
ENTRY = ("serviceentries.networking.istio.io", "istio-system", "autogen.bookinfo.productpage")


@pytest.fixture
def still(mesh: ServedMesh, meshglobal: Meshglobal) -> ServedMesh:
    """productpage is global everywhere, and from now on nobody mends anything."""
    assert meshglobal("expose", "svc", "productpage", *HERE, "-q").code == 0
    mesh.stop_control_plane()
    return mesh


@pytest.fixture
def watch(mesh: ServedMesh) -> Iterator[Callable[..., Watching]]:
    with watches(mesh) as start:
        yield start


def distribute(mesh: ServedMesh, context: str) -> None:
    """Somebody sets how productpage's traffic is distributed in a cluster."""
    client = mesh.clusters[context].client()
    found = copy.deepcopy(mesh.get(context, "services", "bookinfo", "productpage"))
    found["metadata"]["annotations"] = {"networking.istio.io/traffic-distribution": "Any"}
    mesh.call(lambda: client.replace("services", found))


def delete_entry(mesh: ServedMesh, context: str) -> None:
    client = mesh.clusters[context].client()
    mesh.call(lambda: client.delete(*ENTRY))


def test_documents_tell_states_and_what_else_a_row_says(still: ServedMesh, watch: Callable[..., Watching]) -> None:
    one = watch("top", *HERE, "-o", "json")
    first = one.document()
    assert (first["kind"], first["exitCode"], len(first["services"][0]["cells"])) == ("Inventory", 0, 3)
    distribute(still, "cluster1")
    cell = one.until(lambda found: found["kind"] == "CellChange")
    assert (cell["context"], cell["namespace"], cell["service"]) == ("cluster1", "bookinfo", "productpage")
    assert [cell[side]["distribution"] for side in ("before", "after")] == [None, "Any"]
    delete_entry(still, "cluster2")
    host = one.until(lambda found: found["kind"] == "HostChange")
    assert (host["context"], host["before"], host["after"], host["exitCode"]) == ("cluster2", "Ready", "Missing", 0)
    finding = one.until(lambda found: found["kind"] == "FindingChange")
    assert finding["present"] is True
    still.stop_cluster("cluster3")
    lost = one.until(lambda found: found["kind"] == "HostChange" and found["context"] == "cluster3")
    assert (lost["after"], lost["exitCode"]) == ("Unknown", 3)
    code, out, err = one.end(signal.SIGINT)
    assert (code, "Traceback" in err, "interrupted" in err) == (130, False, False)
    assert all(json.loads(line) for line in out.splitlines())


def test_people_get_the_table_once_then_one_line_a_change(still: ServedMesh, watch: Callable[..., Watching]) -> None:
    one = watch("list", *HERE, "--watch")
    table = [one.out.readline().split() for _ in range(4)]
    assert table[0] == [
        "NAMESPACE",
        "NAME",
        "CONTEXT",
        "STATE",
        "SCOPE",
        "ENDPOINTS",
        "TAKEOVER",
        "DISTRIBUTION",
        "AGE",
    ]
    assert [line[3] for line in table[1:]] == ["Ready"] * 3
    distribute(still, "cluster1")
    assert one.out.readline().split()[1:] == ["bookinfo/productpage", "cluster1", "distribution", "-", "->", "Any"]
    delete_entry(still, "cluster2")
    host, context, before, arrow, after = one.out.readline().split()[1:6]
    assert (host, context) == ("productpage.bookinfo.mesh.internal", "cluster2")
    assert (before, arrow, after) == ("Ready", "->", "Missing")
    assert one.end(signal.SIGTERM)[:2] == (130, "")


def test_a_time_ends_it_with_the_code_of_list(still: ServedMesh, watch: Callable[..., Watching]) -> None:
    code, out, _ = watch("list", *HERE, "--watch", "--timeout", "3s").ended()
    assert (code, out.count("\n")) == (0, 4)
    still.stop_cluster("cluster2")
    code, out, err = watch("top", *HERE, "--timeout", "3s", "-o", "json").ended()
    assert (code, json.loads(out.splitlines()[0])["exitCode"]) == (3, 3)
    assert "cluster2: could not be read" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("top", "-o", "yaml"), "does not print yaml"),
        (("list", "--watch", "-o", "name"), "does not print name"),
        (("top", "--from", "."), "--from"),
    ],
)
def test_what_does_not_go_with_it(meshglobal: Meshglobal, words: tuple[str, ...], says: str) -> None:
    ran = meshglobal(*words, *HERE)
    assert (ran.code, says in ran.err) == (2, True), ran.err


def test_an_error_is_one_line_where_documents_are(watch: Callable[..., Watching]) -> None:
    code, out, _ = watch("top", "svc/nowhere", *HERE, "-o", "json").ended()
    (line,) = out.splitlines()
    assert (json.loads(line)["command"], json.loads(line)["exitCode"], code) == ("list", 1, 1)


def test_reports_are_written_as_it_changes(still: ServedMesh, watch: Callable[..., Watching]) -> None:
    file = still.kubeconfig.with_name("mesh.json")
    assert watch("top", *HERE, "--timeout", "3s", "--report", f"json={file}").ended()[0] == 0
    assert json.loads(file.read_text())["kind"] == "Inventory"
