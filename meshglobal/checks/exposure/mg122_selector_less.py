"""A Service without selector is published.

Its endpoints are written by somebody else; the generated entry selects pods. The command takes the
Service back in this cluster; where other clusters publish it, their endpoints go on.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG122",
    slug="selector-less",
    title="A Service without selector is published",
    level=Level.WARNING,
    summary="a Service without selector gets no endpoints from pods; that it can be global is not documented",
    remedy="meshglobal unexpose svc {service} -n {namespace} --context {context} --opt-out",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R40",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """As the condition says."""
    for one in published_of(mesh):
        if not (one.service.spec.selector or one.service.is_headless or one.service.is_external_name):
            yield CHECK.finding(context=one.context, key=one.key, evidence=(one.field("spec.selector", None),))
