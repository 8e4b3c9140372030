"""A headless Service is published.

A global host is a virtual IP with TCP ports; a headless Service has none. No public statement says what happens. The
command takes the Service back in this cluster; where other clusters publish it, their endpoints go on.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG120",
    slug="headless",
    title="A headless Service is published",
    level=Level.WARNING,
    summary="a headless Service has no virtual IP; that it can be global is not documented",
    remedy="meshglobal unexpose svc {service} -n {namespace} --context {context} --opt-out",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R40",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """As the condition says."""
    for one in published_of(mesh):
        if one.service.is_headless and not one.service.is_external_name:
            yield CHECK.finding(context=one.context, key=one.key, evidence=(one.field("spec.clusterIP", "None"),))
