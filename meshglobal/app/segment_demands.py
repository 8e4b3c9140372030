"""What the segment commands ask of every cluster."""

from __future__ import annotations

from meshglobal.app.picture import MeshSettings, mesh_queries, route_queries
from meshglobal.domain import kinds
from meshglobal.domain.demand import ANY, Demand, Write
from meshglobal.domain.segment_intent import Action

_GENERATED = (kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY)


def segment_listing_demand(mesh: MeshSettings) -> Demand:
    """What is published, and the segments; not what was generated."""
    return Demand((tuple(query for query in mesh_queries(mesh, None) if query.kind not in _GENERATED),))


def segment_planning_demand(mesh: MeshSettings) -> Demand:
    """The same, and whatever may name a host or an entry, generated ones included: these say how they are called."""
    (queries,) = segment_listing_demand(mesh).readings
    return Demand(((*queries, *route_queries()),))


def segment_writing_demand(mesh: MeshSettings, action: Action, name: str = ANY, *, waits: bool = True) -> Demand:
    """Reads what the plan needs, writes, and may follow what verdicts rest on until it is as it must be."""
    watched = tuple(mesh_queries(mesh, None))
    if action in (Action.ASSIGN, Action.UNASSIGN):
        written = Write(kinds.NAMESPACE, None, mesh.istio_namespace)
    else:
        written = Write(kinds.SEGMENT, mesh.istio_namespace, name, is_whole=True)
    (planned,) = segment_planning_demand(mesh).readings
    return Demand((planned, watched) if waits else (planned,), watched=watched if waits else (), written=(written,))
