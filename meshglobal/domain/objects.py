"""The Kubernetes objects that meshglobal reads, as frozen records that name only the fields in use.

Bodies are decoded straight into these (`msgspec.json.decode`); unknown fields are skipped, which is what makes
decoding an order of magnitude faster than building dictionaries. Lists and maps that a server may send as ``null``
are normalised by the ``None`` in their type and read through properties or `or`.
"""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True, rename="camel", kw_only=True, gc=False, omit_defaults=True):
    """A decoded piece of JSON whose field names are camelCase on the wire.

    ``gc=False``: these are trees without cycles, and the collector need not look at them; decoding takes half as long.
    """


class OwnerReference(Record, frozen=True):
    """Who owns an object."""

    kind: str = ""
    name: str = ""
    controller: bool | None = None


class Meta(Record, frozen=True):
    """``metadata`` of any object; ``creation_timestamp`` is RFC 3339 text in UTC."""

    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: list[OwnerReference] | None = None

    def label(self, key: str) -> str | None:
        """The value of a label; None when it is not set."""
        return (self.labels or {}).get(key)

    def annotation(self, key: str) -> str | None:
        """The value of an annotation; None when it is not set."""
        return (self.annotations or {}).get(key)


class Object(Record, frozen=True):
    """What every object has."""

    metadata: Meta = Meta()

    @property
    def name(self) -> str:
        """``metadata.name``."""
        return self.metadata.name

    @property
    def namespace(self) -> str:
        """``metadata.namespace``; empty for cluster-wide kinds."""
        return self.metadata.namespace


class Namespace(Object, frozen=True):
    """A Namespace: its labels matter."""


class ConfigMap(Object, frozen=True):
    """A ConfigMap; ``istio-ca-root-cert`` holds the root certificates that a cluster trusts."""

    data: dict[str, str] | None = None


class ServicePort(Record, frozen=True):
    """One port of a Service; ``target_port`` is a number or a container port's name."""

    port: int
    name: str = ""
    protocol: str = "TCP"
    app_protocol: str | None = None
    target_port: int | str | None = None


class ServiceSpec(Record, frozen=True):
    """``spec`` of a Service."""

    type: str = "ClusterIP"
    cluster_ip: str | None = msgspec.field(default=None, name="clusterIP")
    selector: dict[str, str] | None = None
    ports: list[ServicePort] | None = None
    external_name: str | None = None
    traffic_distribution: str | None = None


class Service(Object, frozen=True):
    """A Service."""

    spec: ServiceSpec = ServiceSpec()

    @property
    def is_headless(self) -> bool:
        """Whether it has no virtual IP by choice."""
        return self.spec.cluster_ip == "None"

    @property
    def is_external_name(self) -> bool:
        """Whether it is only an alias for a DNS name."""
        return self.spec.type == "ExternalName"

    @property
    def ports(self) -> list[ServicePort]:
        """Its ports; empty when it has none."""
        return self.spec.ports or []


class Condition(Record, frozen=True):
    """A status condition; ``status`` is ``True``, ``False`` or ``Unknown``."""

    type: str
    status: str
    reason: str = ""
    message: str = ""
    observed_generation: int | None = None


class Container(Record, frozen=True):
    """A container of a pod."""

    name: str = ""
    image: str = ""


class PodSpec(Record, frozen=True):
    """``spec`` of a Pod."""

    containers: list[Container] | None = None
    node_name: str = ""
    service_account_name: str = ""


class PodStatus(Record, frozen=True):
    """``status`` of a Pod."""

    phase: str = ""
    conditions: list[Condition] | None = None
    pod_ip: str = msgspec.field(default="", name="podIP")


class Pod(Object, frozen=True):
    """A Pod."""

    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()


class PodTemplate(Record, frozen=True):
    """The pod that a Deployment makes."""

    metadata: Meta = Meta()
    spec: PodSpec = PodSpec()


class DeploymentSpec(Record, frozen=True):
    """``spec`` of a Deployment."""

    replicas: int | None = None
    template: PodTemplate = PodTemplate()


class DeploymentStatus(Record, frozen=True):
    """``status`` of a Deployment."""

    replicas: int = 0
    ready_replicas: int = 0


class Deployment(Object, frozen=True):
    """A Deployment."""

    spec: DeploymentSpec = DeploymentSpec()
    status: DeploymentStatus = DeploymentStatus()


class DaemonSetSpec(Record, frozen=True):
    """``spec`` of a DaemonSet."""

    template: PodTemplate = PodTemplate()


class DaemonSetStatus(Record, frozen=True):
    """``status`` of a DaemonSet: on how many nodes it should run, and on how many it is ready."""

    desired_number_scheduled: int = 0
    number_ready: int = 0


class DaemonSet(Object, frozen=True):
    """A DaemonSet: one pod a node, such as ztunnel's."""

    spec: DaemonSetSpec = DaemonSetSpec()
    status: DaemonSetStatus = DaemonSetStatus()


class EndpointConditions(Record, frozen=True):
    """State of an endpoint; an absent ``ready`` means ready (as kube-proxy reads it)."""

    ready: bool | None = None


class Endpoint(Record, frozen=True):
    """One endpoint of an EndpointSlice."""

    conditions: EndpointConditions = EndpointConditions()
    addresses: list[str] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it takes traffic."""
        return self.conditions.ready is not False


class EndpointPort(Record, frozen=True):
    """A port of the endpoints: the name is that of the Service's port, the number where pods listen."""

    name: str | None = None
    port: int | None = None


class EndpointSlice(Object, frozen=True):
    """Some endpoints of a Service, named by the label ``kubernetes.io/service-name``."""

    address_type: str = "IPv4"
    endpoints: list[Endpoint] | None = None
    ports: list[EndpointPort] | None = None


class EntryPort(Record, frozen=True):
    """One port of a ServiceEntry."""

    number: int
    name: str = ""
    protocol: str = ""


class WorkloadSelector(Record, frozen=True):
    """Which workloads stand behind a ServiceEntry."""

    labels: dict[str, str] | None = None


class ServiceEntrySpec(Record, frozen=True):
    """``spec`` of a ServiceEntry."""

    hosts: list[str] | None = None
    ports: list[EntryPort] | None = None
    location: str = ""
    resolution: str = ""
    addresses: list[str] | None = None
    subject_alt_names: list[str] | None = None
    workload_selector: WorkloadSelector | None = None


class ServiceEntry(Object, frozen=True):
    """A ServiceEntry; the control plane writes one per global host (R8)."""

    spec: ServiceEntrySpec = ServiceEntrySpec()

    @property
    def hosts(self) -> list[str]:
        """Its hosts."""
        return self.spec.hosts or []


class WorkloadEntrySpec(Record, frozen=True):
    """``spec`` of a WorkloadEntry; a generated one has no address (R19)."""

    address: str = ""
    network: str = ""


class WorkloadEntry(Object, frozen=True):
    """A WorkloadEntry: a peer's endpoints behind a global host."""

    spec: WorkloadEntrySpec = WorkloadEntrySpec()


class GatewayAddress(Record, frozen=True):
    """An address of a Gateway: ``type`` is ``IPAddress`` or ``Hostname``."""

    value: str = ""
    type: str = "IPAddress"


class SelectorRequirement(Record, frozen=True):
    """One expression of a label selector; ``operator`` is ``In``, ``NotIn``, ``Exists`` or ``DoesNotExist``."""

    key: str = ""
    operator: str = ""
    values: list[str] | None = None


class LabelSelector(Record, frozen=True):
    """A label selector as objects have it; all that it says must hold."""

    match_labels: dict[str, str] | None = None
    match_expressions: list[SelectorRequirement] | None = None


class RouteNamespaces(Record, frozen=True):
    """From which namespaces routes may come: ``All``, ``Same``, or those that the selector matches (``Selector``)."""

    from_: str = msgspec.field(default="Same", name="from")
    selector: LabelSelector | None = None


class RouteKind(Record, frozen=True):
    """A kind of routes."""

    kind: str = ""


class AllowedRoutes(Record, frozen=True):
    """Which routes may hang on a listener; without kinds: those that fit its protocol."""

    namespaces: RouteNamespaces | None = None
    kinds: list[RouteKind] | None = None


class GatewayListener(Record, frozen=True):
    """A port that a Gateway listens on; an empty hostname stands for all."""

    name: str = ""
    port: int = 0
    protocol: str = ""
    hostname: str | None = None
    allowed_routes: AllowedRoutes | None = None


class GatewaySpec(Record, frozen=True):
    """``spec`` of a Gateway."""

    gateway_class_name: str = ""
    addresses: list[GatewayAddress] | None = None
    listeners: list[GatewayListener] | None = None


class GatewayStatus(Record, frozen=True):
    """``status`` of a Gateway."""

    addresses: list[GatewayAddress] | None = None
    conditions: list[Condition] | None = None


class Gateway(Object, frozen=True):
    """A Gateway: the east-west gateway, or one that stands for a peer (R34)."""

    spec: GatewaySpec = GatewaySpec()
    status: GatewayStatus = GatewayStatus()


class SegmentAlias(Record, frozen=True):
    """A pattern of further hostnames, for the Services that the selector matches; without one for all."""

    pattern: str = ""
    selector: LabelSelector | None = None


class SegmentSpec(Record, frozen=True):
    """``spec`` of a Segment."""

    domain: str = ""
    aliases: list[SegmentAlias] | None = None


class Segment(Object, frozen=True):
    """A group of clusters with a domain of its own (reference 2.2)."""

    spec: SegmentSpec = SegmentSpec()
