"""What is kept of a followed mesh is the mesh as it is, not what happened to it."""

from __future__ import annotations

import gc
import tracemalloc

import msgspec
from test_live_laws import ORDER
from test_verifying import cluster

from meshglobal.app.live import live_wish
from meshglobal.app.live_mesh import FollowedMesh
from meshglobal.app.live_say import Sayings
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import ClusterEvent
from meshglobal.app.selecting import Wanted
from meshglobal.bootstrap import SystemClock
from meshglobal.domain import kinds
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.objects import Meta
from meshglobal.domain.snapshot import ClusterSnapshot

MESH = MeshSettings()
WISH = live_wish(MESH, ORDER)


def test_memory_stays_flat_over_thousands_of_events() -> None:
    """Services come, are looked at, and go; their names come again, for what is remembered of names is bounded."""
    mesh = FollowedMesh(["one"], WISH, MESH)
    sayings = Sayings(ORDER, Wanted(), WISH.queries, SystemClock())
    mesh.take(ClusterEvent("one", "read", cluster=ClusterSnapshot("one", queries=WISH.queries)))
    mesh.take(ClusterEvent("one", "synced"))
    bare = cluster("one")[2]
    sizes, looks = [], 0
    tracemalloc.start()
    try:
        for number in range(1_000):
            labels = {SERVICE_SCOPE: "global", "filler": "x" * 1_000}
            found = msgspec.structs.replace(
                bare, metadata=Meta(name=f"s{number % 50}", namespace="shop", labels=labels)
            )
            mesh.take(ClusterEvent("one", "added", None, kinds.SERVICE, found))
            looks += sayings.rows(mesh.picture(), mesh.touched.taken(), ()) is not None
            if number % 20 == 0:
                sayings.findings(mesh.picture(), is_settled=True)
            mesh.take(ClusterEvent("one", "deleted", None, kinds.SERVICE, found))
            looks += sayings.rows(mesh.picture(), mesh.touched.taken(), ()) is not None
            if number % 125 == 124:
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert looks == 2_000
    assert sizes[-1] - sizes[1] < 100_000, sizes
