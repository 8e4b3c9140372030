"""A mesh with traffic for the tests of drills: what stands in it, and that it is as before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.sandbox.dataplane.calling import DEPLOYMENTS, SERVICES, Calling, until

BOTH = ("cluster1", "cluster2")
DRILL = (
    *("drill", "failover", "svc", "productpage", "-n", "bookinfo", "--all-contexts", "--cluster", "cluster1"),
    *("--path", "/health", "-y"),
)
SHORT = ("--before", "300ms", "--away", "1s", "--after", "300ms", "--rate", "20")
State = list[tuple[str, dict[str, str], dict[str, str], Any]]


@dataclass
class Drilled:
    """The mesh, and productpage in it."""

    calling: Calling

    def state(self) -> State:
        """Replicas, labels and annotations of what a drill may touch, in both clusters."""
        found: State = []
        for cluster in BOTH:
            for resource, name in ((DEPLOYMENTS, "productpage-v1"), (SERVICES, "productpage")):
                one = self.calling.mesh.get(cluster, resource, "bookinfo", name)
                meta = one["metadata"]
                labels, annotations = dict(meta.get("labels") or {}), dict(meta.get("annotations") or {})
                found.append((f"{cluster} {name} {meta['uid']}", labels, annotations, one["spec"].get("replicas")))
        return found

    def annotation(self, key: str) -> str | None:
        """Of productpage's Deployment in cluster1."""
        meta = self.calling.mesh.get("cluster1", DEPLOYMENTS, "bookinfo", "productpage-v1")["metadata"]
        value: str | None = (meta.get("annotations") or {}).get(key)
        return value

    def replicas(self) -> int:
        """Of productpage in cluster1."""
        found: int = self.calling.mesh.get("cluster1", DEPLOYMENTS, "bookinfo", "productpage-v1")["spec"]["replicas"]
        return found

    def reset(self) -> None:
        """Global in both clusters, one pod each, and nothing else."""
        self.calling.publish("productpage", *BOTH)
        for cluster in BOTH:
            self.calling.scale(cluster, "productpage-v1", 1)
            until(lambda: self._is_ready(cluster), f"productpage is ready in {cluster}")  # noqa: B023 - called at once

    def _is_ready(self, cluster: str) -> bool:
        status = self.calling.mesh.get(cluster, DEPLOYMENTS, "bookinfo", "productpage-v1")["status"]
        return status.get("readyReplicas") == 1
