"""All clusters while they are followed: those that have been read, and those of which nothing is known yet."""

from __future__ import annotations

from collections.abc import Sequence

from meshglobal.app.live_cluster import LiveCluster, unread_yet
from meshglobal.app.picture import MeshSettings, Picture
from meshglobal.app.ports import ClusterEvent, Following
from meshglobal.app.touched import Extent
from meshglobal.domain import kinds
from meshglobal.domain.demand import IDENTITY
from meshglobal.domain.expectation import expect
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot
from meshglobal.domain.view import ClusterView, view_of


class FollowedMesh:
    """The picture of the moment; what did not change since the last one is taken over from it.

    Attributes:
        touched: the services that were touched since somebody last took them.
        unread: contexts of which nothing has been heard yet.
    """

    def __init__(self, contexts: Sequence[str], wish: Following, mesh: MeshSettings) -> None:
        self._order = list(contexts)
        self._wish = wish
        self._mesh = mesh
        self._kinds: frozenset[Kind] = frozenset(query.kind for query in wish.queries)
        self._clusters: dict[str, LiveCluster] = {}
        self._views: dict[str, ClusterView] = {}
        self._picture: Picture | None = None
        self.touched = Extent(mesh.istio_namespace, frozenset(contexts))
        self.unread = dict.fromkeys(contexts)

    def take(self, event: ClusterEvent) -> bool:
        """Carry out one event; whether anything may be different now."""
        if event.type in ("read", "alias"):
            self._begin(event)
            return True
        if (cluster := self._clusters.get(event.context)) is None:
            return False
        if event.type in ("synced", "lost"):
            return self._take_word(event, cluster)
        before = cluster.take(event)
        if not cluster.uid and event.kind is kinds.NAMESPACE and event.object is not None:
            self._identify(event.context, event.object)
        if event.kind is not None and event.kind in self._kinds:
            self.touched.add(event.kind, before, event.object if event.type != "deleted" else None)
        return True

    def _take_word(self, event: ClusterEvent, cluster: LiveCluster) -> bool:
        """What can be read, and what cannot, is said of the cluster."""
        before = cluster.snapshot()
        cluster.take(event)
        after = cluster.snapshot()
        if before.gaps != after.gaps:
            self.touched.add_all()
        return before is not after and (before.gaps, before.queries) != (after.gaps, after.queries)

    def _begin(self, event: ClusterEvent) -> None:
        cluster = event.cluster
        if cluster is None:
            return
        self.unread.pop(cluster.context, None)
        self.touched.add_all()
        if event.type == "read":
            self._clusters[cluster.context] = LiveCluster.read(cluster, self._wish.queries, self._wish.later)
            return
        self._order.remove(cluster.context)
        if (owner := self._clusters.get(event.context)) is not None:
            owner.also_known_as(cluster.context)

    def _identify(self, context: str, found: Object) -> None:
        """A cluster that could not be read at first may be one to which another context leads already."""
        uid = found.metadata.uid
        if found.name != IDENTITY.name or not uid:
            return
        owner = next((one for one in self._clusters.values() if one.uid == uid), None)
        if owner is None:
            self._clusters[context].is_known_to_be(uid)
            return
        self.touched.add_all()
        self._order.remove(context)
        owner.also_known_as(context, *self._clusters.pop(context).snapshot().aliases)

    @property
    def is_settled(self) -> bool:
        """Whether every context has been read once, or is known to be out of reach."""
        return not self.unread

    def has_settled(self) -> bool:
        """Whether of every cluster that was read all is known that shall be."""
        return all(cluster.has_settled(self._wish.later) for cluster in self._clusters.values())

    def picture(self) -> Picture:
        """The mesh at this moment; the same object as before while nothing has changed."""
        snapshot = MeshSnapshot(tuple(map(self._snapshot, self._order)))
        last = self._picture
        if last is not None and _are_same(last.snapshot.clusters, snapshot.clusters):
            return last
        views = tuple(map(self._view, snapshot.clusters))
        self._picture = Picture(snapshot, views, expect(views, self._mesh.visibility), self._mesh)
        return self._picture

    def _snapshot(self, context: str) -> ClusterSnapshot:
        if (cluster := self._clusters.get(context)) is not None:
            return cluster.snapshot()
        view = self._views.get(context)
        return view.cluster if view is not None else ClusterSnapshot(context, gaps=(Gap(unread_yet(context)),))

    def _view(self, cluster: ClusterSnapshot) -> ClusterView:
        view = self._views.get(cluster.context)
        if view is None or view.cluster is not cluster:
            view = self._views[cluster.context] = view_of(cluster, self._mesh.istio_namespace, view)
        return view


def _are_same(before: Sequence[ClusterSnapshot], after: Sequence[ClusterSnapshot]) -> bool:
    return len(before) == len(after) and all(one is other for one, other in zip(before, after, strict=True))
