"""Connections to a global host broke before the answer was whole.

A proxy of the mesh closes a connection that it cannot carry to any endpoint, or may not; so may the service itself. A
port whose protocol is another than HTTP answers so, too.
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
    code="MG504",
    slug="call-reset",
    title="Calls broke off",
    level=Level.ERROR,
    summary="{place} broke connections off ({often}; {said}): {cause}",
    remedy="meshglobal diagnose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=LOOKED_AT,
    rule="",
)
_OTHERWISE = "the service closed it, or a proxy did: look at policies, at the port's protocol, at the logs of the pods"


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Connections that broke off."""
    for one in failing(mesh, Trouble.RESET):
        yield explained(CHECK, mesh, one, _OTHERWISE)
