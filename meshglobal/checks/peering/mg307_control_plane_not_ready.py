"""The cluster has istiod Deployments (labelled `app=istiod`), and none of them has a ready pod.

Nothing is generated and nothing changes there until one is ready again; what stands there stays. Where it was scaled to
nothing, the command scales it up again; else its pods say what they lack.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.fleet import control_planes

CHECK = Check(
    code="MG307",
    slug="control-plane-not-ready",
    title="No control plane runs in a cluster",
    level=Level.ERROR,
    summary="no istiod is ready in {istio_namespace}: {deployments}",
    remedy="kubectl --context {context} -n {istio_namespace} scale deployment {deployment} --replicas=1",
    needs=(kinds.DEPLOYMENT,),
    rule="R32",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Where there is no such Deployment, nothing is said: it may be called otherwise."""
    for view in mesh.views:
        found = control_planes(view)
        if found and not any(one.status.ready_replicas for one in found):
            finding = CHECK.finding(
                context=view.context,
                istio_namespace=found[0].namespace,
                deployments=", ".join(f"{one.name} 0/{one.status.replicas}" for one in found),
                deployment=found[0].name,
                evidence=tuple(
                    Evidence(
                        context=view.context,
                        kind="Deployment",
                        namespace=one.namespace,
                        name=one.name,
                        field="status.readyReplicas",
                        value=str(one.status.ready_replicas),
                    )
                    for one in found
                ),
            )
            if found[0].spec.replicas != 0:
                kubectl = ("kubectl", "--context", view.context, "-n", found[0].namespace)
                finding = mended_by(finding, *kubectl, "describe", "pods", "-l", "app=istiod")
            yield finding
