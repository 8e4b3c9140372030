"""Which cluster is in which segment, and which Segment objects it has."""

from __future__ import annotations

from typing import Any

import msgspec

from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence
from meshglobal.domain.labels import SEGMENT
from meshglobal.domain.objects import Segment
from meshglobal.domain.view import ClusterView


def segments_of(view: ClusterView, mesh: Mesh) -> dict[str, str]:
    """The domains of the Segment objects in a cluster, by name."""
    return {
        one.name: one.spec.domain
        for one in view.cluster.of(kinds.SEGMENT, Segment)
        if one.namespace == mesh.istio_namespace and one.metadata.deletion_timestamp is None
    }


def seen(view: ClusterView, mesh: Mesh, name: str, domain: str | None, expected: str | None = None) -> Evidence:
    """A Segment and its domain; no domain: there is no such Segment."""
    return Evidence(
        context=view.context,
        kind="Segment",
        namespace=mesh.istio_namespace,
        name=name,
        field="spec.domain",
        value=domain,
        expected=expected,
    )


def labelled(view: ClusterView, mesh: Mesh) -> Evidence:
    """The segment that a cluster joined."""
    return Evidence(
        context=view.context,
        kind="Namespace",
        name=mesh.istio_namespace,
        field=f"metadata.labels[{SEGMENT}]",
        value=view.home.segment,
    )


def document_of(view: ClusterView, mesh: Mesh, name: str) -> dict[str, Any]:
    """A Segment of a cluster, as it can be made in another."""
    found = next(one for one in view.cluster.of(kinds.SEGMENT, Segment) if one.name == name)
    return {
        "apiVersion": "admin.solo.io/v1alpha1",
        "kind": "Segment",
        "metadata": {"name": name, "namespace": mesh.istio_namespace},
        "spec": {name: value for name, value in msgspec.to_builtins(found.spec).items() if value},
    }
