"""Both the Service and its Namespace carry `solo.io/service-scope`, with different values.

The Service's own label is taken. No public statement says so: it is how Istio treats other labels, and the reason why
a value `cluster` exists at all. Removing one of the two labels removes the doubt. The Service's is the more deliberate
one: the command takes the Namespace's away, and first gives it to the Services that have no label of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import Local, locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
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
    remedy="kubectl --context {context} label namespace {namespace} solo.io/service-scope-",
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
            found = CHECK.finding(
                context=one.context, key=one.key, own=one.scope.value, above=setting.overruled, evidence=evidence
            )
            yield _pinning(one, found, setting.overruled)


def _pinning(one: Local, found: Finding, above: str) -> Finding:
    """As long as other Services live by the Namespace's label, they are labelled themselves first."""
    namespace = one.key.namespace
    if not one.view.cluster.has_read(kinds.SERVICE, namespace):
        return mended_by(found)
    names = sorted(
        key.name
        for key, service in one.view.services.items()
        if key.namespace == namespace and service.metadata.label(SERVICE_SCOPE) is None
    )
    if not names:
        return found
    kubectl = ("kubectl", "--context", one.context, "-n", namespace)
    return mended_by(found, *kubectl, "label", "service", *names, f"{SERVICE_SCOPE}={above}")
