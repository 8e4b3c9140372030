"""The label `solo.io/service-scope` has a value that nothing documents, often a misspelt one.

It is treated as "not published".
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.scope import KNOWN, Origin

CHECK = Check(
    code="MG102",
    slug="scope-unknown",
    title="The scope is a value that publishes nothing",
    level=Level.ERROR,
    summary="solo.io/service-scope={value!r} is none of {legal}: it publishes nothing",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context} --overwrite",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R3",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """A value outside the table."""
    for one in locals_of(mesh):
        if one.scope.is_unknown_value:
            origin = one.scope.setting.origin
            seen = one.above(SERVICE_SCOPE) if origin is Origin.NAMESPACE else one.seen(SERVICE_SCOPE, "global")
            legal = ", ".join(sorted(KNOWN))
            yield CHECK.finding(context=one.context, key=one.key, value=one.scope.value, legal=legal, evidence=(seen,))
