"""The CNI plugin of the mesh (a DaemonSet whose pods are labelled `k8s-app=istio-cni-node`) is not ready on every node.

On a node without it new pods are not led into the mesh, or do not start. It is a warning where some nodes have it. That
there is none is no fault: injected sidecars do without.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.readiness import not_ready
from meshglobal.domain import kinds
from meshglobal.domain.agents import CNI
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG309",
    slug="cni-not-ready",
    title="The mesh's CNI plugin does not run everywhere",
    level=Level.ERROR,
    summary="the CNI plugin does not run everywhere: {what}",
    remedy="kubectl --context {context} -n {agent_namespace} describe daemonset {agent}",
    needs=(kinds.DAEMON_SET,),
    rule="R37",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """What is there and not ready."""
    yield from not_ready(mesh, CHECK, CNI)
