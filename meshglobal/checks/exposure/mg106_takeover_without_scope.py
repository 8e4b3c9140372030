"""`solo.io/service-takeover` is set on a service that is not published.

There is no global host that could take over. Where the Service has no scope at all, it was probably forgotten: then
the command publishes it. Where it is kept in its cluster on purpose, the command takes the label without effect away.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import Local, locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import SERVICE_TAKEOVER, TAKEOVER_ON
from meshglobal.domain.scope import Origin

CHECK = Check(
    code="MG106",
    slug="takeover-without-scope",
    title="Takeover has no effect",
    level=Level.WARNING,
    summary="takeover has no effect without a published scope",
    remedy="kubectl --context {context} -n {namespace} label service {service} solo.io/service-takeover-",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R26",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Takeover on what is not published."""
    for one in locals_of(mesh):
        if one.scope.takeover.value == TAKEOVER_ON and one.scope.is_published is False:
            yield _mended(one, CHECK.finding(context=one.context, key=one.key, evidence=(one.seen(SERVICE_TAKEOVER),)))


def _mended(one: Local, found: Finding) -> Finding:
    if one.scope.setting.value is None:
        service = ("svc", one.key.name, "-n", one.key.namespace, "--context", one.context)
        return mended_by(found, "meshglobal", "expose", *service)
    return found if one.scope.takeover.origin is Origin.SERVICE else mended_by(found)
