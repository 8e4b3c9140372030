"""Calls failed in a way that is none of the usual ones; what curl said of it stands in the message.

What is no HTTP at this port, an answer that breaks the rules of HTTP, or curl itself may be behind it.
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
    code="MG507",
    slug="call-failed",
    title="Calls failed in an unusual way",
    level=Level.ERROR,
    summary="{place} could not be called ({often}; {said}): {cause}",
    remedy="meshglobal diagnose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=LOOKED_AT,
)
_OTHERWISE = "does something speak HTTP at this port?"


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """What has no other name."""
    for one in failing(mesh, Trouble.OTHER):
        yield explained(CHECK, mesh, one, _OTHERWISE)
