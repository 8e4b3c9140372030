"""Only the exact value `true` is documented."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_TAKEOVER, TAKEOVER_ON

CHECK = Check(
    code="MG108",
    slug="takeover-value",
    title="Takeover has a value other than true",
    level=Level.WARNING,
    summary="solo.io/service-takeover={value!r} is not 'true': what it does is not documented",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context} --takeover --overwrite",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R24",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Another value than true."""
    for one in locals_of(mesh):
        value = one.scope.takeover.value
        if value not in (None, TAKEOVER_ON):
            evidence = (one.seen(SERVICE_TAKEOVER, TAKEOVER_ON),)
            yield CHECK.finding(context=one.context, key=one.key, value=value, evidence=evidence)
