"""A backend of kind Service has a global host as its name.

No Service can be called so. A global host is a backend of kind Hostname.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.backends import GROUP, backends_of
from meshglobal.checks.routes.hosts import global_host_in, is_asked
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.references import HOSTNAME

CHECK = Check(
    code="MG415",
    slug="route-host-as-service",
    title="An HTTPRoute names a host as if it were a Service",
    level=Level.ERROR,
    summary="{where} names {host} as a Service; a global host is of kind Hostname, group networking.istio.io",
    remedy="kubectl --context {context} -n {route_namespace} patch httproute {route} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.NAMESPACE, kinds.SEGMENT),
    rule="R38",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Names of Services have no dots."""
    for one in backends_of(mesh):
        host = global_host_in(mesh, one.ref.name) if one.service is not None else None
        if host is not None and is_asked(mesh, host.key):
            changes = {"group": GROUP, "kind": HOSTNAME} | ({"namespace": None} if one.ref.namespace else {})
            yield CHECK.finding(
                context=one.view.context,
                key=host.key,
                patch=one.patch(**changes),
                evidence=(one.field.seen("kind", one.ref.kind, HOSTNAME),),
                **one.words,
            )
