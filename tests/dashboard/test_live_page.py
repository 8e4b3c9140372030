"""The dashboard over real clusters: the same documents as the commands print, live, whatever becomes of a cluster."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from served_dashboard import QUICK, Dashboard, Event, served_dashboard, streamed
from served_mesh import ServedMesh, environment, served_mesh

from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.sandbox.apiserver.faults import Fault

SCHEMAS = Path(__file__).parents[2] / "docs/schema"
SERVICES = "/api/v1/services"
PRODUCTPAGE = f"{SERVICES}/bookinfo/productpage"


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path, 3) as running:
        for name in running.clusters:
            label(running, name, "productpage", "global")
        yield running


@pytest.fixture
def dashboard(mesh: ServedMesh) -> Iterator[Dashboard]:
    with served_dashboard(mesh.kubeconfig) as served:
        yield served


def label(mesh: ServedMesh, cluster: str, service: str, scope: str | None) -> None:
    """Set the scope, or take it away."""

    def change() -> None:
        client = mesh.clusters[cluster].client()
        found = copy.deepcopy(client.get("services", "bookinfo", service))
        assert found is not None
        labels = found["metadata"].setdefault("labels", {})
        labels.pop(SERVICE_SCOPE, None)
        labels.update({SERVICE_SCOPE: scope} if scope is not None else {})
        client.replace("services", found)

    mesh.call(change)


def states(inventory: Any, service: str = "productpage") -> list[str | None]:
    found = [one for one in inventory["services"] if one["name"] == service]
    return [cell["state"] for one in found for cell in one["cells"]]


def is_all_ready(inventory: Any) -> bool:
    return states(inventory) == ["Ready"] * 3


def is_checked(check: Any) -> bool:
    return bool(check["peering"]) and all(one["state"] == "linked" for one in check["peering"])


def printed(mesh: ServedMesh, *words: str) -> Any:
    command = [sys.executable, "-c", "from meshglobal.cli.main import main; main()", *words, "--all-contexts"]
    done = subprocess.run(
        [*command, "-o", "json"], env=environment(mesh.kubeconfig), capture_output=True, text=True, check=False
    )
    return json.loads(done.stdout)


def test_the_documents_are_those_that_the_commands_print(mesh: ServedMesh, dashboard: Dashboard) -> None:
    dashboard.shown_when(is_all_ready)
    check = dashboard.shown_when(is_checked, "/api/v1/clusters")
    assert printed(mesh, "check") == check
    assert printed(mesh, "list", "-A") == dashboard.page.document(SERVICES)


DOCUMENTS = {
    "/api/v1/about": "about",
    SERVICES: "inventory",
    PRODUCTPAGE: "service-detail",
    "/api/v1/clusters": "fleet-check",
    "/api/v1/findings": "findings",
    "/api/v1/explanations/MG101": "explanation",
}


def test_every_document_is_as_its_schema_says(dashboard: Dashboard) -> None:
    dashboard.shown_when(is_all_ready)
    for path, schema in DOCUMENTS.items():
        jsonschema.validate(dashboard.page.document(path), json.loads((SCHEMAS / f"{schema}.schema.json").read_text()))


def test_a_label_from_outside_is_told_at_once_and_to_every_page_by_one_set_of_watches(
    mesh: ServedMesh, dashboard: Dashboard
) -> None:
    dashboard.shown_when(is_all_ready)
    dashboard.shown_when(is_checked, "/api/v1/clusters")
    for cluster in mesh.clusters:
        mesh.fault(cluster, Fault())  # does nothing, and counts
    with ExitStack() as stack:
        streams = [stack.enter_context(streamed(dashboard.page)) for _ in range(50)]
        versions = {stream.next().data["version"] for stream in streams}
        assert len(versions) == 1
        label(mesh, "cluster2", "reviews", "global")
        told = [stream.until(lambda one: "reviews" in changed(one)) for stream in streams]
    assert all(one.data["version"] > min(versions) for one in told)
    schema = json.loads((SCHEMAS / "services-news.schema.json").read_text())
    jsonschema.validate(told[0].data, schema)
    asked = sum(mesh.call(lambda name=name: mesh.clusters[name].faults.struck("test")) for name in mesh.clusters)
    assert asked == 0, "fifty pages ask the clusters for nothing"


def changed(event: Event) -> list[str]:
    return [one["name"] for one in event.data["services"]] if event.name == "services" else []


def test_the_stream_leads_from_one_document_to_the_next(mesh: ServedMesh, dashboard: Dashboard) -> None:
    with streamed(dashboard.page) as stream:
        assert stream.next().name == "hello"
        before = dashboard.shown_when(is_all_ready)
        rows = {one["name"]: one for one in before["services"]}
        label(mesh, "cluster1", "ratings", "global")
        label(mesh, "cluster1", "productpage", None)
        label(mesh, "cluster2", "productpage", None)
        label(mesh, "cluster3", "productpage", None)
        after = dashboard.shown_when(
            lambda one: not states(one) and states(one, "ratings") == ["Ready", "Partial", "Partial"]
        )
        while rows != {one["name"]: one for one in after["services"]}:
            event = stream.next()
            if event.name == "services":
                rows.update({one["name"]: one for one in event.data["services"]})
                for gone in event.data["removed"]:
                    rows.pop(gone.removeprefix("bookinfo/"), None)


def test_what_changed_is_told_and_kept_for_the_service(mesh: ServedMesh, dashboard: Dashboard) -> None:
    dashboard.shown_when(is_all_ready)
    with streamed(dashboard.page) as stream:
        label(mesh, "cluster2", "productpage", None)
        told = stream.until(lambda one: one.name == "change" and one.data["change"]["kind"] == "HostChange")
    assert told.data["change"]["service"] == "productpage"
    history = dashboard.page.document(PRODUCTPAGE)["history"]
    assert told.data["change"] in history
    assert history[0]["time"] >= history[-1]["time"]


def test_a_cluster_that_stops_is_unknown_with_its_reason_and_comes_back(mesh: ServedMesh, dashboard: Dashboard) -> None:
    dashboard.shown_when(is_all_ready)
    dashboard.shown_when(is_checked, "/api/v1/clusters")
    cluster = mesh.clusters["cluster3"]
    port = cluster.listener.port
    mesh.wait(cluster.listener.stop())
    lost = dashboard.shown_when(lambda one: states(one) == ["Ready", "Ready", "Unknown"] and one["exitCode"] == 3)
    assert lost["services"][0]["cells"][2]["reason"]
    assert lost["clusters"][2]["unread"][0]["failure"]["message"]
    mesh.wait(cluster.listener.start(port))
    dashboard.shown_when(lambda one: is_all_ready(one) and one["exitCode"] == 0)


def test_a_hung_cluster_holds_nothing_up(mesh: ServedMesh) -> None:
    mesh.fault("cluster2", Fault(hangs=True))
    with served_dashboard(mesh.kubeconfig) as dashboard:
        found = dashboard.shown_when(lambda one: states(one) == ["Ready", "Unknown", "Ready"])
        assert found["clusters"][1]["reached"] is False
        detail = dashboard.page.document(PRODUCTPAGE)
        chains = {chain["context"]: chain["links"] for chain in detail["diagnosis"]["chains"]}
        assert [link["outcome"] for link in chains["cluster1"]][:3] == ["ok"] * 3
        assert not any(link["outcome"] == "ok" for link in chains["cluster2"])


def test_a_cluster_that_hangs_later_is_unknown_until_it_answers(mesh: ServedMesh) -> None:
    """Nothing is refused and no stream ends: its servers just do not answer any more."""
    times = replace(QUICK.watch_times, heartbeat=0.2)
    impatient = replace(QUICK, patience=replace(QUICK.patience, request_timeout=1), watch_times=times)
    with served_dashboard(mesh.kubeconfig, settings=impatient) as dashboard:
        dashboard.shown_when(is_all_ready)
        dashboard.shown_when(is_checked, "/api/v1/clusters")
        mesh.fault("cluster2", Fault(hangs=True))
        lost = dashboard.shown_when(lambda one: states(one) == ["Ready", "Unknown", "Ready"])
        assert "did not answer within 1 s" in lost["services"][0]["cells"][1]["reason"]
        mesh.call(mesh.clusters["cluster2"].faults.clear)
        dashboard.shown_when(lambda one: is_all_ready(one) and one["exitCode"] == 0)


def test_pods_are_read_when_somebody_looks_at_a_service(mesh: ServedMesh, dashboard: Dashboard) -> None:
    dashboard.shown_when(is_all_ready)
    detail = dashboard.shown_when(lambda one: one["isComplete"] and outcomes(one) == {"ok"}, PRODUCTPAGE)
    assert {(one["context"], one["kind"]) for one in detail["entries"]} == {
        (name, kind) for name in mesh.clusters for kind in ("ServiceEntry", "WorkloadEntry")
    }
    assert detail["objects"][0]["labels"][SERVICE_SCOPE] == "global"
    assert "kind: Service\n" in detail["objects"][0]["yaml"]


def test_what_changes_no_row_is_in_the_detail_all_the_same(mesh: ServedMesh, dashboard: Dashboard) -> None:
    dashboard.shown_when(is_all_ready)
    dashboard.shown_when(is_checked, "/api/v1/clusters")

    def annotate() -> None:
        client = mesh.clusters["cluster1"].client()
        found = copy.deepcopy(client.get("services", "bookinfo", "productpage"))
        assert found is not None
        found["metadata"]["annotations"] = {"team": "checkout"}
        client.replace("services", found)

    mesh.call(annotate)
    dashboard.shown_when(lambda one: one["objects"][0]["annotations"] == {"team": "checkout"}, PRODUCTPAGE)


def outcomes(detail: Any) -> set[str]:
    return {link["outcome"] for chain in detail["diagnosis"]["chains"] for link in chain["links"]}


def test_a_service_that_is_nowhere_is_not_found(dashboard: Dashboard) -> None:
    dashboard.shown_when(is_all_ready)
    answer = dashboard.page.ask(f"{SERVICES}/bookinfo/nothing")
    assert (answer.status, "nothing" in answer.document["error"]["message"]) == (404, True)
