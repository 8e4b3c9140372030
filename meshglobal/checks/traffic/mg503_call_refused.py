"""Connections to a global host were refused: the name resolves, and nobody listens where it leads to.

Either the port is not one of the service's, or the way to all of its endpoints is closed.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.traffic.failing import LOOKED_AT, explained, failing
from meshglobal.domain import kinds
from meshglobal.domain.call import Trouble
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG503",
    slug="call-refused",
    title="Calls were refused",
    level=Level.ERROR,
    summary="{place} refused connections ({often}): {cause}",
    remedy="meshglobal diagnose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=LOOKED_AT,
    rule="",
)
_OTHERWISE = "nothing listens at this port where the name leads to: is it a port of the service?"


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Connections that were refused."""
    for one in failing(mesh, Trouble.REFUSED):
        yield explained(CHECK, mesh, one, _OTHERWISE)
