"""The kinds that the control plane reads and writes, by the name that an access takes."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind: its resource name, where the API serves it, whether a cluster may lack it."""

    resource: str
    group_version: str
    kind: str
    is_optional: bool = False

    @property
    def path(self) -> str:
        """The path of the collection over all namespaces."""
        root = "apis" if "/" in self.group_version else "api"
        return f"/{root}/{self.group_version}/{self.plural}"

    @property
    def plural(self) -> str:
        """The last part of the collection's path."""
        return self.resource.partition(".")[0]


NAMESPACES = "namespaces"
SERVICES = "services"
PODS = "pods"
GATEWAYS = "gateways.gateway.networking.k8s.io"
SEGMENTS = "segments.admin.solo.io"
SERVICE_ENTRIES = "serviceentries.networking.istio.io"
WORKLOAD_ENTRIES = "workloadentries.networking.istio.io"
DEPLOYMENTS = "deployments.apps"

READ = (
    Kind(NAMESPACES, "v1", "Namespace"),
    Kind(SEGMENTS, "admin.solo.io/v1alpha1", "Segment", is_optional=True),
    Kind(GATEWAYS, "gateway.networking.k8s.io/v1", "Gateway", is_optional=True),
    Kind(SERVICES, "v1", "Service"),
    Kind(PODS, "v1", "Pod"),
)
WRITTEN = (
    Kind(SERVICE_ENTRIES, "networking.istio.io/v1", "ServiceEntry"),
    Kind(WORKLOAD_ENTRIES, "networking.istio.io/v1", "WorkloadEntry"),
)
KINDS = {kind.resource: kind for kind in (*READ, *WRITTEN, Kind(DEPLOYMENTS, "apps/v1", "Deployment"))}
