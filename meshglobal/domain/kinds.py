"""The kinds that meshglobal reads: how each is called, where its API stands, which record it decodes to."""

from __future__ import annotations

from dataclasses import dataclass

from meshglobal.domain import objects, route_objects


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of object; each is one of the constants below, so that it is told from others by identity.

    ``group`` is empty for the core group; ``is_custom``: served only where its CRD is installed.
    """

    name: str
    plural: str
    group: str
    version: str
    record: type[objects.Object]
    is_namespaced: bool = True
    is_custom: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def word(self) -> str:
        """As kubectl names it in messages: ``service``, ``serviceentry.networking.istio.io``."""
        return f"{self.name.lower()}.{self.group}" if self.group else self.name.lower()

    def path(self, namespace: str | None = None, name: str | None = None) -> str:
        """The URL path of the collection (all namespaces when None) or of one object."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        middle = f"/namespaces/{namespace}" if namespace is not None and self.is_namespaced else ""
        return f"{root}{middle}/{self.plural}" + (f"/{name}" if name is not None else "")


NAMESPACE = Kind("Namespace", "namespaces", "", "v1", objects.Namespace, is_namespaced=False)
SERVICE = Kind("Service", "services", "", "v1", objects.Service)
CONFIG_MAP = Kind("ConfigMap", "configmaps", "", "v1", objects.ConfigMap)
POD = Kind("Pod", "pods", "", "v1", objects.Pod)
DEPLOYMENT = Kind("Deployment", "deployments", "apps", "v1", objects.Deployment)
DAEMON_SET = Kind("DaemonSet", "daemonsets", "apps", "v1", objects.DaemonSet)
ENDPOINT_SLICE = Kind("EndpointSlice", "endpointslices", "discovery.k8s.io", "v1", objects.EndpointSlice)
SERVICE_ENTRY = Kind(
    "ServiceEntry", "serviceentries", "networking.istio.io", "v1", objects.ServiceEntry, is_custom=True
)
WORKLOAD_ENTRY = Kind(
    "WorkloadEntry", "workloadentries", "networking.istio.io", "v1", objects.WorkloadEntry, is_custom=True
)
GATEWAY = Kind("Gateway", "gateways", "gateway.networking.k8s.io", "v1", objects.Gateway, is_custom=True)
HTTP_ROUTE = Kind("HTTPRoute", "httproutes", "gateway.networking.k8s.io", "v1", route_objects.HTTPRoute, is_custom=True)
DESTINATION_RULE = Kind(
    "DestinationRule", "destinationrules", "networking.istio.io", "v1", route_objects.DestinationRule, is_custom=True
)
VIRTUAL_SERVICE = Kind(
    "VirtualService", "virtualservices", "networking.istio.io", "v1", route_objects.VirtualService, is_custom=True
)
AUTHORIZATION_POLICY = Kind(
    "AuthorizationPolicy",
    "authorizationpolicies",
    "security.istio.io",
    "v1",
    route_objects.AuthorizationPolicy,
    is_custom=True,
)
SEGMENT = Kind("Segment", "segments", "admin.solo.io", "v1alpha1", objects.Segment, is_custom=True)

KINDS: tuple[Kind, ...] = (
    NAMESPACE,
    SERVICE,
    CONFIG_MAP,
    POD,
    DEPLOYMENT,
    DAEMON_SET,
    ENDPOINT_SLICE,
    SERVICE_ENTRY,
    WORKLOAD_ENTRY,
    GATEWAY,
    HTTP_ROUTE,
    DESTINATION_RULE,
    VIRTUAL_SERVICE,
    AUTHORIZATION_POLICY,
    SEGMENT,
)
