"""How many ready endpoints each publisher of a service has, where that is known for all of them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding
from meshglobal.domain.inventory import Endpoints, endpoints_of
from meshglobal.domain.leftover import outside_publishers, unseen_publisher
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Service
from meshglobal.domain.view import ClusterView


class Reach(NamedTuple):
    """A published service, with the endpoints of each cluster that publishes it."""

    key: ServiceKey
    counts: dict[str, Endpoints]
    selectors: dict[str, str]
    """By context, as ``kubectl -l`` takes them; empty where the Service has none."""

    @property
    def ready(self) -> list[str]:
        """The clusters with a ready endpoint."""
        return [context for context, count in self.counts.items() if count.ready]

    @property
    def empty(self) -> list[str]:
        """The clusters without one."""
        return [context for context, count in self.counts.items() if not count.ready]

    def seen(self, context: str) -> Evidence:
        """The count in one cluster."""
        count = self.counts[context]
        return Evidence(
            context=context,
            kind="EndpointSlice",
            namespace=self.key.namespace,
            name=self.key.name,
            field="endpoints[*].conditions.ready",
            value=f"{count.ready}/{count.total}",
        )

    def scaling(self, found: Finding, context: str) -> Finding:
        """The finding with the command that brings pods back in one cluster, where it has none at all.

        Deployments are told by the Service's selector, which mostly stands on them, too; those that have pods are left
        alone.
        """
        selector = self.selectors[context]
        if not selector or self.counts[context].total:
            return found
        kubectl = ("kubectl", "--context", context, "-n", self.key.namespace)
        return mended_by(found, *kubectl, "scale", "deployment", "-l", selector, "--current-replicas=0", "--replicas=1")


@lru_cache(maxsize=1)
def reaches(mesh: Mesh) -> tuple[Reach, ...]:
    """The services that lack ready endpoints somewhere, and of which every publisher and its endpoints are known.

    ExternalName Services have no endpoints by nature, and are left out. Worked out once for all checks of a run.
    """
    found = []
    for key in mesh.keys:
        publishers = [view for view in mesh.views if _publishes(view, key)]
        if all(_is_surely_ready(view, key) for view in publishers):
            continue  # as nearly always, and much faster than to count
        counts = {view.context: endpoints_of(view, key) for view in publishers}
        known = {context: count for context, count in counts.items() if count is not None}
        is_lacking = len(known) == len(counts) and any(not count.ready for count in known.values())
        if is_lacking and not _is_partly_seen(mesh, key):
            found.append(Reach(key, known, {view.context: _selector(view.services[key]) for view in publishers}))
    return tuple(found)


def _is_surely_ready(view: ClusterView, key: ServiceKey) -> bool:
    """Whether a look at the only slice is enough; where there are several, they are counted by family."""
    slices = view.slices.get(key, ())
    return len(slices) == 1 and any(one.is_ready for one in slices[0].endpoints or ())


def _publishes(view: ClusterView, key: ServiceKey) -> bool:
    service, scope = view.services.get(key), view.scope_of(key)
    return service is not None and scope is not None and bool(scope.is_published) and not service.is_external_name


def _is_partly_seen(mesh: Mesh, key: ServiceKey) -> bool:
    """Whether a publisher may be out of sight: one that was not read, or one that only WorkloadEntries would name."""
    return bool(unseen_publisher(key, mesh.views)) or any(
        view.cluster.why_unread(kinds.WORKLOAD_ENTRY, mesh.istio_namespace) or outside_publishers(key, view, mesh.views)
        for view in mesh.views
    )


def _selector(service: Service) -> str:
    return ",".join(f"{name}={value}" for name, value in sorted((service.spec.selector or {}).items()))
