"""The law of the followed mesh: whatever happened in whatever order, it says what reading everything anew would say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from memory_fleet import MemoryFleet, kind_of
from mesh_cases import record_of
from mesh_strategies import Mesh, meshes

from meshglobal.app.checking import check_clusters
from meshglobal.app.listing import list_services
from meshglobal.app.live import LiveOrder, live_wish
from meshglobal.app.live_mesh import FollowedMesh
from meshglobal.app.live_say import Look, Sayings
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import ClusterEvent
from meshglobal.app.selecting import Request, Wanted
from meshglobal.bootstrap import SystemClock
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.objects import Object
from meshglobal.domain.strictness import Strictness

MESH = MeshSettings()
ORDER = LiveOrder(Request(None, None))
WISH = live_wish(MESH, ORDER)
Place = tuple[str, str, str]


def fleet_of(mesh: Mesh) -> MemoryFleet:
    return MemoryFleet({context: map(record_of, objects) for context, objects in mesh.items()})


def by_place(mesh: Mesh, context: str) -> dict[Place, Object]:
    """The objects of one cluster; the first of each place."""
    found: dict[Place, Object] = {}
    for one in map(record_of, mesh.get(context, [])):
        found.setdefault((kind_of(one).name, one.namespace, one.name), one)
    return found


def between(before: Mesh, after: Mesh) -> list[ClusterEvent]:
    """The events that make one mesh of another."""
    events = []
    for context in before:
        old, new = by_place(before, context), by_place(after, context)
        gone = [found for place, found in old.items() if place not in new]
        differing = [found for place, found in new.items() if old.get(place) != found]
        events += [ClusterEvent(context, "deleted", None, kind_of(one), one) for one in gone]
        events += [ClusterEvent(context, "modified", None, kind_of(one), one) for one in differing]
    return events


def parts(inventory: Inventory) -> tuple[object, ...]:
    """What is said, whatever identities were made up."""
    return inventory.services, inventory.summary, inventory.exit_code, {str(one) for one in inventory.findings}


class Follower:
    """A followed mesh, looked at whenever a test says so."""

    def __init__(self, mesh: Mesh) -> None:
        self.mesh = FollowedMesh(list(mesh), WISH, MESH)
        self.sayings = Sayings(ORDER, Wanted(), WISH.queries, SystemClock())
        self.look: Look | None = None
        for cluster in fleet_of(mesh).read(WISH.queries).clusters:
            self.mesh.take(ClusterEvent(cluster.context, "read", cluster=cluster))
        for context in mesh:
            self.mesh.take(ClusterEvent(context, "synced"))
        for context, objects in mesh.items():
            for one in map(record_of, objects):
                if kind_of(one) not in {query.kind for query in WISH.queries}:
                    self.mesh.take(ClusterEvent(context, "added", None, kind_of(one), one))

    def renew(self) -> None:
        self.look = self.sayings.rows(self.mesh.picture(), self.mesh.touched.taken(), ()) or self.look

    def find(self) -> Look:
        self.look = self.sayings.findings(self.mesh.picture(), is_settled=True) or self.look
        assert self.look is not None
        return self.look


@settings(max_examples=60, deadline=None)
@given(meshes(), meshes(), st.randoms(use_true_random=False))
def test_what_is_followed_says_what_is_read_anew(before: Mesh, after: Mesh, random: Random) -> None:
    later = {context: after.get(context, []) for context in before}
    follower = Follower(before)
    follower.renew()
    events = between(before, later)
    random.shuffle(events)
    for event in events:
        follower.mesh.take(event)
        if random.random() < 0.5:
            follower.renew()
    follower.renew()
    look = follower.find()
    unique = {
        context: [one for _, one in sorted(by_place(later, context).items(), key=lambda one: one[0])]
        for context in later
    }
    fleet = MemoryFleet(unique)
    anew = list_services(fleet, MESH, ORDER.request)
    assert parts(look.inventory) == parts(anew)
    fresh = check_clusters(MemoryFleet(unique), MESH, Strictness())
    assert look.check is not None
    assert {str(one) for one in look.check.findings} == {str(one) for one in fresh.findings}
    assert look.check.members == fresh.members


@settings(max_examples=40, deadline=None)
@given(meshes())
def test_what_does_not_change_stays_the_same_object(mesh: Mesh) -> None:
    follower = Follower(mesh)
    follower.renew()
    first = follower.find()
    follower.mesh.touched.add_all()
    assert follower.sayings.rows(follower.mesh.picture(), None, ()) is None
    assert follower.sayings.findings(follower.mesh.picture(), is_settled=True) is None
    assert follower.look is first
    assert replace(first) == first


def test_what_is_listed_for_its_entry_alone_is_looked_at_as_list_looks_at_it() -> None:
    """Of a scope that a Service inherited and that publishes nothing, its own labels say nothing."""
    labels = {"solo.io/service-scope": "Global"}
    mesh: Mesh = {
        "c1": [
            {"kind": "Namespace", "metadata": {"name": "shop", "labels": labels}},
            {"kind": "Service", "metadata": {"name": "a", "namespace": "shop"}, "spec": {"ports": [{"port": 80}]}},
            {
                "kind": "ServiceEntry",
                "metadata": {"name": "autogen.shop.a", "namespace": "istio-system"},
                "spec": {"hosts": ["a.shop.mesh.internal"], "ports": [{"number": 80, "name": "p", "protocol": "HTTP"}]},
            },
        ]
    }
    follower = Follower(mesh)
    follower.renew()
    look = follower.find()
    assert {"MG102", "MG206"} <= {one.code for one in look.findings}
    assert parts(look.inventory) == parts(list_services(fleet_of(mesh), MESH, ORDER.request))
