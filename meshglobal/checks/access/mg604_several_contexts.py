"""Several of the selected contexts lead to the same cluster, which is read and judged once.

Clusters are told apart by the UID of their namespace `kube-system`. That two contexts lead to one cluster is harmless
where they differ in user or namespace; where two clusters were meant, one of the two contexts has the wrong server.
`check` alone says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level

CHECK = Check(
    code="MG604",
    slug="several-contexts",
    title="Several contexts lead to one cluster",
    level=Level.WARNING,
    summary="{others} and {context} lead to the same cluster: it is looked at once, as {context}",
    remedy="",
    needs=(kinds.NAMESPACE,),
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Each cluster once."""
    for view in mesh.views if mesh.is_fleet else ():
        if aliases := sorted(view.cluster.aliases):
            seen = tuple(
                Evidence(
                    context=context,
                    kind="Namespace",
                    name="kube-system",
                    field="metadata.uid",
                    value=view.cluster.uid or None,
                )
                for context in (view.context, *aliases)
            )
            yield CHECK.finding(context=view.context, others=", ".join(aliases), evidence=seen)
