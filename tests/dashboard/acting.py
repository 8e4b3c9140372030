"""What tests of changes from the page do: ask for plans, agree to them, and change clusters as somebody else."""

from __future__ import annotations

import json
from typing import Any

from pages import Reply
from served_dashboard import Dashboard
from served_mesh import ServedMesh

from meshglobal.domain.labels import SERVICE_SCOPE, TRAFFIC_DISTRIBUTION

PLANS, JOURNAL = "/api/v1/plans", "/api/v1/journal"
EXPOSE = {"action": "expose", "namespace": "bookinfo", "names": ["details"]}
PATCH = frozenset({"PATCH"})


def label(mesh: ServedMesh, cluster: str, service: str, labels: dict[str, str | None]) -> None:
    patch(mesh, cluster, service, {"labels": labels})


def annotate(mesh: ServedMesh, cluster: str, mode: str | None) -> None:
    patch(mesh, cluster, "details", {"annotations": {TRAFFIC_DISTRIBUTION: mode}})


def patch(mesh: ServedMesh, cluster: str, service: str, metadata: dict[str, dict[str, str | None]]) -> None:
    """Somebody else changes a Service."""

    def change() -> None:
        client = mesh.clusters[cluster].client()
        found = json.loads(json.dumps(client.get("services", "bookinfo", service)))
        for section, values in metadata.items():
            kept = {**found["metadata"].get(section, {}), **values}
            found["metadata"][section] = {key: value for key, value in kept.items() if value is not None}
        client.replace("services", found)

    mesh.call(change)


def metadata(mesh: ServedMesh, cluster: str, service: str = "details") -> dict[str, Any]:
    found: dict[str, Any] = mesh.get(cluster, "services", "bookinfo", service)["metadata"]
    return found


def scope(mesh: ServedMesh, cluster: str, service: str = "details") -> str | None:
    value: str | None = metadata(mesh, cluster, service)["labels"].get(SERVICE_SCOPE)
    return value


def ask(dashboard: Dashboard, path: str, body: Any) -> Reply:
    headers = {"Content-Type": "application/json"}
    return dashboard.page.ask(path, "POST", json.dumps(body).encode(), headers)


def plan(dashboard: Dashboard, **asked: Any) -> Any:
    answer = ask(dashboard, PLANS, EXPOSE | {"contexts": ["cluster1", "cluster2"]} | asked)
    assert answer.status == 200, answer.body
    return answer.document


def apply(dashboard: Dashboard, made: Any, *typed: str) -> Reply:
    return ask(dashboard, f"{PLANS}/{made['id']}/apply", {"typed": typed})


def done(dashboard: Dashboard, **asked: Any) -> Any:
    answer = apply(dashboard, plan(dashboard, **asked))
    assert answer.status == 200, answer.body
    return answer.document


def newest(dashboard: Dashboard) -> Any:
    return dashboard.page.document(JOURNAL)["entries"][0]


def wait_until_running(dashboard: Dashboard, made: Any) -> None:
    """Until the journal, which may be empty before, says that a plan is being carried out."""

    def is_running(document: Any) -> bool:
        return [(one["command"], one["state"]) for one in document["entries"][:1]] == [(made["command"], "running")]

    dashboard.shown_when(is_running, JOURNAL)
