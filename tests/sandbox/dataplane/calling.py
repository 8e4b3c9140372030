"""A mesh with traffic, as the tests of the data plane use it: change objects, wait until that is so, send requests."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from served_mesh import ServedMesh

from meshglobal.domain.labels import SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.dataplane.answers import Answer, NotResolved, Outcome, Refused, Request, Source, Target
from meshglobal.sandbox.dataplane.plane import Dataplane
from meshglobal.sandbox.dataplane.workloads.app import BY_CLUSTER

SERVICES, DEPLOYMENTS, PODS = "services", "deployments.apps", "pods"
Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Calling:
    """Requests of one namespace's pods."""

    mesh: ServedMesh
    namespace: str

    @property
    def plane(self) -> Dataplane:
        assert self.mesh.traffic.plane is not None, self.mesh.traffic.why_not
        return self.mesh.traffic.plane

    def client(self, cluster: str) -> LocalClient:
        return self.mesh.clusters[cluster].client()

    def settle(self) -> None:
        """Wait until everything has followed from what was changed."""

        async def settled() -> None:
            for _ in range(3):
                for cluster in self.mesh.clusters.values():
                    assert cluster.controllers is not None
                    await cluster.controllers.settled()
                await self.mesh.reconciler.settled(30)
                await self.plane.settled()

        self.mesh.wait(settled())

    def change(self, cluster: str, resource: str, name: str, change: Change, namespace: str | None = None) -> None:
        """Replace an object by what a function makes of it."""

        def write() -> None:
            client = self.client(cluster)
            within = self.namespace if namespace is None else namespace
            found = client.get(resource, within, name)
            assert found is not None, f"{cluster}: no {resource} {name}"
            client.replace(resource, change(found))

        self.mesh.call(write)
        self.settle()

    def mark(
        self, cluster: str, resource: str, name: str, namespace: str | None = None, **sections: Mapping[str, str | None]
    ) -> None:
        """Set labels and annotations, or take them away with None."""

        def changed(obj: dict[str, Any]) -> dict[str, Any]:
            meta = dict(obj["metadata"])
            for section, values in sections.items():
                merged = (meta.get(section) or {}) | dict(values)
                meta[section] = {key: value for key, value in merged.items() if value is not None}
            return obj | {"metadata": meta}

        self.change(cluster, resource, name, changed, namespace)

    def publish(self, service: str, *clusters: str, mode: str | None = None, takeover: bool = False) -> None:
        """Make a Service global in clusters."""
        labels = {SERVICE_SCOPE: "global", SERVICE_TAKEOVER: "true" if takeover else None}
        for each in clusters:
            self.mark(each, SERVICES, service, labels=labels, annotations={TRAFFIC_DISTRIBUTION: mode})

    def withdraw(self, service: str, *clusters: str) -> None:
        """Take everything of ours from a Service."""
        labels = {SERVICE_SCOPE: None, SERVICE_TAKEOVER: None}
        for each in clusters:
            self.mark(each, SERVICES, service, labels=labels, annotations={TRAFFIC_DISTRIBUTION: None})

    def scale(self, cluster: str, deployment: str, replicas: int) -> None:
        self.change(cluster, DEPLOYMENTS, deployment, lambda obj: obj | {"spec": obj["spec"] | {"replicas": replicas}})

    def pod(self, cluster: str, app: str) -> Source:
        """A running pod, by its label."""

        def find() -> str:
            pods = self.client(cluster).list(PODS, self.namespace)
            return next(
                each["metadata"]["name"]
                for each in pods
                if each["metadata"]["labels"]["app"] == app and "deletionTimestamp" not in each["metadata"]
            )

        return Source(cluster, self.namespace, self.mesh.call(find))

    def resolve(self, source: Source, host: str, port: int) -> Target | NotResolved | Refused:
        return self.mesh.wait(self.plane.resolve(source, host, port))

    def get(self, source: Source, url: str, **more: Any) -> Outcome:
        return self.mesh.wait(self.plane.request(source, Request(url, **more)))

    def served_by(self, source: Source, url: str, count: int) -> Counter[str]:
        """Which cluster answered how often; everything else than 200 under its own name."""

        async def all_of_them() -> Counter[str]:
            return Counter([_served_by(await self.plane.request(source, Request(url))) for _ in range(count)])

        return self.mesh.wait(all_of_them())

    def while_calling(self, source: Source, url: str, act: Callable[[], None], part: bytes = b"") -> Counter[str]:
        """Call steadily, about 100 times a second, while something is done; what came of the calls.

        An answer without this part in it counts for itself.
        """

        async def steadily(is_over: asyncio.Event) -> Counter[str]:
            pending = []
            while not is_over.is_set():
                pending.append(asyncio.create_task(self.plane.request(source, Request(url))))
                await asyncio.sleep(0.01)
            return Counter([_served_by(each, part) for each in await asyncio.gather(*pending)])

        is_over = self.mesh.call(asyncio.Event)
        calls = asyncio.run_coroutine_threadsafe(steadily(is_over), self.mesh.loop)
        try:
            act()
        finally:
            self.mesh.call(is_over.set)
        return calls.result(30)


def _served_by(outcome: Outcome, part: bytes = b"") -> str:
    if not isinstance(outcome, Answer):
        return repr(outcome)
    is_whole = outcome.status == 200 and part in outcome.body
    return outcome.header(BY_CLUSTER) if is_whole else f"{outcome.status} {outcome.body!r}"


def until(is_so: Callable[[], bool], what: str, seconds: float = 10) -> None:
    """Look again until something is so."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, f"not in {seconds} s: {what}"
        time.sleep(0.01)  # between two looks; what counts is the condition
