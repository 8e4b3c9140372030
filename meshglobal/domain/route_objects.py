"""Objects that name hosts or entries of others: routes, rules and policies. As in `objects`, only the fields in use."""

from __future__ import annotations

from meshglobal.domain.objects import Condition, Object, Record


class BackendRef(Record, frozen=True):
    """Where a route sends traffic."""

    name: str = ""
    kind: str = "Service"
    group: str = ""
    namespace: str | None = None
    port: int | None = None


class PathMatch(Record, frozen=True):
    """Which paths; ``type`` is ``Exact``, ``PathPrefix`` or ``RegularExpression``."""

    type: str = "PathPrefix"
    value: str = "/"


class HTTPRouteMatch(Record, frozen=True):
    """Which requests; of what is asked of them beside the path, how much it is, matters alone."""

    path: PathMatch | None = None
    method: str | None = None
    headers: list[Record] | None = None
    query_params: list[Record] | None = None


class RequestMirror(Record, frozen=True):
    """Where copies of requests go."""

    backend_ref: BackendRef = BackendRef()


class HTTPRouteFilter(Record, frozen=True):
    """What a rule does with requests; only mirrors matter here."""

    request_mirror: RequestMirror | None = None


class HTTPRouteRule(Record, frozen=True):
    """One rule of an HTTPRoute; without matches it is for every path."""

    matches: list[HTTPRouteMatch] | None = None
    filters: list[HTTPRouteFilter] | None = None
    backend_refs: list[BackendRef] | None = None


class ParentRef(Record, frozen=True):
    """What a route hangs on. ``section_name``: a listener; for a ServiceEntry its port."""

    name: str = ""
    kind: str = "Gateway"
    group: str = "gateway.networking.k8s.io"
    namespace: str | None = None
    section_name: str | None = None
    port: int | None = None


class HTTPRouteSpec(Record, frozen=True):
    """``spec`` of an HTTPRoute."""

    parent_refs: list[ParentRef] | None = None
    hostnames: list[str] | None = None
    rules: list[HTTPRouteRule] | None = None


class RouteParentStatus(Record, frozen=True):
    """What a parent says about a route."""

    conditions: list[Condition] | None = None


class HTTPRouteStatus(Record, frozen=True):
    """``status`` of an HTTPRoute."""

    parents: list[RouteParentStatus] | None = None


class HTTPRoute(Object, frozen=True):
    """An HTTPRoute; one may name a global host as its backend (R38), and a generated entry as its parent (R39)."""

    spec: HTTPRouteSpec = HTTPRouteSpec()
    status: HTTPRouteStatus = HTTPRouteStatus()


class DestinationRuleSpec(Record, frozen=True):
    """``spec`` of a DestinationRule."""

    host: str = ""


class DestinationRule(Object, frozen=True):
    """A DestinationRule: how one host is balanced."""

    spec: DestinationRuleSpec = DestinationRuleSpec()


class Destination(Record, frozen=True):
    """A host that a VirtualService sends traffic to."""

    host: str = ""


class WeightedDestination(Record, frozen=True):
    """A destination with its share, or a mirror with its percentage."""

    destination: Destination = Destination()


class VirtualServiceRule(Record, frozen=True):
    """One rule of a VirtualService, for HTTP, TCP or TLS."""

    route: list[WeightedDestination] | None = None
    mirror: Destination | None = None
    mirrors: list[WeightedDestination] | None = None


class VirtualServiceSpec(Record, frozen=True):
    """``spec`` of a VirtualService. Without ``gateways`` it is for callers in the mesh, as with ``mesh`` among them."""

    hosts: list[str] | None = None
    gateways: list[str] | None = None
    http: list[VirtualServiceRule] | None = None
    tcp: list[VirtualServiceRule] | None = None
    tls: list[VirtualServiceRule] | None = None


class VirtualService(Object, frozen=True):
    """A VirtualService."""

    spec: VirtualServiceSpec = VirtualServiceSpec()


class TargetRef(Record, frozen=True):
    """What a policy is for."""

    name: str = ""
    kind: str = ""
    group: str = ""


class PolicyOperation(Record, frozen=True):
    """Requests to some hosts, or to all but some."""

    hosts: list[str] | None = None
    not_hosts: list[str] | None = None


class PolicyTo(Record, frozen=True):
    """What a rule of a policy is about."""

    operation: PolicyOperation | None = None


class PolicyRule(Record, frozen=True):
    """One rule of an AuthorizationPolicy."""

    to: list[PolicyTo] | None = None


class AuthorizationPolicySpec(Record, frozen=True):
    """``spec`` of an AuthorizationPolicy."""

    rules: list[PolicyRule] | None = None
    target_ref: TargetRef | None = None
    target_refs: list[TargetRef] | None = None


class AuthorizationPolicy(Object, frozen=True):
    """An AuthorizationPolicy; one may be for a generated entry (R39)."""

    spec: AuthorizationPolicySpec = AuthorizationPolicySpec()
