"""An HTTPRoute sends requests to the local Service, though the service is global and other clusters serve it too.

Such requests reach the endpoints of this cluster only: when none is ready here they fail, while the global host still
answers. Nothing is said where the cluster-local name is taken over, where the route hangs on Services (it is about
their cluster-local names), or where the same rule names the global host as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.backends import GROUP, Backend, backends_of
from meshglobal.checks.routes.hosts import is_asked
from meshglobal.domain import kinds
from meshglobal.domain.expectation import ExpectedEntry
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.references import HOSTNAME

CHECK = Check(
    code="MG416",
    slug="route-local-service",
    title="An HTTPRoute reaches the local endpoints of a global service only",
    level=Level.WARNING,
    summary="{where} sends requests to the local Service: they reach no endpoint of {others}, as {global_host} would",
    remedy="kubectl --context {context} -n {route_namespace} patch httproute {route} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.SEGMENT),
    rule="R38",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Only Services that are published here, with endpoints of others behind the same host."""
    for one in backends_of(mesh):
        key = one.service
        wanted = _global(mesh, one, key) if key is not None and is_asked(mesh, key) else None
        if key is not None and wanted is not None and not _is_meant(one, wanted.host):
            changes = {"group": GROUP, "kind": HOSTNAME, "name": wanted.host}
            yield CHECK.finding(
                context=one.view.context,
                key=key,
                others=", ".join(sorted(set(wanted.publishers) - {one.view.context})),
                global_host=wanted.host,
                patch=one.patch(**changes, **({"namespace": None} if one.ref.namespace is not None else {})),
                evidence=(one.field.seen("name", one.ref.name, wanted.host),),
                **one.words,
            )


def _global(mesh: Mesh, one: Backend, key: ServiceKey) -> ExpectedEntry | None:
    """The host of the local Service that other clusters serve too; it must be there, or the route could not name it."""
    scope = one.view.scope_of(key)
    if scope is None or not scope.is_published or scope.is_taken_over is not False:
        return None
    own = (entry for entry in mesh.expected_of(one.view.context, key) if entry.is_home)
    wanted = next((entry for entry in own if set(entry.publishers) > {one.view.context}), None)
    return wanted if wanted is not None and wanted.host in one.view.entries else None


def _is_meant(one: Backend, host: str) -> bool:
    parents = one.route.spec.parent_refs or []
    hangs_on_services = bool(parents) and all(parent.kind == "Service" for parent in parents)
    return hangs_on_services or any(other.name == host for other in one.rule.backend_refs or ())
