"""`verify --watch` as a process of its own against real API servers: lines, metrics, lost clusters, and its end."""

from __future__ import annotations

import json
import signal
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ran import Meshglobal
from served_mesh import ServedMesh
from watched_program import Watching, watches

HERE = ("-n", "bookinfo", "--all-contexts")
ENTRY = ("serviceentries.networking.istio.io", "istio-system", "autogen.bookinfo.productpage")


@pytest.fixture
def watch(mesh: ServedMesh) -> Iterator[Callable[..., Watching]]:
    """Starts a watch; whatever still runs in the end is killed."""
    with watches(mesh) as start:
        yield lambda *words: start("verify", *HERE, "--watch", *words)


def remove_entry(mesh: ServedMesh, name: str) -> None:
    client = mesh.clusters[name].client()
    mesh.call(lambda: client.delete(*ENTRY))


@pytest.fixture
def still(mesh: ServedMesh, meshglobal: Meshglobal) -> ServedMesh:
    """productpage is global everywhere, and from now on nobody mends anything."""
    assert meshglobal("expose", "svc", "productpage", *HERE, "-q").code == 0
    mesh.stop_control_plane()
    return mesh


def is_host(context: str, after: str | None) -> Callable[[Any], bool]:
    return lambda one: one["kind"] == "HostChange" and (one["context"], one["after"]) == (context, after)


def test_json_lines_tell_what_changes_when_a_cluster_vanishes_and_when_it_is_back(
    still: ServedMesh, watch: Callable[..., Watching]
) -> None:
    one = watch("-o", "json")
    first = one.document()
    assert (first["kind"], first["exitCode"], [host["state"] for host in first["hosts"]]) == (
        "Report",
        0,
        ["Ready"] * 3,
    )
    remove_entry(still, "cluster2")
    change = one.until(is_host("cluster2", "Missing"))
    assert (change["before"], change["exitCode"]) == ("Ready", 1)
    assert change["reason"].startswith("no ServiceEntry in istio-system")
    finding = one.until(lambda found: found["kind"] == "FindingChange")
    assert (finding["present"], finding["finding"]["code"]) == (True, "MG201")
    cluster = still.clusters["cluster3"]
    port = cluster.listener.port
    still.wait(cluster.listener.stop())
    lost = one.until(is_host("cluster3", "Unknown"))
    assert (lost["before"], lost["exitCode"], bool(lost["reason"])) == ("Ready", 1, True)
    still.wait(cluster.listener.start(port))
    back = one.until(is_host("cluster3", "Ready"))
    assert back["before"] == "Unknown"
    code, out, err = one.end(signal.SIGINT)
    assert code == 130
    assert all(json.loads(line) for line in out.splitlines())
    assert "Traceback" not in err
    assert "interrupted" not in err


def test_people_get_the_table_once_then_one_line_a_change(still: ServedMesh, watch: Callable[..., Watching]) -> None:
    one = watch()
    table = [one.out.readline().split() for _ in range(6)]
    assert table[0] == ["HOST", "CONTEXT", "STATE", "ENTRY", "AGE", "REASON"]
    assert [line[2] for line in table[1:4]] == ["Ready"] * 3
    assert table[5][:2] == ["3", "ready;"]
    remove_entry(still, "cluster1")
    line = one.out.readline()
    time_of, host, context, before, arrow, after, *reason = line.split()
    assert time_of.endswith("Z")
    assert (host, context) == ("productpage.bookinfo.mesh.internal", "cluster1")
    assert (before, arrow, after, reason[:2]) == ("Ready", "->", "Missing", ["no", "ServiceEntry"])
    assert one.process.stderr is not None
    assert "[MG201]" in one.process.stderr.readline()
    assert one.end(signal.SIGTERM)[:2] == (130, "")


def test_metrics_are_the_present_state(still: ServedMesh, watch: Callable[..., Watching], tmp_path: Path) -> None:
    file = tmp_path / "mesh.json"
    one = watch("-o", "json", "-q", "--metrics-listen", "127.0.0.1:0", "--report", f"json={file}")
    assert one.process.stderr is not None
    word, url = one.process.stderr.readline().split()
    assert (word, url.startswith("http://127.0.0.1:")) == ("metrics:", True)
    one.document()

    def states() -> set[str]:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - the program's own address
            text = answer.read().decode()
        found = {family.name: family.samples for family in text_string_to_metric_families(text)}
        return {f"{each.labels['context']} {each.labels['state']}" for each in found["meshglobal_host_state"]}

    assert states() == {f"cluster{number} Ready" for number in (1, 2, 3)}
    remove_entry(still, "cluster2")
    one.until(is_host("cluster2", "Missing"))
    assert states() == {"cluster1 Ready", "cluster2 Missing", "cluster3 Ready"}
    assert json.loads(file.read_text())["exitCode"] == 1, "reports show the present state, too"
    assert one.end(signal.SIGTERM)[0] == 130


def test_a_time_on_the_command_line_ends_it_with_the_code_of_the_last_state(
    still: ServedMesh, meshglobal: Meshglobal
) -> None:
    assert meshglobal("verify", *HERE, "--watch", "--timeout", "1s").code == 0
    remove_entry(still, "cluster1")
    ran = meshglobal("verify", *HERE, "--watch", "--timeout", "1s", "-o", "json")
    assert (ran.code, [json.loads(line)["kind"] for line in ran.out.splitlines()]) == (1, ["Report"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--metrics-listen", "0"), "needs --watch"),
        (("--watch", "--wait"), "use one of them"),
        (("--watch", "-o", "yaml"), "does not print yaml"),
        (("--watch", "-o", "name"), "does not print name"),
        (("--watch", "--from", "."), "--from"),
        (("--watch", "--metrics-listen", "example.org:80"), "is no address"),
        (("--watch", "--metrics-listen", "192.0.2.7:80"), "cannot listen there"),
    ],
)
def test_what_does_not_go_with_a_watch(meshglobal: Meshglobal, words: tuple[str, ...], says: str) -> None:
    ran = meshglobal("verify", *HERE, *words)
    assert (ran.code, says in ran.err) == (2, True), ran.err


def test_an_error_is_one_line_where_documents_are(meshglobal: Meshglobal, tmp_path: Path) -> None:
    ran = meshglobal("verify", *HERE, "--watch", "-o", "json", "--kubeconfig", str(tmp_path / "nowhere"))
    (line,) = ran.out.splitlines()
    assert json.loads(line)["exitCode"] == ran.code != 0
