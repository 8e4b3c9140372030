"""`global-only` is shown in older material only. It equals `global` together with `solo.io/service-takeover=true`."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.scope import GLOBAL_ONLY

CHECK = Check(
    code="MG105",
    slug="scope-legacy",
    title="The scope is written in an older spelling",
    level=Level.WARNING,
    summary="solo.io/service-scope=global-only is an older spelling of global with takeover",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context} --takeover --overwrite",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R5",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """The value global-only."""
    for one in locals_of(mesh):
        if one.scope.value == GLOBAL_ONLY:
            yield CHECK.finding(context=one.context, key=one.key, evidence=(one.seen(SERVICE_SCOPE, "global"),))
