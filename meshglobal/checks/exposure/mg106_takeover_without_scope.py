"""`solo.io/service-takeover` is set on a service that is not published.

There is no global host that could take over.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_TAKEOVER, TAKEOVER_ON

CHECK = Check(
    code="MG106",
    slug="takeover-without-scope",
    title="Takeover has no effect",
    level=Level.WARNING,
    summary="takeover has no effect without a published scope",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R26",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Takeover on what is not published."""
    for one in locals_of(mesh):
        if one.scope.takeover.value == TAKEOVER_ON and one.scope.is_published is False:
            yield CHECK.finding(context=one.context, key=one.key, evidence=(one.seen(SERVICE_TAKEOVER),))
