"""A cluster has a Service of this name, other clusters publish it, and this one does not.

The global host exists in this cluster all the same, served by the others; the local pods are not behind it
("reachable, not aggregated"). If that is meant, say so with `meshglobal unexpose svc NAME --opt-out`.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_SCOPE

CHECK = Check(
    code="MG101",
    slug="label-missing",
    title="A Service is not labelled while other clusters publish it",
    level=Level.WARNING,
    summary="reachable, not aggregated: the local Service has no solo.io/service-scope label",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SEGMENT),
    rule="R18",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Published somewhere, present and unlabelled here."""
    for one in locals_of(mesh):
        is_unlabelled = one.scope.is_published is False and one.scope.setting.value is None
        if is_unlabelled and mesh.expected_of(one.context, one.key):
            yield CHECK.finding(context=one.context, key=one.key, evidence=(one.seen(SERVICE_SCOPE, "global"),))
