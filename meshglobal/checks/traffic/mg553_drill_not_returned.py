"""What was taken away was put back, but the cluster's copy was not ready in time, or did not answer again.

Look at its pods: they may not be scheduled, may not pull their image, or may take longer to start than
`--ready-timeout`. Where they are ready, a proxy may still prefer the other clusters.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.traffic.drilled import key_of, seen_of
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG553",
    slug="drill-not-returned",
    title="A copy does not serve again after a drill",
    level=Level.ERROR,
    summary="the copy of {context} {what} after the drill",
    remedy="kubectl --context {context} -n {namespace} get deployments,pods,endpointslices",
    rule="",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Put back, and of no use yet."""
    for one in mesh.drills:
        if not one.is_ready or one.has_returned is False:
            what = "answers no calls" if one.is_ready else "is not ready"
            yield CHECK.finding(
                context=one.context,
                key=key_of(one),
                what=what,
                evidence=seen_of(one, "state", what, "ready and answering"),
            )
