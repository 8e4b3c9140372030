"""Calls were answered with a status of 500 or more, other than 503.

The request arrived: the name resolves, and somebody answered. Which cluster and which pod did stands in the result of
`call`; the logs of the service there say more.
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
    code="MG506",
    slug="call-server-error",
    title="Calls were answered with an error of the server's",
    level=Level.ERROR,
    summary="{place} answered with an error ({often}; {said}): {cause}",
    remedy="meshglobal diagnose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=LOOKED_AT,
)
_OTHERWISE = "the service itself answers so: look at its logs"
_ELSEWHERE = frozenset({"503", *Trouble})


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Each status by itself."""
    statuses = dict.fromkeys(kind for seen in mesh.calls for kind, _, _ in seen.failed if kind not in _ELSEWHERE)
    for one in failing(mesh, *statuses):
        yield explained(CHECK, mesh, one, _OTHERWISE)
