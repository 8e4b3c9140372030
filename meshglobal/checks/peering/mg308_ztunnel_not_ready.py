"""Ztunnel (a DaemonSet whose pods are labelled `app=ztunnel`) is not ready on every node, or is not there at all.

Pods in ambient reach nothing through the mesh on a node without it. It is a warning where some nodes have it: nodes
come and go. That there is none counts only where a Namespace that was read is labelled for ambient, and DaemonSets of
all namespaces were read: a mesh of sidecars needs none.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.readiness import not_ready
from meshglobal.domain import kinds
from meshglobal.domain.agents import ZTUNNEL, agents_of
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.labels import DATAPLANE_MODE

CHECK = Check(
    code="MG308",
    slug="ztunnel-not-ready",
    title="Ztunnel does not run everywhere",
    level=Level.ERROR,
    summary="ztunnel does not run everywhere: {what}",
    remedy="kubectl --context {context} -n {agent_namespace} describe daemonset {agent}",
    needs=(kinds.DAEMON_SET, kinds.NAMESPACE),
    rule="R37",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """What is there and not ready, then what is not there."""
    yield from not_ready(mesh, CHECK, ZTUNNEL)
    for view in mesh.views:
        if agents_of(view, ZTUNNEL) or not view.cluster.has_read(kinds.DAEMON_SET):
            continue
        ambient = sorted(
            name for name, one in view.namespaces.items() if one.metadata.label(DATAPLANE_MODE) == "ambient"
        )
        if ambient:
            found = CHECK.finding(
                context=view.context,
                what=f"no DaemonSet for {ZTUNNEL.label}, though namespace {ambient[0]} is labelled for ambient",
                agent_namespace=mesh.istio_namespace,
                agent=ZTUNNEL.name,
                evidence=(Evidence(context=view.context, kind="DaemonSet", field=ZTUNNEL.label),),
            )
            yield msgspec.structs.replace(found, level=Level.WARNING, remedy="")
