"""Calls to a global host were not answered within the time that each was given.

Packets that are dropped on the way to another cluster look like this, and so does a service that is slow. Allow more
time with `--max-time` to tell one from the other.
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
    code="MG505",
    slug="call-timeout",
    title="Calls were not answered in time",
    level=Level.ERROR,
    summary="{place} did not answer in time ({often}): {cause}",
    remedy="meshglobal diagnose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=LOOKED_AT,
    rule="",
)
_OTHERWISE = "requests get lost on the way (port 15008 between clusters), or the service is slow"


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Calls that took too long."""
    for one in failing(mesh, Trouble.TIMEOUT):
        yield explained(CHECK, mesh, one, _OTHERWISE)
