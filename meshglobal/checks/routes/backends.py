"""Walk the backends of HTTPRoutes; what the checks of them have in common."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.hosts import global_host_in, is_asked, lost_host
from meshglobal.checks.routes.meant import meant_host
from meshglobal.domain import kinds
from meshglobal.domain.fields import Field, Spot, Value
from meshglobal.domain.names import ServiceKey, SplitHost
from meshglobal.domain.references import HOSTNAME, ISTIO_GROUP
from meshglobal.domain.route_objects import BackendRef, HTTPRoute, HTTPRouteRule
from meshglobal.domain.view import ClusterView

GROUP = ISTIO_GROUP


class Backend(NamedTuple):
    """One backend of one rule."""

    view: ClusterView
    route: HTTPRoute
    rule: HTTPRouteRule
    ref: BackendRef
    field: Field

    @property
    def is_hostname(self) -> bool:
        """Whether it is of kind Hostname, in whatever group."""
        return self.ref.kind == HOSTNAME

    @property
    def service(self) -> ServiceKey | None:
        """The Service that it names; None for any other kind."""
        if (self.ref.kind, self.ref.group) != ("Service", ""):
            return None
        return ServiceKey(self.ref.namespace or self.route.namespace, self.ref.name)

    @property
    def words(self) -> dict[str, object]:
        """What summaries and remedies say of it."""
        return {
            "where": self.field.where,
            "host": self.ref.name,
            "route": self.route.name,
            "route_namespace": self.route.namespace,
        }

    def patch(self, **changes: Value) -> str:
        """A JSON Patch of the backend; None removes a member."""
        return self.field.patch(("name", self.ref.name), changes)


@lru_cache(maxsize=1)
def backends_of(mesh: Mesh) -> tuple[Backend, ...]:
    """The backends of all HTTPRoutes in all clusters; worked out once for all checks of a run."""
    return tuple(
        Backend(view, route, rule, ref, Field(view, kinds.HTTP_ROUTE, route, ("rules", row, "backendRefs", column)))
        for view in mesh.views
        for route in view.cluster.of(kinds.HTTP_ROUTE, HTTPRoute)
        for row, rule in enumerate(route.spec.rules or ())
        for column, ref in enumerate(rule.backend_refs or ())
    )


def host_backends(mesh: Mesh) -> Iterator[tuple[Backend, SplitHost]]:
    """Those of kind Hostname that name a host in a domain of the mesh, of services that were asked for."""
    for one in backends_of(mesh):
        host = global_host_in(mesh, one.ref.name) if one.is_hostname else None
        if host is not None and is_asked(mesh, host.key):
            yield one, host


class LostBackends(NamedTuple):
    """All backends of one route that name the same host, which does not exist; ``meant``: the host that was meant."""

    backends: tuple[Backend, ...]
    host: SplitHost
    meant: SplitHost | None

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Where the name stands."""
        return tuple(Spot(one.field, "name") for one in self.backends)


@lru_cache(maxsize=1)
def lost_backends(mesh: Mesh) -> tuple[LostBackends, ...]:
    """The backends of kind Hostname whose host does not exist in their cluster, together by route and host."""
    together: dict[tuple[int, str], list[Backend]] = {}
    for one in backends_of(mesh):
        if one.is_hostname:
            together.setdefault((id(one.route), one.ref.name), []).append(one)
    return tuple(
        LostBackends(tuple(alike), host, meant_host(mesh, alike[0].view, host))
        for alike in together.values()
        if (host := lost_host(mesh, alike[0].view, alike[0].ref.name)) is not None
    )
