"""A backend of kind Hostname has a namespace, which it must not have.

A host has no namespace of its own: the service's is a part of its name. The route is not resolved.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.backends import host_backends
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG414",
    slug="route-host-namespace",
    title="An HTTPRoute names a host together with a namespace",
    level=Level.ERROR,
    summary="{where} names {host} with namespace {written}, which a backend of kind Hostname must not have",
    remedy="kubectl --context {context} -n {route_namespace} patch httproute {route} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.NAMESPACE, kinds.SEGMENT),
    rule="R38",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Any namespace, even the service's."""
    for one, host in host_backends(mesh):
        if one.ref.namespace is not None:
            yield CHECK.finding(
                context=one.view.context,
                key=host.key,
                written=one.ref.namespace,
                patch=one.patch(namespace=None),
                evidence=(one.field.seen("namespace", one.ref.namespace),),
                **one.words,
            )
