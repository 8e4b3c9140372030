"""A mesh that notes which kinds are looked at: what a check really reads, to compare with what it declares."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any

from mesh_cases import Case

from meshglobal.app.picture import VERDICT_KINDS, Picture
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.expectation import Expectation
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.segments import Home
from meshglobal.domain.snapshot import ClusterSnapshot
from meshglobal.domain.verdict import Verdict
from meshglobal.domain.view import ClusterView

OF_VIEW = {
    "services": (kinds.SERVICE,),
    "namespaces": (kinds.NAMESPACE,),
    "scopes": (kinds.SERVICE, kinds.NAMESPACE),
    "entries": (kinds.SERVICE_ENTRY,),
    "named_entries": (kinds.SERVICE_ENTRY,),
    "peers": (kinds.WORKLOAD_ENTRY,),
    "flat_entries": (kinds.WORKLOAD_ENTRY,),
    "slices": (kinds.ENDPOINT_SLICE,),
    "waypoints": (kinds.SERVICE, kinds.NAMESPACE),
    "gateways": (kinds.GATEWAY,),
    "signposts": (kinds.GATEWAY,),
}
OF_HOME = {
    "network": (kinds.NAMESPACE,),
    "segment": (kinds.NAMESPACE,),
    "is_segment_known": (kinds.NAMESPACE,),
    "domain": (kinds.NAMESPACE, kinds.SEGMENT),
    "problem": (kinds.NAMESPACE, kinds.SEGMENT),
    "is_unread": (kinds.NAMESPACE, kinds.SEGMENT),
}
OF_MESH = {"expectation": (kinds.SERVICE, kinds.NAMESPACE, kinds.SEGMENT), "verdicts": VERDICT_KINDS}


class Notes:
    """The kinds that were looked at since it was last cleared."""

    def __init__(self) -> None:
        self.kinds: set[Kind] = set()

    def take(self, seen: Iterable[Kind]) -> None:
        self.kinds.update(seen)


NOTES = Notes()


class NotedCluster(ClusterSnapshot):
    """A snapshot that notes each kind it is asked for."""

    def of(self, kind: Kind, record: type[Any]) -> tuple[Any, ...]:
        NOTES.take([kind])
        return ClusterSnapshot.of(self, kind, record)

    def has_read(self, kind: Kind, namespace: str | None = None, name: str | None = None) -> bool:
        NOTES.take([kind])
        return ClusterSnapshot.has_read(self, kind, namespace, name)

    def gap_for(self, kind: Kind, namespace: str | None = None, name: str | None = None) -> Any:
        NOTES.take([kind])
        return ClusterSnapshot.gap_for(self, kind, namespace, name)

    def why_unread(self, kind: Kind, namespace: str | None = None, name: str | None = None) -> str:
        NOTES.take([kind])
        return ClusterSnapshot.why_unread(self, kind, namespace, name)


class NotedHome(Home):
    """Where a cluster stands."""

    def __getattribute__(self, name: str) -> Any:
        NOTES.take(OF_HOME.get(name, ()))
        return Home.__getattribute__(self, name)


class NotedView(ClusterView):
    """The indexes of a snapshot."""

    def __getattribute__(self, name: str) -> Any:
        NOTES.take(OF_VIEW.get(name, ()))
        return ClusterView.__getattribute__(self, name)


class NotedMesh(Mesh):
    """What a check is given."""

    def __getattribute__(self, name: str) -> Any:
        NOTES.take(OF_MESH.get(name, ()))
        return Mesh.__getattribute__(self, name)


def _values(found: Any) -> dict[str, Any]:
    return {one.name: getattr(found, one.name) for one in fields(found) if one.init}


def _noted(view: ClusterView) -> NotedView:
    parts = {"cluster": NotedCluster(**_values(view.cluster)), "home": NotedHome(**_values(view.home))}
    return NotedView(**_values(view) | parts)


def noted_mesh(picture: Picture, verdicts: Collection[Verdict], keys: Collection[ServiceKey], case: Case) -> NotedMesh:
    """A picture of which nothing has been looked at."""
    views: list[ClusterView] = [_noted(view) for view in picture.views]
    expectation: Expectation = picture.expectation
    place = picture.mesh.istio_namespace
    told = (list(verdicts), list(keys), place, list(case.expired))
    found = NotedMesh(views, expectation, *told, is_fleet=case.is_fleet, calls=case.calls, drills=case.drills)
    NOTES.kinds.clear()
    return found
