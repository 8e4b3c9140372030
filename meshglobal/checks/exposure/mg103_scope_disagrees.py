"""Both the Service and its Namespace carry `solo.io/service-scope`, with different values.

The Service's own label is taken. No public statement says so: it is how Istio treats other labels, and the reason why
a value `cluster` exists at all. Removing one of the two labels removes the doubt.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.scope import Origin

CHECK = Check(
    code="MG103",
    slug="scope-disagrees",
    title="Service and Namespace name different scopes",
    level=Level.WARNING,
    summary="the Service says {own}, its Namespace {above}: the Service's was taken (this precedence is inferred)",
    remedy="",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R2",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """The Service overrules its Namespace."""
    for one in locals_of(mesh):
        setting = one.scope.setting
        if setting.overruled is not None and setting.origin is Origin.SERVICE:
            evidence = (one.seen(SERVICE_SCOPE), one.above(SERVICE_SCOPE))
            yield CHECK.finding(
                context=one.context, key=one.key, own=one.scope.value, above=setting.overruled, evidence=evidence
            )
