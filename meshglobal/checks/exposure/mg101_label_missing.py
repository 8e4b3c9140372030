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
    summary="the Service is not published here: its endpoints do not stand behind {host}",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R18",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Published somewhere, present and unlabelled here."""
    for one in locals_of(mesh):
        if one.scope.is_published is False and one.scope.setting.value is None:
            for entry in mesh.expected_of(one.context, one.key)[:1]:
                evidence = (one.seen(SERVICE_SCOPE, "global"),)
                yield CHECK.finding(context=one.context, key=one.key, host=entry.host, evidence=evidence)
