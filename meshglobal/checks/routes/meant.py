"""Which service, and which host of it, was meant by a name that does not exist in a cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.hosts import global_host_in
from meshglobal.domain import kinds
from meshglobal.domain.names import ServiceKey, SplitHost
from meshglobal.domain.twins import is_near
from meshglobal.domain.view import ClusterView


@dataclass(frozen=True, slots=True)
class _Generated:
    """The generated global hosts of one cluster by service, and these services by namespace and by name."""

    hosts: dict[ServiceKey, list[SplitHost]] = field(default_factory=dict)
    by_namespace: dict[str, list[ServiceKey]] = field(default_factory=dict)
    by_name: dict[str, list[ServiceKey]] = field(default_factory=dict)

    def near(self, key: ServiceKey) -> list[ServiceKey]:
        """Those that are called nearly so: one of namespace and name is right."""
        alike = {*self.by_namespace.get(key.namespace, ()), *self.by_name.get(key.name, ())}
        return [one for one in alike if is_near(one, key)]


@lru_cache(maxsize=1)
def _generated(mesh: Mesh) -> dict[str, _Generated]:
    return {view.context: _of(view, mesh) for view in mesh.views}


def _of(view: ClusterView, mesh: Mesh) -> _Generated:
    found = _Generated()
    for name in view.entries:
        if (host := global_host_in(mesh, name)) is not None:
            found.hosts.setdefault(host.key, []).append(host)
    for key in found.hosts:
        found.by_namespace.setdefault(key.namespace, []).append(key)
        found.by_name.setdefault(key.name, []).append(key)
    return found


def meant_host(mesh: Mesh, view: ClusterView, host: SplitHost) -> SplitHost | None:
    """The generated host of a cluster that was meant by one that does not exist there.

    It is the same service in the cluster's own domain or another, or the only one whose name is nearly the same.
    """
    hosts = _generated(mesh)[view.context].hosts
    if same := hosts.get(host.key):
        return min(same, key=lambda one: (one.domain != view.home.domain, one.domain))
    if (meant := meant_key(mesh, view, host.key)) is not None:
        return min(hosts[meant], key=lambda one: (one.domain != host.domain, one.domain))
    return None


def meant_key(mesh: Mesh, view: ClusterView, key: ServiceKey) -> ServiceKey | None:
    """The service with a global host here that was meant by one that is nowhere: turned round, or the only one alike.

    That a service exists nowhere can be said only where the Services of its namespace were read in all clusters. One
    that is turned round is told without: hardly anybody has both.
    """
    if any(key in one.services for one in mesh.views):
        return None
    known = _generated(mesh)[view.context]
    if (swapped := ServiceKey(key.name, key.namespace)) in known.hosts:
        return swapped
    is_read = all(one.cluster.has_read(kinds.SERVICE, key.namespace) for one in mesh.views)
    near = known.near(key) if is_read else []
    return near[0] if len(near) == 1 else None
