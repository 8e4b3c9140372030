"""A cluster could not be reached, so nothing is known about it.

The cause says where to look: `dns`, `refused`, `tls`, `proxy`, `timeout`, or one of the credentials. Whatever hangs on
this cluster is unknown: neither well nor missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level

CHECK = Check(
    code="MG601",
    slug="unreachable",
    title="A cluster could not be reached",
    level=Level.UNKNOWN,
    summary="{why}",
    remedy="kubectl --context {context} version",
    needs=(kinds.NAMESPACE,),
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """The gap of a whole cluster."""
    for view in mesh.views:
        for gap in view.cluster.gaps:
            if gap.query is None:
                seen = Evidence(context=view.context, kind="Cluster", field="cause", value=gap.failure.cause.value)
                yield CHECK.finding(context=view.context, why=gap.failure.message, evidence=(seen,))
